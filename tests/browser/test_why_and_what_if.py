"""Asking why, and trying what if: the answers lead back to the calls, and the picture stays where it is."""

from tests.browser.stateline import Stateline

KEEP = "() => { window.chart = document.querySelector('.st-key-timeline_chart :is(canvas, svg)') }"


def opened(app: Stateline, tab: str) -> None:
    app.open().stands_at("call 1 of 5")
    app.chart.wait_for()
    app.open_tab(tab)


def test_why_a_timeout_fired_is_told_and_follows_the_steps_without_a_flicker(app: Stateline) -> None:
    opened(app, "Why")
    app.shows("After call 1 hello remembers 2: 1 call and 2 events made it so.")
    app.is_at_rest()
    app.page.evaluate(KEEP)
    app.press("End")
    app.inspector.get_by_text("Call 5 of 5").wait_for()
    app.click(app.page.get_by_role("radio", name="Timeouts"))
    app.shows("The timeout set by call 3 on line 6 is due at +11 min. The clock stood at +12 min in batch 3")
    app.click(app.page.get_by_role("radio", name="Events"))
    app.page.locator(".st-key-why").get_by_role("radio", name="Events", checked=True).wait_for()
    assert app.page.evaluate("window.chart.isConnected")


def test_what_if_an_event_had_not_come_is_compared_with_the_run_before(app: Stateline) -> None:
    opened(app, "What if")
    app.press("ArrowRight", "ArrowRight")
    app.stands_at("call 3 of 5")
    app.click(app.page.get_by_role("button", name="Keep this run to compare with"))
    app.shows("This run is kept.")
    app.click(app.page.get_by_role("button", name="Leave them out"))
    app.shows("Compared with the run that was kept. Calls: 1 no longer made, 4 the same.")
    app.click(app.page.get_by_role("button", name="Undo"))
    app.stands_at("of 5")
    app.page.get_by_role("button", name="Keep this run to compare with").wait_for()


def test_a_timeout_is_made_to_fire(app: Stateline) -> None:
    opened(app, "What if")
    app.press("ArrowRight", "ArrowRight")
    app.stands_at("call 3 of 5")
    app.click(app.page.get_by_role("button", name="Make it time out"))
    app.page.get_by_role("button", name="Undo").wait_for()
    app.press("Shift+ArrowRight")
    app.inspector.get_by_text("Its timeout was due at +10 min; the batch ran at +11 min 0.001 s.").wait_for()
