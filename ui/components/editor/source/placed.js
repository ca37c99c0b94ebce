// Things that belong to a line and move with it: a field of `{at, ...}`, `at` being the start of the line.

import { MapMode, StateEffect, StateField } from "@codemirror/state"

// The field, and the effect that sets all of it.
export function placed() {
  const set = StateEffect.define()
  const field = StateField.define({
    create: () => [],
    update(things, transaction) {
      const moved = transaction.docChanged ? move(things, transaction) : things
      return transaction.effects.filter((effect) => effect.is(set)).reduce((_, effect) => effect.value, moved)
    },
  })
  return { field, set }
}

// A line that is gone takes its thing with it; two lines that became one keep the first one's.
function move(things, { changes, newDoc }) {
  const found = new Map()
  for (const thing of things) {
    const at = changes.mapPos(thing.at, 1, MapMode.TrackDel)
    if (at === null) continue
    const start = newDoc.lineAt(at).from
    if (!found.has(start)) found.set(start, { ...thing, at: start })
  }
  return [...found.values()]
}
