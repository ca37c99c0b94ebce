"""The command line: `python -m engine replay SCENARIO.json`, `… sandbox`. Lives here: reading, asking, exit statuses.

What a trace looks like as text is in views/transcript.py, as JSON in codec/trace_json.py.
"""

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from engine.codec.scenario_json import scenario_from_json
from engine.codec.trace_json import trace_to_json
from engine.model.problems import Problem
from engine.model.scenario import Scenario
from engine.model.trace import Trace
from engine.sandbox import BadSetting, Check, Limits, SandboxRunner, read_settings

COMPLETED, FAILED, UNREADABLE, INTERRUPTED = 0, 1, 2, 130
_MOST_SECONDS: Final = 86_400
_DESCRIPTION: Final = "Stateline: see what a stateful Spark function remembers, batch by batch, key by key."
_REPLAY: Final = "Replay a scenario in the sandbox and print every batch, every call, and what it did to the state."
_SANDBOX: Final = "Try from inside a worker what a visitor's function must not do, and print what was refused."
_EPILOG: Final = """\
exit status:
  0  the replay completed
  1  the function or the query failed, or reached a limit; the trace until then is printed all the same;
     or, of sandbox: this computer cannot isolate a function
  2  the scenario cannot be read; each problem is one line: where it is, what is wrong, how to mend it;
     or a setting in the environment cannot (docs/deploying.md)

The page is started with: streamlit run app.py
"""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status. Its output may be cut off (`| head`): that is no error."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python tries again as it ends
        return COMPLETED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BadSetting as bad:
        print(bad, file=sys.stderr)
        return UNREADABLE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m engine", None, _DESCRIPTION, _EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(metavar="command", required=True)
    replay = commands.add_parser("replay", help="replay a scenario and print what happened", description=_REPLAY)
    replay.add_argument("scenario", help="a scenario file (docs/formats.md), or - for standard input")
    replay.add_argument("--json", action="store_true", help="print the trace as one JSON object")
    replay.add_argument(
        "--twice", action="store_true", help="replay it a second time, and say whether the two agree (docs/findings.md)"
    )
    replay.add_argument("--seconds", type=_seconds, help="how long the replay, and each call in it, may take")
    replay.add_argument(
        "--consent", action="store_true", help="run it even where it cannot be isolated: I have read it"
    )
    replay.set_defaults(run=_replay)
    sandbox = commands.add_parser(
        "sandbox", help="say how well this computer isolates a function", description=_SANDBOX
    )
    sandbox.set_defaults(run=_sandbox)
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
    """The host's limits, with another time."""
    limits = read_settings(os.environ).limits
    if seconds is None:
        return limits
    time_ms = round(seconds * 1000)
    return msgspec.structs.replace(limits, time_ms=time_ms, call_time_ms=time_ms)


def _sandbox(_options: argparse.Namespace) -> int:
    with SandboxRunner(max_workers=1) as runner:
        found = runner.self_test()
    print(f"{found.level}: {found.sentence}\n")
    for check in found.checks:
        print(_told(check))
    return COMPLETED if found.isolates else FAILED


def _told(check: Check) -> str:
    return f"{'refused' if check.refused else 'FAILED':8} {check.name:26} {check.detail}".rstrip()


def _replay(options: argparse.Namespace) -> int:
    scenario = _read(options.scenario)
    if isinstance(scenario, list):
        return _tell(scenario)
    limits = _limits(options.seconds)
    with (
        SandboxRunner(limits, max_workers=1) as runner,
        runner.start(scenario, consent=options.consent) as replay,
    ):
        print_trace = _print_json if options.json else _text_printer()
        answer = replay.result()
        second = _second(runner, answer, options) if options.twice else None
    if isinstance(answer, list):
        return _tell(answer)
    print_trace(answer)
    if isinstance(second, Trace):
        _tell_difference(answer, second)
    return COMPLETED if answer.ending == "completed" else FAILED


def _second(
    runner: SandboxRunner, answer: Trace | list[Problem], options: argparse.Namespace
) -> Trace | list[Problem] | None:
    """What a second replay answers; None when there was no first one."""
    if isinstance(answer, list):
        return None
    with runner.again(answer.scenario, consent=options.consent) as replay:
        return replay.result()


def _tell_difference(trace: Trace, second: Trace) -> None:
    """On standard error, so that the trace can be piped on. Imported late, as the transcript."""
    from engine.diagnostics import can_be_compared, findings, findings_of_two  # noqa: PLC0415

    if not can_be_compared(trace, second):
        print("One of the two replays was stopped before its end: they cannot be compared.", file=sys.stderr)
        return
    more = [finding for finding in findings_of_two(trace, second) if finding not in findings(trace)]
    for finding in more:
        print(f"{finding.title}. {finding.why} {finding.fix}", file=sys.stderr)
    if not more:
        print("A second replay went the same way.", file=sys.stderr)


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
    from engine.views.transcript import transcript_lines  # noqa: PLC0415

    def print_text(trace: Trace) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that cannot show a character shows its number
            sys.stdout.reconfigure(errors="backslashreplace")
        for line in transcript_lines(trace):
            print(line)

    return print_text


if __name__ == "__main__":
    sys.exit(main())
