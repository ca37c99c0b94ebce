// What can be written after the state's name and a dot; the server says what the chosen API offers.

import { snippetCompletion } from "@codemirror/autocomplete"
import { pythonLanguage } from "@codemirror/lang-python"
import { Facet } from "@codemirror/state"

// `[{names, annotation, made_by, members: [{name, kind, signature, doc}]}]`, one for each kind of object.
export const offers = Facet.define({ combine: (values) => values[0] ?? [] })

export const completion = pythonLanguage.data.of({ autocomplete: membersAt })

function membersAt(context) {
  const typed = context.matchBefore(/([\w]+)\.\w*$/)
  if (!typed) return null
  const name = typed.text.slice(0, typed.text.indexOf("."))
  const text = context.state.doc.toString()
  const offered = context.state.facet(offers).filter((object) => isCalled(object, name, text))
  if (!offered.length) return null
  return {
    from: typed.from + name.length + 1,
    options: offered.flatMap(({ members }) => members.map((member) => option(member))),
    validFor: /^\w*$/,
  }
}

// By its usual name, by a type hint, or by the method that made it.
function isCalled({ names, annotation, made_by: madeBy }, name, text) {
  if (names.includes(name)) return true
  if (annotation && new RegExp(`\\b${name}\\s*:\\s*"?${annotation}\\b`).test(text)) return true
  return Boolean(madeBy) && new RegExp(`\\b${name}\\s*=\\s*[\\w.]*\\b${madeBy}\\(`).test(text)
}

function option({ name, kind, signature, doc }) {
  const shown = { label: name, type: kind, detail: signature, info: doc }
  if (kind !== "method") return shown
  return snippetCompletion(signature === "()" ? `${name}()` : `${name}(\${})`, shown)
}
