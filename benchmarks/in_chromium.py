"""How fast the page is, in a real Chromium before a real server, beside what it is to be. The machine's load is told.

Run by hand from the project's folder: python -m benchmarks.in_chromium
"""

import csv
import datetime
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright

from benchmarks.replay_cost import KEYS, TUTORIAL
from engine import Scenario, scenario_to_json
from engine.model.rows import Rows
from engine.model.scenario import Batch
from tests.browser.conftest import BROWSERS, free_port, serving
from tests.browser.stateline import Stateline

CALLS: Final = 100_000
ROWS: Final = 328_000
STEPS: Final = 20
EDITS: Final = 15
PATIENCE_MS: Final = 120_000
#: Small pictures are SVG, large ones a canvas: `written` has when each text was first in the picture, by the page's clock.
LISTEN = """
window.written = {}
const picture = ".st-key-timeline_chart"
const write = (text) => { window.written[text] ??= performance.now() }
new MutationObserver((found) => {
  if (!found.some(({ target }) => target.parentElement?.closest(picture))) return
  for (const { textContent } of document.querySelectorAll(`${picture} svg text`)) write(textContent)
}).observe(document, { childList: true, subtree: true, characterData: true })
const fillText = CanvasRenderingContext2D.prototype.fillText
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  if (this.canvas.closest?.(picture)) write(text)
  return fillText.call(this, text, ...place)
}
"""
#: For each key press: whether the cursor had moved before the next frame was painted, and when the inspector had the call.
FOLLOW = """() => {
  window.steps = []
  window.changes = 0
  const watch = (place, callback) => new MutationObserver(callback).observe(document.querySelector(place),
    { childList: true, subtree: true, attributes: true, characterData: true })
  watch(".st-key-timeline_chart", (found) => { window.changes += found.length })
  const title = () => document.querySelector(".st-key-inspector .si-title")?.textContent
  watch(".st-key-inspector", () => {
    const step = steps.at(-1)
    if (step && title() !== step.title) step.inspector_ms ??= performance.now() - step.pressed
  })
  window.addEventListener("keydown", (event) => {
    const left = () => document.querySelector(".stateline-cursor").style.left
    const step = { pressed: event.timeStamp, title: title() }
    const before = left()
    steps.push(step)
    requestAnimationFrame(() => { step.in_frame = left() !== before })
  }, true)
}"""


def report(what: str, measured: str, goal: str) -> None:
    print(f"{what:58} {measured:>22}   goal {goal:<10} load {os.getloadavg()[0]:.1f}", flush=True)


