// The player: steps in the browser at once, tells the server after, and moves the cursor line over the timeline.
// What it knows of the trace is `data.starts` (the first step of each trigger) and `data.numbers` (pairs of a step and the
// number of its call). Where a jump leads only the server knows, which then says where to stand.

const TELL_EVERY_MS = 100
const SLOWEST_MS = 800
const FASTEST_MS = 60
const WHOLE_TRACE_MS = 30000
const MOST_TICKS = 120
const EDITABLE = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox], [role=grid]"
const USES_ARROWS = "[role=tab], [role=radio], [role=slider], [role=listbox], [role=menu], [role=dialog], canvas"
const USES_SPACE = "button, a, summary, [role=button]"

// Where one stands since the server last said where; it outlives the player's place on the page.
let stood = {}

export default component((root) => new Player(root))

class Player {
  constructor(root) {
    this.box = root.querySelector(".player")
    this.slider = root.querySelector("input")
    this.label = root.querySelector(".label")
    this.ticks = root.querySelector(".ticks")
    this.buttons = [...root.querySelectorAll("button")]
    this.cursor = new Cursor(this.box)
    this.step = 0
    this.rev = null
    this.toldAt = 0
    this.moves = {
      first: () => this.go(0),
      last: () => this.go(this.count - 1),
      back: () => this.go(this.step - 1),
      forward: () => this.go(this.step + 1),
      batch_back: () => this.go(this.batchBefore()),
      batch_forward: () => this.go(this.batchAfter()),
      play: () => (this.playing ? this.pause() : this.play()),
    }
    for (const button of this.buttons) button.onclick = () => this.press(button.dataset.go ?? button.dataset.jump)
    this.slider.oninput = () => {
      this.pause()
      this.go(Number(this.slider.value))
    }
    this.onKey = (event) => this.key(event)
    document.addEventListener("keydown", this.onKey)
  }

  close() {
    document.removeEventListener("keydown", this.onKey)
    clearTimeout(this.telling)
    this.pause()
    this.cursor.close()
  }

  receive(data, { setStateValue, setTriggerValue }) {
    this.setStateValue = setStateValue
    this.setTriggerValue = setTriggerValue
    this.data = data
    this.count = data.starts[data.starts.length - 1]
    if (data.rev !== this.rev) this.seek(data)
    this.step = stood.step = Math.max(0, Math.min(this.step, this.count - 1))
    this.drawTicks()
    this.draw()
  }

  seek({ session, rev, step }) {
    this.pause()
    clearTimeout(this.telling)
    this.telling = undefined
    this.rev = rev
    if (stood.session !== session || stood.rev !== rev) stood = { session, rev, step }
    this.step = stood.step
  }

  // Where one goes

  press(move) {
    if (move !== "play") this.pause()
    if (!this.count) return
    if (this.moves[move]) this.moves[move]()
    else this.setTriggerValue("jump", [move, this.step, this.rev])
  }

  go(step) {
    step = Math.max(0, Math.min(step, this.count - 1))
    if (step === this.step) return
    this.step = stood.step = step
    this.draw()
    this.tell()
  }

