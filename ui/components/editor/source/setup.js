// What an editor is made of, for each language.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands"
import { python } from "@codemirror/lang-python"
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language"
import { lintGutter, lintKeymap } from "@codemirror/lint"
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import {
  drawSelection,
  dropCursor,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  tooltips,
} from "@codemirror/view"

import { breakpoints } from "./breakpoints.js"
import { completion } from "./completion.js"
import { events } from "./events.js"
import { runs } from "./runs.js"
import { look } from "./look.js"

const common = [
  history(),
  drawSelection(),
  dropCursor(),
  highlightSpecialChars(),
  highlightActiveLine(),
  search({ top: true }),
  highlightSelectionMatches(),
  bracketMatching(),
  tooltips({ position: "fixed" }),
  EditorState.tabSize.of(4),
  keymap.of([...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap]),
  look,
]

const LANGUAGES = {
  python: [
    breakpoints,
    lineNumbers(),
    runs,
    lintGutter(),
    closeBrackets(),
    autocompletion({ icons: false }),
    indentOnInput(),
    indentUnit.of("    "),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, indentWithTab]),
    python(),
    completion,
  ],
  events: [lineNumbers(), lintGutter(), events],
}

export function setup({ language }) {
  return [...LANGUAGES[language], ...common]
}
