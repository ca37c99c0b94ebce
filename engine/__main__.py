"""The command line: `python -m engine replay SCENARIO.json`. Lives here: reading, asking the sandbox, exit statuses.

What a trace looks like as text is in transcript.py, as JSON in codec/trace_json.py.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from engine.codec.scenario_json import scenario_from_json
from engine.codec.trace_json import trace_to_json
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import Trace
from engine.sandbox import Limits, SandboxRunner

COMPLETED, FAILED, UNREADABLE, INTERRUPTED = 0, 1, 2, 130
_MOST_SECONDS: Final = 86_400
_DESCRIPTION: Final = "Stateline: see what a stateful Spark function remembers, batch by batch, key by key."
_REPLAY: Final = "Replay a scenario in the sandbox and print every batch, every call, and what it did to the state."
_EPILOG: Final = """\
exit status:
  0  the replay completed
  1  the function or the query failed, or reached a limit; the trace until then is printed all the same
  2  the scenario cannot be read; each problem is one line: where it is, what is wrong, how to mend it

The page is started with: streamlit run app.py
"""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status. Its output may be cut off (`| head`): that is no error."""
    options = _parser().parse_args(arguments)
    try:
        status = _replay(options.scenario, options.json, _limits(options.seconds))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again as it ends
        return COMPLETED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m engine", None, _DESCRIPTION, _EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(metavar="command", required=True)
    replay = commands.add_parser("replay", help="replay a scenario and print what happened", description=_REPLAY)
    replay.add_argument("scenario", help="a scenario file (docs/formats.md), or - for standard input")
    replay.add_argument("--json", action="store_true", help="print the trace as one JSON object")
    replay.add_argument("--seconds", type=_seconds, help="how long the replay, and each call in it, may take")
    return parser


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds, such as 30")
    return seconds


def _limits(seconds: float | None) -> Limits:
    return Limits() if seconds is None else Limits(time_ms=round(seconds * 1000), call_time_ms=round(seconds * 1000))


def _replay(path: str, as_json: bool, limits: Limits) -> int:
    scenario = _read(path)
    if isinstance(scenario, list):
        return _tell(scenario)
    with SandboxRunner(limits, max_workers=1) as runner, runner.start(scenario) as replay:
        print_trace = _print_json if as_json else _text_printer()
        answer = replay.result()
    if isinstance(answer, list):
        return _tell(answer)
    print_trace(answer)
    return COMPLETED if answer.ending == "completed" else FAILED


def _read(path: str) -> Scenario | list[Problem]:
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        return [
            Problem(path, f"it cannot be read: {error.strerror}", "Name a scenario file, such as one in sample_data")
        ]
    return scenario_from_json(data)


def _tell(problems: list[Problem]) -> int:
    """One line a problem: where it is, what is wrong, how to mend it."""
    for problem in problems:
        print(" ".join(str(problem).split()), file=sys.stderr)
    return UNREADABLE


def _print_json(trace: Trace) -> None:
    sys.stdout.buffer.write(trace_to_json(trace).encode() + b"\n")


def _text_printer() -> Callable[[Trace], None]:
    """Imported late: the transcript loads pandas, which it may do while the zygote does the same."""
    from engine.transcript import transcript_lines  # noqa: PLC0415

    def print_text(trace: Trace) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that cannot show a character shows its number
            sys.stdout.reconfigure(errors="backslashreplace")
        for line in transcript_lines(trace):
            print(line)

    return print_text


if __name__ == "__main__":
    sys.exit(main())
