// What Streamlit calls whenever an editor is on the page or has new data. An editor outlives its place on the page: when
// its tab is opened again it comes back with its text, its history and its cursor.

import { component } from "../../component.js"
import { Editor } from "./editor.js"

const editors = new Map()

export default component((root, data) => {
  if (!editors.has(data.key)) editors.set(data.key, new Editor(data))
  const editor = editors.get(data.key)
  editor.mount(root)
  return {
    receive: (given, { setTriggerValue }) => editor.receive(given, (letter) => setTriggerValue("letter", letter)),
    close: () => editor.unmount(root),
  }
})
