"""The page for those who see little, use no mouse, want no motion, or have a small window."""

from pathlib import Path

import pytest

from tests.browser.stateline import Stateline

CONTRAST = (Path(__file__).parent / "contrast.js").read_text()
#: What has the focus: its name, and whether one sees that it has it.
FOCUSED = """() => {
  let at = document.activeElement
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (at.matches("main, body")) return ["", true]  // the page itself: a frame around all says nothing
  const style = getComputedStyle(at)
  const name = at.getAttribute("aria-label") ?? at.labels?.[0]?.innerText ?? at.innerText
  return [name, style.outlineStyle !== "none" || style.boxShadow !== "none" || !!at.closest("[data-baseweb], .cm-editor")
    || at.matches("input")]
}"""
NAMELESS = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
  const name = (one) => one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText ?? one.title
  const usable = "button, input:not([type=file]), select, textarea, [role=slider], [role=textbox], [role=combobox]"
  return all(document).filter((one) => one.matches(usable) && one.checkVisibility() && !(name(one) || one.innerText).trim())
    .map((one) => one.outerHTML.slice(0, 200))
}"""


def too_faint(app: Stateline) -> list[str]:
    """The texts with too little contrast, when the page is drawn: what is drawn anew is faint until then."""
    app.is_drawn()
    seen = app.page.evaluate(CONTRAST)
    assert seen["looked"] > 40
    poor: list[str] = seen["poor"]
    return poor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(app: Stateline, scheme: str) -> None:
    app.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    app.open().stands_at("call 1 of 5")
    app.press("ArrowRight", "ArrowRight")
    app.inspector.get_by_text("Call 3 of 5").wait_for()
    app.function.area.wait_for()
    for tab in ("Code and events", "Why", "What if", "Findings"):
        app.open_tab(tab)
        assert too_faint(app) == [], tab
    for menu in ("Scenarios", "File", "Share"):
        app.click(app.page.get_by_role("button", name=menu).first)
        app.page.get_by_test_id("stPopoverBody").locator("p, label, pre").first.wait_for()
        assert too_faint(app) == [], menu
        app.page.keyboard.press("Escape")
        app.page.get_by_test_id("stPopoverBody").wait_for(state="detached")


def test_the_keys_reach_everything_and_one_sees_where_they_are(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.function.area.wait_for()
    app.events.area.wait_for()
    reached = []
    while "Schemas, partitions" not in " ".join(reached) and len(reached) < 80:
        app.page.keyboard.press("Tab")
        name, is_marked = app.page.evaluate(FOCUSED)
        reached.append(name)
        assert is_marked, name
        if name in ("The function", "The events"):
            app.page.keyboard.press("Escape")  # there Tab indents, until Escape says that it should not
    for name in ("Scenarios", "File", "Tour", "Share", "Play", "Step", "Code and events", "The function", "The events"):
        assert any(name in one for one in reached), name
    assert not app.page.evaluate(NAMELESS)


def test_the_picture_tells_its_keys_to_those_who_cannot_see_it(app: Stateline) -> None:
    app.open().stands_at("call 1 of 5")
    app.page.get_by_label("State timeline of hello, spark").first.wait_for()
    assert app.page.get_by_role("heading", name="Stateline").count() == 1


@pytest.mark.parametrize("width", [720, 800, 1280])
def test_nothing_is_cut_off_or_overlaps_in_a_small_window(app: Stateline, width: int) -> None:
    app.page.set_viewport_size({"width": width, "height": 800})
    app.open().stands_at("call 1 of 5")
    app.function.area.wait_for()
    app.is_at_rest()
    assert app.page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    picture = app.page.locator(".st-key-stage").bounding_box()
    call = app.inspector.bounding_box()
    tabs = app.page.get_by_role("tablist").bounding_box()
    assert picture["y"] + picture["height"] <= tabs["y"]
    if width <= 800:
        assert picture["y"] + picture["height"] <= call["y"]
        assert call["y"] + call["height"] <= tabs["y"]
    else:
        assert picture["x"] + picture["width"] <= call["x"]


def test_nothing_moves_by_itself_where_the_visitor_wants_no_motion(app: Stateline) -> None:
    app.page.emulate_media(reduced_motion="reduce")
    app.open().stands_at("call 1 of 5")
    slow = "(one) => parseFloat(getComputedStyle(one).transitionDuration) > 0.01"
    assert not app.page.evaluate(f"[...document.querySelectorAll('.stApp *')].some({slow})")
