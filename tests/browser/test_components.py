"""The page's components while their modules load: the newest data win, whatever order Streamlit brings them in."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.stateline import Stateline
from ui.components import mounted

#: Streamlit imports a module from an address that it makes in the page; here the server is asked for it.
FETCH_MODULES = """
const made = URL.createObjectURL
window.modules = []
URL.createObjectURL = (blob) =>
  blob.type === "text/javascript" ? `/modules/${window.modules.push(blob) - 1}.js` : made(blob)
"""
#: A component that writes down what it is told, as the module `window.told` keeps it.
PART = """
const told = []
const part = { receive: ({ number }) => told.push(number), close: () => told.push("closed") }
export default component(() => { told.push("opened"); return part })
export { told }
"""
LOAD = """async (source) => {
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })))
  window.told = module.told
  window.root = document.body.appendChild(document.createElement("div"))
  window.call = (number, session = "s") => module.default({ parentElement: root, data: { number, session } })
}"""


@pytest.fixture
def page(browser: Any, tmp_path: Any) -> Iterator[Any]:
    """A bare page with one component, to be called as Streamlit does."""
    opened = browser.new_page()
    (tmp_path / "part.js").write_text(PART)
    opened.evaluate(LOAD, mounted.script(tmp_path / "part.js"))
    yield opened
    opened.close()


def told(page: Any, calls: str) -> Any:
    return page.evaluate(f"() => {{ {calls}; return told }}")


def test_older_data_are_not_taken_after_newer_ones(page: Any) -> None:
    assert told(page, "call(1); call(0); call(1); call(2)") == ["opened", 1, 1, 2]


def test_another_session_numbers_its_data_anew(page: Any) -> None:
    assert told(page, "call(7); call(0, 'restarted'); call(1, 'restarted')") == ["opened", 7, 0, 1]


def test_the_end_of_a_call_that_was_overtaken_does_not_end_the_component(page: Any) -> None:
    assert told(page, "call(1); call(0)?.(); call(2)") == ["opened", 1, 2]


def test_a_component_ends_when_it_has_left_the_page_and_a_late_call_does_not_bring_it_back(page: Any) -> None:
    assert told(page, "const end = call(1); root.remove(); end(); call(2)") == ["opened", 1, "closed"]


def test_data_that_change_while_the_player_loads_are_all_seen_at_last(app: Stateline) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    app.page.add_init_script(FETCH_MODULES)
    app.page.route("**/modules/*.js", hold)
    with app.page.expect_request("**/modules/*.js"):
        app.page.goto(app.server)
    for words in ("a", "a b", "a b c", "a b c d", "a b c d e f g"):
        app.events.fill(words)
        app.inspector.get_by_text(f"of {len(words.split())}").first.wait_for()
    assert len(held) == 1
    number = held[0].request.url.split("/")[-1].removesuffix(".js")
    source = app.page.evaluate(f"modules[{number}].text()")
    held[0].fulfill(body=source, content_type="text/javascript")
    app.stands_at("call 1 of 7")
    app.press("ArrowRight")
    app.stands_at("call 2 of 7")
