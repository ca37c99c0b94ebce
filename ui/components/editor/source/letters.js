// The post between an editor and the server. A letter is sent again until the server has heard it: what was typed while
// the connection was away, or while another message overtook this one, is not lost.

export class Letters {
  constructor(heard) {
    this.number = heard
    this.open = null
  }

  // Everything that the last letter said and the server has not heard goes into the next one.
  write(said) {
    this.number += 1
    this.open = { ...this.open, ...said, number: this.number }
    this.post()
  }

  post() {
    if (this.open) this.send(this.open)
  }

  answered(heard) {
    if (this.open && heard >= this.open.number) this.open = null
    this.post()
  }

  drop() {
    this.open = null
  }
}

// Calls back whenever the page is connected again. Returns what ends it.
export function whenConnected(callback) {
  const page = document.querySelector("[data-test-connection-state]")
  if (!page) return () => {}
  const observer = new MutationObserver(() => {
    if (page.dataset.testConnectionState === "CONNECTED") callback()
  })
  observer.observe(page, { attributeFilter: ["data-test-connection-state"] })
  return () => observer.disconnect()
}
