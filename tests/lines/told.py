"""Steps of a call as one line of text each, for the tests of the line debugger."""

from engine.lines.answer import answer_here
from engine.model.lines import CallLines, LinesOfCall, LineStep, WatchedAnswer, WatchedCalls
from engine.model.scenario import Scenario


def lines_of(made: Scenario, call_index: int = 0) -> CallLines:
    answer = answer_here(made, LinesOfCall(call_index))
    assert isinstance(answer, CallLines)
    return answer


def watched(made: Scenario, **question: object) -> WatchedAnswer:
    answer = answer_here(made, WatchedCalls(**question))
    assert isinstance(answer, WatchedAnswer)
    return answer


def told(answer: CallLines) -> list[str]:
    """`"  3 count=1 -state .update return 2 !ValueError"`: indented by depth, a caught exception as `?ValueError`."""
    return [_step(step, number in answer.caught) for number, step in enumerate(answer.steps)]


def _step(step: LineStep, is_caught: bool) -> str:
    parts = [
        *([step.kind] if step.kind != "line" else []),
        str(step.line),
        *(f"{name}={value.text}" for name, value in step.changed.items() if value.kind != "GroupState"),
        *(f"-{name}" for name in step.gone),
        *(f".{method}" for method in step.methods),
        *([f"{step.left_by} {step.returned.text}"] if step.returned else []),
        *([f"{'?' if is_caught else '!'}{step.raised.error_class}"] if step.raised else []),
    ]
    return "  " * step.depth + " ".join(parts)
