// The line player: steps through the lines of one call in the browser, and shows the variables after each.
// It knows all moments of the call; nothing is told to the server. The editor beside it is told where it stands by an
// event on the document, "stateline-line", with `{ line, hits }`; null when there is nothing to mark.

const EDITABLE = "input, textarea, select, [contenteditable=true], [role=textbox], [role=combobox], [role=grid]"
const MOST_TICKS = 200

export default component((root) => new LinePlayer(root))

class LinePlayer {
  constructor(root) {
    this.box = root.querySelector(".lines")
    this.slider = root.querySelector("input")
    this.label = root.querySelector(".label")
    this.ticks = root.querySelector(".ticks")
    this.events = root.querySelector(".events")
    this.body = root.querySelector("tbody")
    this.here = Object.fromEntries(["number", "code", "where"].map((name) => [name, root.querySelector(`.${name}`)]))
    this.buttons = [...root.querySelectorAll("button")]
    this.at = 0
    this.moves = {
      first: () => 0,
      last: () => this.last,
      back: () => this.at - 1,
      forward: () => this.at + 1,
      over: () => this.over(),
      stop: () => this.data.stops.find((stop) => stop > this.at) ?? this.at,
    }
    for (const button of this.buttons) button.onclick = () => this.press(button.dataset.go)
    this.slider.oninput = () => this.go(Number(this.slider.value))
    this.onKey = (event) => this.key(event)
    document.addEventListener("keydown", this.onKey)
  }

  close() {
    document.removeEventListener("keydown", this.onKey)
    mark(null)
  }

  // Another call, or a jump of the server's, has another `rev`; anything else leaves one standing where one is.
  receive(data) {
    this.data = data
    this.last = Math.max(0, data.moments.length - 1)
    if (data.rev !== this.rev) this.at = data.seek
    this.rev = data.rev
    this.at = Math.max(0, Math.min(this.at, this.last))
    this.drawTicks()
    this.draw()
  }

  press(move) {
    if (this.data.moments.length) this.go(this.moves[move]())
  }

  go(at) {
    at = Math.max(0, Math.min(at, this.last))
    if (at === this.at) return
    this.at = at
    this.draw()
  }

  // The next moment of this function, or of one that waits for it.
  over() {
    const { depth } = this.data.moments[this.at]
    const found = this.data.moments.findIndex((moment, index) => index > this.at && moment.depth <= depth)
    return found < 0 ? this.last : found
  }

  key(event) {
    const move = { ",": "back", ".": "forward", ">": "over", ":": "over" }[event.key]
    if (!move || event.altKey || event.ctrlKey || event.metaKey || isTyping(event)) return
    event.preventDefault()
    this.press(move)
  }

  draw() {
    const moment = this.data.moments[this.at]
    this.slider.max = String(this.last)
    this.slider.value = String(this.at)
    this.box.dataset.at = String(this.at)
    for (const button of this.buttons) button.setAttribute("aria-disabled", String(!this.canGo(button.dataset.go)))
    if (!moment) return mark(null)
    this.label.textContent = `${(this.at + 1).toLocaleString("en")} of ${(this.last + 1).toLocaleString("en")}`
    this.slider.setAttribute("aria-valuetext", `line ${moment.line}: ${moment.code}`)
    this.here.number.textContent = `line ${moment.line}`
    this.here.code.textContent = moment.code
    this.here.where.textContent = where(moment, this.data)
    this.events.replaceChildren(...happenings(moment))
    this.body.replaceChildren(...this.variables(moment))
    mark(this.data.marks ? { line: moment.line, hits: this.data.counts ?? this.data.hits } : null)
  }

  canGo(move) {
    if (!this.data.moments.length) return false
    return this.moves[move]() !== this.at && this.at !== { first: 0, back: 0, forward: this.last, last: this.last }[move]
  }

  // The variables of the function that runs at this moment: what changed up to it, less what is gone.
  variables({ activation, changed, gone }) {
    const { moments } = this.data
    const now = new Map()
    for (let index = 0; index <= this.at; index += 1) {
      if (moments[index].activation !== activation) continue
      for (const variable of moments[index].changed) now.set(variable.name, variable)
      if (index < this.at) for (const name of moments[index].gone) now.delete(name)
    }
    const fresh = new Set(changed.map(({ name }) => name))
    return [...now.values()].map((variable) => row(variable, fresh.has(variable.name), gone.includes(variable.name)))
  }

  drawTicks() {
    const { moments, stops } = this.data
    const failures = moments.flatMap((moment, index) => (moment.failure ? [index] : []))
    const all = [...failures.map((index) => [index, ""]), ...stops.map((index) => [index, "stop"])]
    this.ticks.replaceChildren(
      ...all.slice(0, MOST_TICKS).map(([index, kind]) => {
        const tick = element("i", "", kind)
        tick.style.left = `${(100 * index) / Math.max(1, this.last)}%`
        return tick
      })
    )
  }
}

function mark(detail) {
  document.dispatchEvent(new CustomEvent("stateline-line", { detail }))
}

function isTyping(event) {
  const target = event.composedPath()[0]
  return target instanceof Element && target.closest(EDITABLE) !== null && target.type !== "range"
}

function where({ depth, function: name, visit, line }, { hits, counts }) {
  const inside = depth ? [`in ${name}`] : []
  const visits = visit ? [`time ${number(visit)} of ${number(hits[line] ?? 0)}`] : []
  const everywhere = visit && counts ? [`${number(counts[line] ?? 0)} in all calls`] : []
  return [...inside, ...visits, ...everywhere].join(" · ")
}

function number(count) {
  return count.toLocaleString("en")
}

function happenings({ happened, operations, failure, is_caught }) {
  const told = happened ? [element("li", happened)] : []
  const done = operations.map(({ text, note }) => element("li", `state: ${text}${note ? ` → ${note}` : ""}`))
  if (!failure) return [...told, ...done]
  const words = is_caught ? `⚠ ${failure} (caught)` : `✕ ${failure} (ends the call)`
  return [...told, ...done, element("li", words, is_caught ? "caught" : "uncaught")]
}

function row({ name, kind, text, table }, changed, gone) {
  const made = element("tr", "", gone ? "gone" : changed ? "changed" : "")
  const sign = element("td", gone ? "−" : changed ? "●" : "", "sign")
  if (changed || gone) sign.title = gone ? "gone with this line" : "changed by this line"
  const value = element("td", table ? "" : text)
  if (table) value.append(frame(table))
  made.append(sign, element("td", name), value, element("td", kind, "kind"))
  return made
}

function frame({ names, rows, more }) {
  const made = element("table")
  const head = element("tr")
  head.append(...names.map((name) => element("th", name)))
  made.append(head)
  for (const cells of rows) {
    const line = element("tr")
    line.append(...cells.map((cell) => element("td", cell)))
    made.append(line)
  }
  if (!more) return made
  const both = document.createDocumentFragment()
  both.append(made, element("div", `… ${more.toLocaleString("en")} more rows`, "more"))
  return both
}

// What a visitor's function made is text here, never markup.
function element(name, text = "", cls = "") {
  const made = document.createElement(name)
  made.textContent = text
  if (cls) made.className = cls
  return made
}
