// What Streamlit calls for a component of ours, each time that it has data for it. Lives here: which calls count, and when
// a component ends; what the data mean does not.
//
// While a module loads, each change of the data waits for it, and the waiting calls come in any order; those that were
// overtaken are ended at once. So a call counts only when its data are no older than what the component has, and a
// component ends only when it has left the page. `mounted.py` numbers the data.

const mounted = new WeakMap()

// The default export of a component: `open(root, data)` makes it, with `receive(data, senders)` and `close()`.
export function component(open) {
  return ({ parentElement: root, data, ...senders }) => {
    if (!root.isConnected) return undefined
    if (!mounted.has(root)) mounted.set(root, { part: open(root, data) })
    const { part, newest } = mounted.get(root)
    if (!newest || data.session !== newest.session || data.number >= newest.number) {
      mounted.get(root).newest = data
      part.receive(data, senders)
    }
    return () => {
      if (root.isConnected) return
      part.close()
      mounted.delete(root)
    }
  }
}