  get trigger() {
    let low = 0
    let high = this.data.starts.length - 2
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.data.starts[middle] <= this.step) low = middle
      else high = middle - 1
    }
    return low
  }

  batchBefore() {
    const start = this.data.starts[this.trigger]
    return this.step > start ? start : this.data.starts[Math.max(0, this.trigger - 1)]
  }

  batchAfter() {
    return this.data.starts[this.trigger + 1]
  }

  play() {
    if (this.step === this.count - 1) this.go(0)
    this.playing = setInterval(() => {
      this.go(this.step + 1)
      if (this.step === this.count - 1) this.pause()
    }, Math.max(FASTEST_MS, Math.min(SLOWEST_MS, WHOLE_TRACE_MS / this.count)))
    this.draw()
  }

  pause() {
    clearInterval(this.playing)
    this.playing = undefined
    if (this.data) this.draw()
  }

  key(event) {
    const move = moveOf(event)
    if (!move || !this.count || isTaken(event, this.slider)) return
    event.preventDefault()
    this.press(move)
  }

  // The server is told the newest step only, at most every TELL_EVERY_MS.
  tell() {
    if (this.telling !== undefined) return
    const wait = Math.max(0, this.toldAt + TELL_EVERY_MS - performance.now())
    this.telling = setTimeout(() => {
      this.telling = undefined
      this.toldAt = performance.now()
      this.setStateValue("at", [this.step, this.rev])
    }, wait)
  }

  // What one sees

  draw() {
    const last = Math.max(0, this.count - 1)
    this.box.dataset.playing = String(this.playing !== undefined)
    this.box.dataset.step = String(this.step)
    this.slider.max = String(last)
    this.slider.value = String(this.step)
    this.slider.disabled = this.count === 0
    this.slider.style.setProperty("--done", `${last ? (100 * this.step) / last : 0}%`)
    this.label.textContent = this.count ? this.words() : this.data.nothing
    this.slider.setAttribute("aria-valuetext", this.label.textContent)
    for (const button of this.buttons) this.drawButton(button, last)
    if (this.count) this.cursor.show(this.place(), this.data)
    else this.cursor.hide()
  }

  drawButton(button, last) {
    const { go, jump } = button.dataset
    const atStart = ["first", "back", "batch_back"].includes(go) && this.step === 0
    const atEnd = ["last", "forward", "batch_forward"].includes(go) && this.step === last
    const noError = jump === "error" && !this.data.failed
    button.setAttribute("aria-disabled", String(this.count === 0 || atStart || atEnd || noError))
    if (go === "play") button.setAttribute("aria-label", this.playing === undefined ? "Play" : "Pause")
  }

  drawTicks() {
    const key = this.data.starts.join()
    if (key === this.tickKey) return
    this.tickKey = key
    const inner = this.data.starts.slice(1, -1)
    const shown = inner.length <= MOST_TICKS ? inner : []
    this.ticks.replaceChildren(
      ...shown.map((start) => {
        const tick = document.createElement("i")
        tick.style.left = `${(100 * start) / Math.max(1, this.count - 1)}%`
        return tick
      })
    )
  }

  words() {
    const { batches, numbers, all } = this.data
    const trigger = this.trigger
    if (batches[trigger] === null) return `trigger ${(trigger + 1).toLocaleString("en")} · no batch ran`
    const batch = `batch ${(batches[trigger] + 1).toLocaleString("en")}`
    const [since, number] = numbers.findLast(([step]) => step <= this.step)
    if (!number) return `${batch} · no calls`
    const call = number + this.step - since
    return `call ${call.toLocaleString("en")} of ${all.toLocaleString("en")} · ${batch}`
  }

  // In units of triggers: trigger t occupies [t, t + 1), step j of n in it stands at t + (j + 0.5) / n.
  place() {
    const { starts } = this.data
    const trigger = this.trigger
    return trigger + (this.step - starts[trigger] + 0.5) / (starts[trigger + 1] - starts[trigger])
  }
}

function moveOf(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return null
  if (event.key === "ArrowLeft") return event.shiftKey ? "batch_back" : "back"
  if (event.key === "ArrowRight") return event.shiftKey ? "batch_forward" : "forward"
  if (event.key === "K") return "key_back"
  return { Home: "first", End: "last", " ": "play", k: "key_forward", f: "finding", e: "error" }[event.key] ?? null
}

// Whether the key belongs to something else on the page.
function isTaken(event, slider) {
  const target = event.composedPath()[0]
  if (target === slider) return false
  if (!(target instanceof Element)) return false
  if (target.closest(EDITABLE) || target.closest(USES_ARROWS)) return true
  return event.key === " " && target.closest(USES_SPACE) !== null
}

// A line over the timeline, in the page's own document; it follows every change of the chart's place and size.
class Cursor {
  constructor(box) {
    this.box = box
    this.line = document.createElement("div")
    this.line.className = "stateline-cursor"
    this.line.setAttribute("aria-hidden", "true")
    this.line.style.cssText =
      "position:absolute; width:2px; margin-left:-1px; pointer-events:none; z-index:3; display:none"
    this.resized = new ResizeObserver(() => this.draw())
    this.changed = new MutationObserver(() => this.drawSoon())
    this.changed.observe(document.body, { childList: true, subtree: true })
  }

  close() {
    this.resized.disconnect()
    this.changed.disconnect()
    cancelAnimationFrame(this.soon)
    this.line.remove()
  }

  show(place, data) {
    this.place = place
    this.data = data
    this.draw()
  }

  hide() {
    this.place = null
    this.line.style.display = "none"
  }

  drawSoon() {
    cancelAnimationFrame(this.soon)
    this.soon = requestAnimationFrame(() => this.draw())
  }

  draw() {
    const host = this.data && document.querySelector(this.data.timeline)
    if (!host || this.place === null) return this.hideLine()
    if (this.line.parentElement !== host) this.attach(host)
    const [first, last] = this.data.window
    if (this.place < first || this.place > last) return this.hideLine()
    this.line.style.background = getComputedStyle(this.box).getPropertyValue("--st-primary-color")
    const width = host.clientWidth - this.data.left - this.data.right
    const x = this.data.left + (width * (this.place - first)) / (last - first)
    Object.assign(this.line.style, {
      display: "block",
      left: `${x}px`,
      top: `${this.data.top}px`,
      bottom: "0",
    })
  }

  attach(host) {
    this.resized.disconnect()
    this.resized.observe(host)
    host.style.position = "relative"
    host.append(this.line)
  }

  hideLine() {
    this.line.style.display = "none"
  }
}
