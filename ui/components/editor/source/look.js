// Which class a piece of code gets; editor.css has the colours.

import { syntaxHighlighting } from "@codemirror/language"
import { tagHighlighter, tags } from "@lezer/highlight"

const CLASSES = {
  keyword: [tags.keyword, tags.self, tags.definitionKeyword, tags.operatorKeyword],
  string: [tags.string, tags.special(tags.string)],
  number: [tags.number, tags.bool, tags.null, tags.atom],
  name: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.className, tags.propertyName],
  comment: [tags.comment],
  mark: [tags.heading],
  decorator: [tags.meta],
}

export const look = syntaxHighlighting(
  tagHighlighter(
    Object.entries(CLASSES).flatMap(([name, found]) => found.map((tag) => ({ tag, class: `code-${name}` })))
  )
)
