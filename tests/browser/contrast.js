// The texts on the screen that stand out too little from what is behind them (WCAG 2.2, 1.4.3), each with its contrast.
// What is switched off needs no contrast; texts drawn on a canvas are not seen here.
() => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1)
    brush.fillStyle = colour
    brush.fillRect(0, 0, 1, 1)
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const over = (top, ground) => [...[0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3])), 1]
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => {
      const value = part / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const around = (element) => element.parentElement ?? element.getRootNode().host ?? null
  const ancestors = (element) => {
    const found = []
    for (let here = element; here; here = around(here)) found.push(here)
    return found
  }
  const ground = (element) => {
    const layers = ancestors(element).map((here) => rgba(getComputedStyle(here).backgroundColor))
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1])
  }
  const opacity = (element) => ancestors(element).reduce((all, here) => all * getComputedStyle(here).opacity, 1)
  const words = (element) =>
    [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join(" ").trim()
  const isSeen = (element) =>
    /[\p{L}\p{N}]/u.test(words(element)) &&
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !ancestors(element).some((here) => here.matches("[disabled], [aria-disabled=true], [data-testid=stSkeleton]"))
  const contrast = (element) => {
    const behind = ground(element)
    const [red, green, blue, alpha] = rgba(getComputedStyle(element).color)
    const front = over([red, green, blue, alpha * opacity(element)], behind)
    const [low, high] = [luminance(front), luminance(behind)].sort((one, other) => one - other)
    return (high + 0.05) / (low + 0.05)
  }
  const needed = (element) => {
    const { fontSize, fontWeight } = getComputedStyle(element)
    return parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && fontWeight >= 700) ? 3 : 4.5
  }
  const all = (root) => [...root.querySelectorAll("*")].flatMap((element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])])
  const shown = all(document).filter((element) => !element.matches("head *, style, script, noscript") && isSeen(element))
  const poor = shown.filter((element) => contrast(element) < needed(element))
  return { looked: shown.length, poor: poor.map((element) => `${contrast(element).toFixed(2)} ${words(element)}`) }
}
