// A sign in the column of a gutter. Its text is its shape: no meaning is told by colour alone.

import { RangeSet } from "@codemirror/state"
import { GutterMarker } from "@codemirror/view"

class Sign extends GutterMarker {
  constructor({ text, title, kind }) {
    super()
    this.text = text
    this.title = title
    this.kind = kind
  }

  eq(other) {
    return this.text === other.text && this.title === other.title && this.kind === other.kind
  }

  toDOM() {
    const sign = document.createElement("span")
    sign.className = `sign-${this.kind}`
    sign.textContent = this.text
    sign.title = this.title
    return sign
  }
}

export function signs(things, look) {
  const ranges = things.map((thing) => new Sign(look(thing)).range(thing.at))
  return RangeSet.of(ranges, true)
}
