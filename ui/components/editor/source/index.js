// What Streamlit calls whenever an editor is on the page or has new data. An editor outlives its place on the page: when
// its tab is opened again it comes back with its text, its history and its cursor.

import { Editor } from "./editor.js"

const editors = new Map()

export default function ({ parentElement, data, setTriggerValue }) {
  if (!editors.has(data.key)) editors.set(data.key, new Editor(data))
  const editor = editors.get(data.key)
  editor.mount(parentElement)
  editor.receive(data, (letter) => setTriggerValue("letter", letter))
  return () => editor.unmount(parentElement)
}
