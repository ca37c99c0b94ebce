"""What makes a function answer otherwise when Spark calls it again. Lives here: findings from the source's text alone."""

import re
from collections.abc import Iterable
from typing import Final

from engine.diagnostics import cures
from engine.diagnostics.finding import Diagnostic, Finding, Kind
from engine.diagnostics.source import Function, Line
from engine.views.words import visible

#: A generator that was given a seed answers the same again; one without does not.
_NUMPY_CHANCE: Final = (
    r"(?:(?!seed\b|default_rng\b|RandomState\b|Generator\b)\w+\s*\(|(?:default_rng|RandomState)\s*\(\s*\))"
)
#: What may be imported, and how its use looks behind the name: the wall clock, and chance.
_CLOCK_OR_CHANCE: Final = (
    ("time", r"\.(?:time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns)\s*\("),
    ("time", r"\.(?:localtime|gmtime|ctime|asctime)\s*\(\s*\)"),
    ("time.time", r"\s*\("),
    ("time.time_ns", r"\s*\("),
    ("time.monotonic", r"\s*\("),
    ("time.perf_counter", r"\s*\("),
    ("datetime", r"\.(?:datetime|date)\.(?:now|utcnow|today)\s*\("),
    ("datetime.datetime", r"\.(?:now|utcnow|today)\s*\("),
    ("datetime.date", r"\.today\s*\("),
    ("pandas", r"\.Timestamp\.(?:now|utcnow|today)\s*\("),
    ("pandas.Timestamp", r"\.(?:now|utcnow|today)\s*\("),
    ("random", r"\.(?!seed\b|Random\b|getstate\b|setstate\b)\w+\s*\("),
    ("random", r"\.Random\s*\(\s*\)"),
    ("numpy", rf"\.random\.{_NUMPY_CHANCE}"),
    ("numpy.random", rf"\.{_NUMPY_CHANCE}"),
    ("uuid", r"\.uuid[14]\s*\("),
    ("uuid.uuid1", r"\s*\("),
    ("uuid.uuid4", r"\s*\("),
    ("secrets", r"\.\w+\s*\("),
    ("os", r"\.urandom\s*\("),
)
_UNSEEDED: Final = re.compile(
    r"random\.(?!seed$|Random$)\w+|numpy\.random\.(?!seed$|default_rng$|RandomState$|Generator$)\w+"
)
_MUTABLE: Final = re.compile(
    r"^(\w+)\s*(?::[^=]+)?=\s*(?:[\[{]|(?:collections\.)?(?:set|dict|list|defaultdict|Counter|deque|OrderedDict)\s*\()"
)
_CHANGES: Final = (
    r"(?<![\w.]){0}\s*(?:(?:\[[^\]]*\]\s*)+(?:[-+*/|&%^@]|//|\*\*|<<|>>)?=(?!=)"
    r"|(?:\[[^\]]*\]\s*)*\.(?:append|appendleft|extend|add|update|pop|popleft|popitem|setdefault|clear|remove|discard|insert)"
    r"\s*\(|(?:[-+|&*^])=)|\bdel\s+{0}\s*\["
)
#: Each is looked for in every line.
_MOST_NAMES: Final = 100
#: Each is looked at with each later one, and all lines between them.
_MOST_READINGS: Final = 20
_GLOBAL: Final = re.compile(r"^\s+global\s+(\w+)")
_CONSUMERS: Final = (
    "list|tuple|set|frozenset|sum|sorted|max|min|any|all|enumerate|map|filter|zip|dict|Counter|deque|reversed|DataFrame"
)
_OTHER_BRANCH: Final = re.compile(r"^(?:else|elif|except|case|finally)\b")
_LEAVES: Final = re.compile(r"^(?:return|raise|continue|break)\b")


class ClockOrChance(Diagnostic):
    """The wall clock, or a random number, in the source."""

    kind = Kind(
        "wall-clock-or-chance",
        "warning",
        "The source reads the wall clock or a random number: Spark may run a batch twice, and then gets a different answer.",
    )

    def findings(self) -> Iterable[Finding]:
        found = [(line, use) for line in self.case.source.lines for use in self._uses(line)]
        if not found:
            return
        first, use = found[0]
        yield self.finding(
            f"The function uses {visible(use)}",
            why="After a failure Spark runs the same batch again, and this gives a different answer than the first time: "
            "state and output no longer match. A replay of old data sees today's time.",
            fix="Take the time of the batch, or a time from the rows; make ids from the key and the rows.",
            code=cures.now_ms(self.case),
            line=first.number,
            count=len(found),
        )

    def _uses(self, line: Line) -> Iterable[str]:
        if re.match(r"\s*(?:from|import)\s", line.text):
            return
        for name, module in self.case.source.imports.items():
            tails = [tail for known, tail in _CLOCK_OR_CHANCE if known == module]
            tails += [r"\s*\("] if _UNSEEDED.fullmatch(module) else []
            for tail in tails:
                use = re.search(rf"(?<![\w.]){re.escape(name)}{tail}", line.text)
                if use:
                    yield f"{use.group().rstrip('( )')}()"