def every_key_in_every_batch() -> Scenario:
    """A hundred thousand calls: in each of a hundred minutes each key has a row."""
    words = [f"word{number:03}" for number in range(KEYS)]
    batches = [Batch(60_000 * minute, Rows(["word"], [words])) for minute in range(CALLS // KEYS)]
    return Scenario(api="updateState", code=TUTORIAL, batches=batches, title="A hundred thousand calls")


def write_departures(path: Path) -> None:
    """A year of departures, eight columns, some of them late: much like those of New York in 2013, made at random."""
    dice = random.Random(0)  # noqa: S311 - departures, not secrets
    year = datetime.datetime(2013, 1, 1)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("departed", "scheduled", "carrier", "tailnum", "origin", "dest", "delay", "distance"))
        for number in range(ROWS):
            departed, delay = year + datetime.timedelta(minutes=number * 525_600 // ROWS), dice.randrange(-10, 90)
            scheduled = departed - datetime.timedelta(minutes=delay)
            places = dice.choice(("UA", "AA", "DL", "B6")), f"N{dice.randrange(4_000):05}", dice.choice(("EWR", "JFK"))
            rows.writerow((departed, scheduled, *places, f"D{dice.randrange(100)}", delay, dice.randrange(100, 3_000)))


@contextmanager
def opened(browser: Any, server: str) -> Iterator[Stateline]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(LISTEN)
    app = Stateline(page, server).open()
    app.stands_at("call 1 of 5")
    app.page.wait_for_function("Object.keys(written).length > 0")
    yield app
    page.close()


def edit(app: Stateline) -> None:
    """Each edit makes another first state; it is in the picture when that number is written there."""
    took_ms = []
    for number in range(EDITS):
        shown = str(900 + number)
        app.function.fill(f"def updateState(key, values, state):\n    state.update({shown})\n    return []\n")
        pressed = app.page.evaluate("performance.now()")
        app.function.press("Control+Enter")
        app.page.wait_for_function(f"written['{shown}']")
        took_ms.append(app.page.evaluate(f"written['{shown}']") - pressed)
    spread = f"{statistics.median(took_ms):,.0f} ms (least {min(took_ms):,.0f})"
    report("tutorial edited, Ctrl-Enter, to the new picture, median", spread, "400 ms")


def step(app: Stateline) -> None:
    app.page.evaluate(FOLLOW)
    for number in range(2, STEPS + 2):
        app.press("ArrowRight")
        app.inspector.get_by_text(f"Call {number} of {CALLS:,}").wait_for()
    steps, changes = app.page.evaluate("steps"), app.page.evaluate("changes")
    took_ms = [step["inspector_ms"] for step in steps]
    in_frame = sum(step["in_frame"] for step in steps)
    report(f"step at {CALLS:,} calls: cursor in the frame of the key", f"{in_frame} of {STEPS}", f"{STEPS} of {STEPS}")
    spread = f"{statistics.median(took_ms):,.0f} ms (least {min(took_ms):,.0f})"
    report("step: inspector, median", spread, "100 ms")
    report("step: changes in the chart", str(changes), "0")


def upload(app: Stateline, button: str, file: Path) -> float:
    """Give the page a file, and return when that was."""
    app.page.get_by_role("button", name=button, exact=True).click()
    chooser = app.page.get_by_test_id("stFileUploaderDropzoneInput")
    chooser.wait_for(state="attached")
    start = time.perf_counter()
    chooser.set_input_files(file)
    return start


def seconds_to_picture(app: Stateline, start: float) -> float:
    """From the start to a picture and a player of thousands of calls."""
    app.page.evaluate("written = {}")
    app.stands_at(r"of \d+,\d+")
    app.page.wait_for_function("Object.keys(written).length > 0")
    return time.perf_counter() - start


def open_trace(app: Stateline, folder: Path) -> None:
    file = folder / "calls.json"
    file.write_text(scenario_to_json(every_key_in_every_batch()), encoding="utf-8")
    took_s = seconds_to_picture(app, upload(app, "File", file))
    report(f"{CALLS:,} calls opened, replayed, to the first picture", f"{took_s:.1f} s", "3 s")


def upload_rows(app: Stateline, folder: Path) -> None:
    file = folder / "departures.csv"
    write_departures(file)
    start = upload(app, "Upload", file)
    app.page.get_by_role("dialog").get_by_role("progressbar").first.wait_for()
    progress_s = time.perf_counter() - start
    report(f"{ROWS:,} rows uploaded ({file.stat().st_size >> 20} MB): progress", f"{progress_s:.1f} s", "at once")
    use = app.page.get_by_role("button", name=f"Use these {ROWS:,} events")
    use.wait_for()
    read_s = time.perf_counter() - start
    report("  read, guessed and cut into batches", f"{read_s:.1f} s", "")
    start = time.perf_counter()
    use.click()
    took_s = seconds_to_picture(app, start)
    report("  from the file to the first picture", f"{read_s + took_s:.1f} s", "15 s")


def main() -> None:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit("no Chromium; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started, serving(free_port()) as server:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with opened(browser, server) as app:
            edit(app)
        with opened(browser, server) as app:
            open_trace(app, Path(folder))
            step(app)
        with opened(browser, server) as app:
            upload_rows(app, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
