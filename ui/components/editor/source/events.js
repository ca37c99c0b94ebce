// The notation of events: colours for words, pairs, CSV and JSON lines, and a band over each mark that ends a batch.

import { StreamLanguage } from "@codemirror/language"
import { Decoration, ViewPlugin } from "@codemirror/view"

const MARK = /^\s*---/

const notation = StreamLanguage.define({
  name: "events",
  startState: () => ({ isMark: false }),
  token(stream, state) {
    if (stream.sol()) state.isMark = MARK.test(stream.string)
    if (stream.eatSpace()) return null
    return state.isMark ? markToken(stream) : eventToken(stream)
  },
  languageData: { commentTokens: { line: "#" } },
})

function markToken(stream) {
  if (stream.match(/^#.*/)) return "comment"
  if (stream.match(/^-+/)) return "heading"
  if (stream.match(/^restart\b/i)) return "keyword"
  stream.match(/^[^\s#]+/) || stream.next()
  return "number"
}

function eventToken(stream) {
  const isFirst = stream.column() === stream.indentation()
  if (isFirst && stream.match(/^#.*/)) return "comment"
  if (stream.match(/^"(?:\\.|[^"\\])*"(?=\s*:)/)) return "propertyName"
  if (stream.match(/^"(?:\\.|[^"\\])*"?/)) return "string"
  if (stream.match(/^[A-Za-z_][\w.]*(?==)/)) return "propertyName"
  if (stream.match(/^[-+]?\d[\d.:TZ+-]*(?=[\s,;\]})]|$)/)) return "number"
  if (stream.match(/^(?:true|false|null)(?=[\s,;\]})]|$)/)) return "atom"
  if (stream.match(/^[=,;:{}[\]|]/)) return "punctuation"
  stream.match(/^[^\s=,;{}[\]|"]+/) || stream.next()
  return null
}

const band = Decoration.line({ class: "batch-mark" })

// Only lines that are on the screen are looked at.
const bands = ViewPlugin.define(
  (view) => ({
    decorations: bandsIn(view),
    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = bandsIn(update.view)
    },
  }),
  { decorations: (plugin) => plugin.decorations }
)

function bandsIn(view) {
  const found = []
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at)
      if (MARK.test(line.text)) found.push(band.range(line.from))
      at = line.to + 1
    }
  }
  return Decoration.set(found)
}

export const events = [notation, bands]
