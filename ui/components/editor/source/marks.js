// From what the server says of lines to what is drawn at them.

import { setDiagnostics } from "@codemirror/lint"

import { points } from "./breakpoints.js"
import { executing, hits, showExecuting } from "./runs.js"

const SEVERITIES = { error: "error", warning: "warning", note: "info" }

// `told` is the text whose lines the marks count; `untold` is what has been typed since, if anything.
export function setMarks(view, marks, told, untold) {
  const now = (at) => (untold ? untold.mapPos(at, 1) : at)
  const lineAt = (number) => told.line(Math.max(1, Math.min(number, told.lines)))
  const startOf = (number) => view.state.doc.lineAt(now(lineAt(number).from)).from
  const diagnostics = marks.problems.map((problem) => {
    const [from, to] = extent(lineAt(problem.line), problem.column)
    return diagnostic(problem, now(from), now(to))
  })
  const { field } = executing
  const stood = view.state.field(field, false)?.[0]?.at
  const effects = [
    points.set.of((marks.breakpoints ?? []).map(({ line, condition }) => ({ at: startOf(line), condition }))),
    hits.set.of(marks.hits.map(([line, count]) => ({ at: startOf(line), count }))),
    executing.set.of(marks.executing === null ? [] : [{ at: startOf(marks.executing) }]),
  ]
  const spec = setDiagnostics(view.state, diagnostics)
  view.dispatch({ ...spec, effects: [...spec.effects, ...effects] })
  if (view.state.field(field, false)?.[0]?.at !== stood) showExecuting(view)
}

// The word at the column; without a column, or past the end, what stands in the line.
function extent(line, column) {
  const { text, from } = line
  if (column !== null && column <= text.length) {
    const start = column - 1
    const word = /^(?:[\w.]+|"[^"]*"?|\S)/.exec(text.slice(start))
    return [from + start, from + start + (word ? word[0].length : 1)]
  }
  const start = text.search(/\S/)
  return start < 0 ? [from, line.to] : [from + start, from + text.trimEnd().length]
}

function diagnostic({ severity, message, hint }, from, to) {
  return {
    from,
    to: Math.max(from, to),
    severity: SEVERITIES[severity],
    message: hint ? `${message}. ${hint}` : message,
    renderMessage: () => told(message, hint),
  }
}

// As nodes, never as markup: messages may quote what came with a stranger's link.
function told(message, hint) {
  const box = document.createElement("div")
  box.append(message)
  if (hint) {
    const line = document.createElement("div")
    line.className = "hint"
    line.textContent = hint
    box.append(line)
  }
  return box
}
