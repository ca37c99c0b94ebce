// The post between an editor and the server. A letter is sent again until the server has heard it: what was typed while
// the connection was away, or while another message overtook this one, is not lost.

const FIRST_WAIT_MS = 3000
const LONGEST_WAIT_MS = 60000

export class Letters {
  constructor(heard) {
    this.number = heard
    this.open = null
  }

  // Everything that the last letter said and the server has not heard goes into the next one.
  write(said) {
    this.number += 1
    this.open = { ...this.open, ...said, number: this.number }
    this.wait = FIRST_WAIT_MS
    this.post()
  }

  post() {
    this.rest()
    if (!this.open) return
    if (isConnected()) this.send(this.open)
    this.again = setTimeout(() => this.post(), this.wait)
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS)
  }

  answered(heard) {
    if (this.open && heard >= this.open.number) this.drop()
    else if (this.again === undefined) this.post()
  }

  drop() {
    this.rest()
    this.open = null
  }

  // Off the page nothing is answered; `answered` goes on when the editor is there again.
  rest() {
    clearTimeout(this.again)
    this.again = undefined
  }
}

const PAGE = "[data-test-connection-state]"

// A page that does not say so is taken to be connected.
function isConnected() {
  const page = document.querySelector(PAGE)
  return !page || page.dataset.testConnectionState === "CONNECTED"
}

// Calls back whenever the page is connected again. Returns what ends it.
export function whenConnected(callback) {
  const page = document.querySelector(PAGE)
  if (!page) return () => {}
  const observer = new MutationObserver(() => isConnected() && callback())
  observer.observe(page, { attributeFilter: ["data-test-connection-state"] })
  return () => observer.disconnect()
}