class ModuleState(Diagnostic):
    """A collection or a counter of the module that the function changes."""

    kind = Kind(
        "module-level-state",
        "warning",
        "The function changes a variable of the module: each executor has its own, and none survives a restart.",
    )

    def findings(self) -> Iterable[Finding]:
        lines = self.case.source.lines
        changed = [(name, line) for name in self._names(lines) for line in lines if self._changes(name, line)]
        changed += [(found.group(1), line) for line in lines if (found := _GLOBAL.match(line.text))]
        if not changed:
            return
        name, first = min(changed, key=lambda place: place[1].number)
        yield self.finding(
            f"The function remembers in {visible(name)}, outside its state",
            why="Spark does not know about it: it is in no checkpoint. Each executor has a copy of its own, a new batch may "
            "start with an empty one, and a batch that runs twice counts twice.",
            fix="Keep what has to be remembered in the state of the key.",
            code=cures.update(self.case),
            line=first.number,
            count=len(changed),
        )

    def _names(self, lines: tuple[Line, ...]) -> list[str]:
        """Collections of the module, less those that a function covers with a variable of its own."""
        names = [found.group(1) for line in lines if line.indent == 0 and (found := _MUTABLE.match(line.text))]
        return [name for name in names[:_MOST_NAMES] if not self._is_covered(name, lines)]

    def _is_covered(self, name: str, lines: tuple[Line, ...]) -> bool:
        own = re.compile(
            rf"^\s+{name}\s*(?::[^=]+)?=(?!=)|\bfor\b(?:(?!\bin\b)[^:])*\b{name}\b|\bdef\b[^(]*\([^)]*\b{name}\b"
        )
        return any(own.search(line.text) for line in lines)

    def _changes(self, name: str, line: Line) -> bool:
        return line.indent > 0 and re.search(_CHANGES.format(name), line.text) is not None


class ReadTwice(Diagnostic):
    """The values are a one-pass iterator in Spark, and the function goes through them twice."""

    kind = Kind(
        "values-are-read-twice",
        "warning",
        "The function goes through its values twice; in Spark they are an iterator, and the second time it is empty.",
    )

    def findings(self) -> Iterable[Finding]:
        function = self.case.source.function
        if self.case.trace.rows_as == "list" or function is None or len(function.parameters) < 2:
            return
        name = function.parameters[1]
        second = _second_reading(function, name)
        if second is None:
            return
        yield self.finding(
            f"{visible(name)} is read twice",
            why="Spark hands over an iterator. The first loop uses it up, and the second sees no rows at all: no error, "
            "only a wrong result.",
            fix="Make a list of it first, at the top of the function.",
            code=f"{name} = list({name})",
            line=second.number,
        )


def _second_reading(function: Function, name: str) -> Line | None:
    """The first line that reads the values when an earlier one surely has; None when it is not sure."""
    given_anew = re.compile(rf"^\s*(?:\w+\s*,\s*)*{name}\s*(?:,[\w\s,]*)?(?::[^=]+)?=(?!=)|\btee\s*\(")
    if any(given_anew.search(line.text) for line in function.body):
        return None
    reading = re.compile(rf"\bin\s+{name}\b(?!\s*[.\[(])|\b(?:{_CONSUMERS})\s*\([^()]*\b{name}\b\s*[,)]")
    readings = [line for line in function.body for _ in reading.finditer(line.text)][:_MOST_READINGS]
    for place, first in enumerate(readings):
        for second in readings[place + 1 :]:
            if _both_run(function, first, second):
                return second
    return None


def _both_run(function: Function, first: Line, second: Line) -> bool:
    """Whether nothing between two lines looks as if only one of them runs: another branch, or a way out."""
    if first is second:
        return " else " not in first.text and " or " not in first.text and " and " not in first.text
    if re.search(r":\s*(?:return|raise)\b", first.text):
        return False
    between = [line for line in function.body if first.number < line.number <= second.number]
    if any(_OTHER_BRANCH.match(line.text.lstrip()) and line.indent < first.indent for line in between):
        return False
    ways_out = [line for line in (first, *between[:-1]) if _LEAVES.match(line.text.lstrip())]
    return not any(second.indent < line.indent <= first.indent for line in ways_out)
