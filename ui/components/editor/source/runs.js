// What ran: how often each line did, in a column, and the line at which the looked-at step stands.

import { Decoration, EditorView, gutter } from "@codemirror/view"

import { placed } from "./placed.js"
import { signs } from "./signs.js"

export const hits = placed()
export const executing = placed()

const executingLine = Decoration.line({ class: "executing-line" })

export const runs = [
  hits.field,
  executing.field,
  EditorView.decorations.compute([executing.field], (state) =>
    Decoration.set(state.field(executing.field).map(({ at }) => executingLine.range(at)))
  ),
  gutter({
    class: "gutter-hits",
    markers: (view) => signs(view.state.field(hits.field), hit),
  }),
]

function hit({ count }) {
  const title = `ran ${count.toLocaleString("en")} ${count === 1 ? "time" : "times"}`
  return { text: `${short(count)}×`, title, kind: "hits" }
}

// At most four characters, such as 999, 1.2k, 45k, 3M.
function short(count) {
  return count < 1000 ? String(count) : Intl.NumberFormat("en", { notation: "compact" }).format(count).replace("K", "k")
}

// Lets the line be seen without moving the page: only the editor's own lines are scrolled.
export function showExecuting(view) {
  const [line] = view.state.field(executing.field)
  if (!line) return
  view.requestMeasure({
    read: () => view.lineBlockAt(line.at),
    write: ({ top, bottom }) => {
      const { scrollTop, clientHeight } = view.scrollDOM
      if (top < scrollTop || bottom > scrollTop + clientHeight) view.scrollDOM.scrollTop = top - clientHeight / 3
    },
  })
}
