// One editor: a CodeMirror view, what the server says of it, and what it tells the server.
// It owns its text. The server's text replaces it only when `data.rev` is new; marks are set when the server has heard
// all that was told, and move with what is typed after. Which line runs is the line player's word, on LINE_PLAYED.

import { isolateHistory } from "@codemirror/commands"
import { Annotation, Compartment, Prec, Transaction } from "@codemirror/state"
import { EditorView, keymap, placeholder } from "@codemirror/view"

import { breakpointsIn, toggled } from "./breakpoints.js"
import { offers } from "./completion.js"
import { Footer } from "./footer.js"
import { Letters, whenConnected } from "./letters.js"
import { setMarks } from "./marks.js"
import { setup } from "./setup.js"
import styles from "./editor.css"

const TYPING_PAUSE_MS = 400
const LINE_PLAYED = "stateline-line"
const NOT_PLAYED = { executing: null, hits: [] }

const fromServer = Annotation.define()
const notUndone = Transaction.addToHistory.of(false)

export class Editor {
  constructor(data) {
    this.letters = new Letters(data.heard)
    this.given = new Compartment()
    this.view = new EditorView({
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => this.tell({ run: true }) }])),
        setup(data),
        this.given.of([]),
        EditorView.updateListener.of((update) => this.updated(update)),
        EditorView.domEventHandlers({ blur: () => void this.tell() }),
      ],
    })
    this.footer = new Footer(this.view, data)
    this.host = document.createElement("div")
    this.host.className = "editor"
    this.host.style.height = `${data.height}px`
    const style = document.createElement("style")
    style.textContent = styles
    this.host.append(style, this.view.dom, this.footer.dom)
    this.played = NOT_PLAYED
    this.hasLinesThatRun = data.marks.breakpoints !== null
    this.linePlayed = ({ detail }) => {
      this.played = detail ? { executing: detail.line, hits: byLine(detail.hits) } : NOT_PLAYED
      if (this.data) this.mark()
    }
    // What is typed here is no shortcut of the page.
    this.host.addEventListener("keydown", (event) => event.stopPropagation())
  }

  mount(root) {
    if (this.root === root) return
    this.leave()
    this.root = root
    root.append(this.host)
    this.view.setRoot(root.getRootNode())
    const disconnect = whenConnected(() => this.tellAll())
    if (this.hasLinesThatRun) document.addEventListener(LINE_PLAYED, this.linePlayed)
    this.leave = () => {
      disconnect()
      document.removeEventListener(LINE_PLAYED, this.linePlayed)
      this.played = NOT_PLAYED
    }
  }

  unmount(root) {
    if (this.root !== root) return
    this.tell()
    this.letters.rest()
    this.leave()
    this.host.remove()
    this.root = undefined
  }

  leave() {}

  receive(data, send) {
    const before = this.data
    this.data = data
    this.letters.send = send
    this.configure()
    if (before && before.session !== data.session) this.tellAll()
    else if (before?.rev !== data.rev) this.take(data.value, before ? isolateHistory.of("full") : notUndone)
    else this.letters.answered(data.heard)
    this.mark()
    this.footer.show(data.marks.problems)
  }

  mark() {
    if (!this.letters.open) setMarks(this.view, { ...this.data.marks, ...this.played }, this.told, this.untold)
  }

  configure() {
    const { label, placeholder: hint, offers: offered } = this.data
    const given = JSON.stringify([label, hint, offered])
    if (given === this.configured) return
    this.configured = given
    const attributes = { "aria-label": label, "aria-describedby": this.footer.keys.id }
    const extensions = [EditorView.contentAttributes.of(attributes), placeholder(hint), offers.of(offered)]
    this.view.dispatch({ effects: this.given.reconfigure(extensions) })
  }

  // Another text in the place of this one; a step of its own for undo, but for the first one.
  take(value, inHistory) {
    this.letters.drop()
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: value },
      selection: { anchor: 0 },
      annotations: [inHistory, fromServer.of(true)],
    })
    this.view.scrollDOM.scrollTop = 0
    this.keepTold()
  }

  updated(update) {
    if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromServer))) {
      this.untold = this.untold ? this.untold.compose(update.changes) : update.changes
      this.tellSoon()
    }
    if (toggled(update)) this.tell({ points: true })
  }

  tellSoon() {
    clearTimeout(this.waiting)
    this.waiting = setTimeout(() => this.tell(), TYPING_PAUSE_MS)
  }

  // A server that was started anew knows neither the text nor its breakpoints.
  tellAll() {
    this.letters.drop()
    this.tell({ text: true })
  }

  // Lines of breakpoints are of the text that goes with them. Answers true, as commands of a key map do.
  tell({ text = Boolean(this.untold), points = text, run = false } = {}) {
    if (!text && !points && !run) return true
    this.letters.write({
      rev: this.data.rev,
      ...((text || this.untold) && { text: this.view.state.doc.toString() }),
      ...((points || this.untold) && { breakpoints: breakpointsIn(this.view.state) }),
      ...(run && { run }),
    })
    this.keepTold()
    return true
  }

  keepTold() {
    clearTimeout(this.waiting)
    this.told = this.view.state.doc
    this.untold = undefined
  }
}

function byLine(hits) {
  return Object.entries(hits).map(([line, count]) => [Number(line), count])
}
