// A plain editor: a text area with line numbers, colours, Tab, and marked lines.
// It owns its text: the server's text replaces it only when `data.rev` is new, and the server is told of changes when
// typing pauses. A server that was started anew (`data.session` is another) is told what stands here.

const TYPING_PAUSE_MS = 400
const INDENT = "    "
const MOST_COLOURED = 60000

const TOKENS = {
  python: [
    ["comment", /#.*/y],
    ["string", /[rbfuRBFU]{0,2}("""[\s\S]*?("""|$)|'''[\s\S]*?('''|$)|"(\\.|[^"\\\n])*"?|'(\\.|[^'\\\n])*'?)/y],
    [
      "keyword",
      /\b(and|as|assert|async|await|break|case|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|try|while|with|yield|None|True|False)\b/y,
    ],
    ["number", /\b\d[\d_]*(\.\d+)?([eE][+-]?\d+)?\b/y],
    ["name", /[A-Za-z_]\w*(?=\()/y],
    ["", /[A-Za-z_]\w*/y],
  ],
  events: [
    ["comment", /^#.*/my],
    ["keyword", /^---.*/my],
    ["name", /[A-Za-z_]\w*(?==)/y],
    ["", /[^\s=]+/y],
  ],
}

const editors = new WeakMap()

export default function ({ parentElement, data, setStateValue }) {
  if (!editors.has(parentElement)) editors.set(parentElement, new Editor(parentElement))
  const editor = editors.get(parentElement)
  editor.receive(data, setStateValue)
  return () => {
    editor.close()
    editors.delete(parentElement)
  }
}

class Editor {
  constructor(root) {
    this.box = root.querySelector(".editor")
    this.area = root.querySelector("textarea")
    this.paper = root.querySelector("pre")
    this.gutter = root.querySelector(".gutter")
    this.sent = 0
    this.area.oninput = () => this.typed()
    this.area.onblur = () => this.tell()
    this.area.onscroll = () => this.scrolled()
    this.area.onkeydown = (event) => this.key(event)
  }

  close() {
    clearTimeout(this.waiting)
  }

  receive(data, setStateValue) {
    this.setStateValue = setStateValue
    this.data = data
    const isNewServer = this.session !== undefined && data.session !== this.session
    if (data.rev !== this.rev && !isNewServer) this.take(data)
    if (isNewServer) this.tell(data.value)
    this.rev = data.rev
    this.session = data.session
    this.area.setAttribute("aria-label", data.label)
    this.area.placeholder = data.placeholder
    this.draw()
  }

  take({ value, height }) {
    clearTimeout(this.waiting)
    this.area.value = value
    this.told = value
    this.box.style.setProperty("--height", `${height}px`)
  }

  typed() {
    this.draw()
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.tell(), TYPING_PAUSE_MS)
  }

  tell(known = this.told) {
    clearTimeout(this.waiting)
    if (this.area.value === known) return
    this.told = this.area.value
    this.sent += 1
    this.setStateValue("text", [this.told, this.sent])
  }

  // Tab indents, unless Escape was pressed before it: then it leaves the editor, as elsewhere.
  key(event) {
    const leaving = this.escaped
    this.escaped = event.key === "Escape"
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      this.tell()
    } else if (event.key === "Tab" && this.data.indents && !leaving) {
      event.preventDefault()
      this.indent(event.shiftKey)
    } else if (event.key === "Enter" && this.data.indents) {
      event.preventDefault()
      this.newLine()
    }
  }

  newLine() {
    const line = this.area.value.slice(0, this.area.selectionStart).split("\n").pop()
    const deeper = /:\s*(#.*)?$/.test(line) ? INDENT : ""
    this.insert("\n" + line.match(/^\s*/)[0] + deeper)
  }

  indent(out) {
    const { value, selectionStart, selectionEnd } = this.area
    if (!out && selectionStart === selectionEnd) return this.insert(INDENT)
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1
    const lines = value.slice(from, selectionEnd).split("\n")
    const moved = lines.map((line) => (out ? line.replace(/^ {1,4}/, "") : INDENT + line)).join("\n")
    this.area.setSelectionRange(from, selectionEnd)
    this.insert(moved)
    this.area.setSelectionRange(from, from + moved.length)
  }

  // The old command, because it alone keeps the browser's own undo.
  insert(text) {
    document.execCommand("insertText", false, text)
  }

  draw() {
    const text = this.area.value
    const marks = new Map(this.data.marks.map((mark) => [mark.line, mark.text]))
    const isLong = text.length > MOST_COLOURED
    this.box.classList.toggle("plain", isLong)
    const lines = text.split("\n")
    this.gutter.replaceChildren(...lines.map((_, index) => number(index + 1, marks)))
    if (!isLong) this.paper.replaceChildren(...coloured(text, this.data.language, marks))
    this.scrolled()
  }

  scrolled() {
    this.gutter.scrollTop = this.area.scrollTop
    this.paper.scrollTop = this.area.scrollTop
    this.paper.scrollLeft = this.area.scrollLeft
  }
}

function number(line, marks) {
  const cell = document.createElement("div")
  cell.textContent = String(line)
  if (marks.has(line)) {
    cell.className = "marked"
    cell.title = marks.get(line)
  }
  return cell
}

// The text as nodes, never as markup: what is typed here may come from a stranger's link.
function coloured(text, language, marks) {
  const lines = [[]]
  for (const [kind, piece] of tokens(text, TOKENS[language])) {
    piece.split("\n").forEach((part, index) => {
      if (index) lines.push([])
      if (part) lines[lines.length - 1].push(span(kind, part))
    })
  }
  return lines.flatMap((parts, index) => {
    if (!marks.has(index + 1)) return [...parts, "\n"]
    const marked = span("marked-line", "")
    marked.append(...parts, parts.length ? "" : " ")
    return [marked, "\n"]
  })
}

function* tokens(text, rules) {
  let plain = 0
  let at = 0
  while (at < text.length) {
    const found = match(text, at, rules)
    if (!found) {
      at += 1
      continue
    }
    if (at > plain) yield ["", text.slice(plain, at)]
    yield found
    at += found[1].length
    plain = at
  }
  if (at > plain) yield ["", text.slice(plain)]
}

function match(text, at, rules) {
  for (const [kind, rule] of rules) {
    rule.lastIndex = at
    const found = rule.exec(text)
    if (found && found[0]) return [kind, found[0]]
  }
  return null
}

function span(kind, text) {
  if (!kind) return document.createTextNode(text)
  const node = document.createElement("span")
  node.className = kind
  node.textContent = text
  return node
}
