// Breakpoints: a click beside a line or F9 sets one and takes it away, a right click or Shift-F9 asks for its condition.

import { StateEffect, StateField } from "@codemirror/state"
import { EditorView, gutter, keymap, showPanel } from "@codemirror/view"

import { placed } from "./placed.js"
import { executing } from "./runs.js"
import { signs } from "./signs.js"

export const points = placed()

const byHand = StateEffect.define()
const ask = StateEffect.define()

// All of them, with the lines at which they stand now.
export function breakpointsIn(state) {
  const found = state.field(points.field, false) ?? []
  return found.map(({ at, condition }) => ({ line: state.doc.lineAt(at).number, condition }))
}

// Whether somebody changed them here.
export function toggled(update) {
  return update.transactions.some((transaction) => transaction.effects.some((effect) => effect.is(byHand)))
}

function put(view, at, condition) {
  const others = view.state.field(points.field).filter((point) => point.at !== at)
  const now = condition === null ? others : [...others, { at, condition }]
  const number = view.state.doc.lineAt(at).number
  const words = condition === null ? "No breakpoint" : "Breakpoint"
  view.dispatch({
    effects: [points.set.of(now), byHand.of(null), EditorView.announce.of(`${words} at line ${number}`)],
  })
}

function toggle(view, at) {
  const isSet = view.state.field(points.field).some((point) => point.at === at)
  put(view, at, isSet ? null : "")
  return true
}

const lineOfCursor = (view) => view.state.doc.lineAt(view.state.selection.main.head).from

const asked = StateField.define({
  create: () => null,
  update(at, transaction) {
    const moved = at === null ? null : transaction.changes.mapPos(at, 1)
    return transaction.effects.filter((effect) => effect.is(ask)).reduce((_, effect) => effect.value, moved)
  },
  provide: (field) => showPanel.from(field, (at) => (at === null ? null : questionAt)),
})

function questionAt(view) {
  const at = view.state.field(asked)
  const point = view.state.field(points.field).find((found) => found.at === at)
  const input = document.createElement("input")
  input.value = point?.condition ?? ""
  input.placeholder = 'key == "hello" and count > 2'
  input.setAttribute("main-field", "")
  const close = () => {
    view.dispatch({ effects: ask.of(null) })
    view.focus()
  }
  input.onkeydown = (event) => {
    if (event.key === "Enter") put(view, view.state.field(asked), input.value.trim())
    if (event.key === "Enter" || event.key === "Escape") {
      event.preventDefault()
      close()
    }
  }
  const label = document.createElement("label")
  label.append(`Stop at line ${view.state.doc.lineAt(at).number} only when`, input)
  label.className = "question"
  return { dom: label, mount: () => input.focus() }
}

function look({ condition }) {
  if (condition) return { text: "◆", title: `stops when ${condition}`, kind: "breakpoint" }
  return { text: "●", title: "breakpoint", kind: "breakpoint" }
}

const arrow = () => ({ text: "▶", title: "the call stands here", kind: "executing" })

export const breakpoints = [
  points.field,
  asked,
  keymap.of([
    { key: "F9", run: (view) => toggle(view, lineOfCursor(view)) },
    { key: "Shift-F9", run: (view) => (view.dispatch({ effects: ask.of(lineOfCursor(view)) }), true) },
  ]),
  gutter({
    class: "gutter-breakpoints",
    markers: (view) => [
      signs(view.state.field(points.field), look),
      signs(view.state.field(executing.field), arrow),
    ],
    domEventHandlers: {
      mousedown: (view, line, event) => event.button === 0 && toggle(view, line.from),
      contextmenu(view, line, event) {
        event.preventDefault()
        view.dispatch({ effects: ask.of(line.from) })
        return true
      },
    },
  }),
]
