// The line under the text: how many problems there are, which leads to the next of them, and the keys to know.

import { nextDiagnostic } from "@codemirror/lint"

const NAMES = [
  ["error", "✕", "error"],
  ["warning", "▲", "warning"],
  ["note", "●", "note"],
]

let footers = 0

export class Footer {
  constructor(view, { language }) {
    this.dom = element("div", "footer")
    this.problems = element("button", "problems")
    this.problems.title = "Go to the next one (F8)"
    this.problems.tabIndex = -1 // F8 is its key; Tab leaves the editor
    this.problems.onclick = () => {
      view.focus()
      nextDiagnostic(view)
    }
    this.keys = element("span", "keys")
    this.keys.id = `keys-${(footers += 1)}`
    this.keys.textContent = ["Ctrl-Enter replays", ...(language === "python" ? ["Esc, then Tab leaves"] : [])].join(" · ")
    this.dom.append(this.problems, this.keys)
  }

  show(problems) {
    const parts = NAMES.map(([severity, sign, noun]) => {
      const count = problems.filter((problem) => problem.severity === severity).length
      return count ? `${sign} ${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}` : ""
    })
    this.problems.textContent = parts.filter(Boolean).join("  ")
    this.problems.hidden = !problems.length
  }
}

function element(name, className) {
  const made = document.createElement(name)
  made.className = className
  return made
}
