"""What a text is that Python cannot read because it is none of Python's. Lives here: signs of other languages, line by line.

The text is a stranger's and this runs in the server: only its beginning is looked at, and no line to its end.
"""

import re
from collections.abc import Iterator
from typing import Final

_MOST_READ: Final = 10_000
_LONGEST_LINE: Final = 300
#: What a line of Scala begins with or is, and none of Python: "a => b" alone may be a comment, or >= misspelt.
_SCALA: Final = re.compile(
    r"(?:val|var)\s+\w+\s*[:=]|case class\b|object\s+[A-Z]|case\b[^#'\"]*=>|[^#'\"]*=>[\s{]*$"
    r"|def\s+\w+.*\)\s*(?::\s*[A-Z].*)?=(?!=)|(?:override|implicit|lazy|sealed|abstract)\s+(?:def|val|class|trait)\b"
    r"|class\s+\w+.*\bextends\b.*\[|import\s+[\w.]+\.(?:_|\{)"
)
#: What the first line that is no comment begins with: further down it may stand in a text of Python's.
_BY_THEIR_FIRST_LINE: Final = {
    "Java": r"(?:import|package)\s+(?:static\s+)?[\w.]+(?:\.\*)?;|(?:public|private|protected|final|static)\s"
    r"|@Override\b|[A-Z]\w*<[^=]*>\s*\w+\s*=",
    "C#": r"using\s+[A-Z][\w.]*;",
    "JavaScript": r"(?:async\s+)?function\b.*\{|(?:const|let)\s+[\w{]|export\s+(?:default|const|function)\b",
    "R": r"[\w.]+\s*<-|library\(",
    "Go": r"func\s+\w+\(|package\s+\w+$",
    "Rust": r"(?:pub\s+)?fn\s+\w+|use\s+\w+::",
    "Kotlin": r"(?:override\s+|suspend\s+)?fun\s+\w+",
    "SQL": r"(?i:select\s|create\s|insert\s+(?:into|overwrite)\s|merge\s+into\s|with\s+\w+\s+as\s*\(|use\s+\w+;)",
    "Spark's shell": r"scala>",
    "a shell": r"\$\s|(?:spark-submit|pyspark|conda|docker|kubectl|curl|sudo|export|cd)\s",
    "an error message": r"Traceback \(most recent call last\)",
    "a patch": r"diff --git |--- a/|@@ -\d",
}
_FIRST_LINES: Final = {language: re.compile(sign) for language, sign in _BY_THEIR_FIRST_LINE.items()}
_COMMENTS: Final = ("#", "//", "/*", "*", "-- ")
_IN_PYTHON: Final = "functions are written in Python here, as the samples show"
_INSTEAD: Final = {
    "SQL": "here stands the function that Spark calls for each key, in Python",
    "a shell": "paste the file with the function instead",
    "an error message": "paste the function that it is about",
    "a patch": "paste the whole file instead",
}


def advice_on_its_language(source: str) -> str:
    """A sentence for a text in another language than Python, without a full stop; "" where that is not sure."""
    language = _language(source)
    return f"This looks like {language}: {_INSTEAD.get(language, _IN_PYTHON)}" if language else ""


def _language(source: str) -> str | None:
    first = next((line for line in _lines(source) if line and not line.startswith(_COMMENTS)), "")
    found = (language for language, sign in _FIRST_LINES.items() if sign.match(first))
    is_scala = any(map(_SCALA.match, _lines(source)))
    return next(found, "Scala" if is_scala else None)


def _lines(source: str) -> Iterator[str]:
    return (line.strip()[:_LONGEST_LINE] for line in source[:_MOST_READ].split("\n"))
