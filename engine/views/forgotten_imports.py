"""Names that people use without their import, and the line that brings each. Lives here: that table. Nothing is imported."""

import re
from typing import Final

_MODULES: Final = """
base64 collections copy datetime decimal functools hashlib heapq itertools json logging math operator os pickle random re
statistics string struct sys time typing uuid zlib
"""
#: Names, by the line that brings them.
_IMPORTS: Final = {
    name: line.format(name)
    for line, names in {
        "from typing import {}": "Any Callable Dict Generator Iterable Iterator List NamedTuple Optional Sequence Set Tuple "
        "TypedDict Union",
        "from dataclasses import {}": "dataclass field asdict astuple",
        "from datetime import {}": "timedelta timezone",
        "from collections import {}": "Counter OrderedDict defaultdict deque namedtuple",
        "from functools import {}": "lru_cache partial reduce wraps",
        "from itertools import {}": "chain groupby islice pairwise",
        "from copy import {}": "copy deepcopy",
        "from decimal import {}": "Decimal",
        "from enum import {}": "Enum IntEnum",
        "from uuid import {}": "uuid4",
        "from pyspark.sql.types import {}": "StructType StructField StringType LongType IntegerType DoubleType TimestampType "
        "BooleanType ArrayType MapType",
        "from pyspark.sql import Row": "Row",
        "from pyspark.sql import functions as F": "F",
        "import pandas as pd": "pd",
        "import numpy as np": "np",
    }.items()
    for name in names.split()
}
_DATETIME_ITSELF: Final = re.compile(
    r"\bdatetime\.(?:now|utcnow|today|strptime|fromisoformat|fromtimestamp|combine|max|min)\b"
)


def import_of(name: str, source: str) -> str:
    """The line that brings what everybody calls so, as the source uses it; "" for other names."""
    if name == "datetime" and _DATETIME_ITSELF.search(source):
        return "from datetime import datetime"
    return f"import {name}" if name in _MODULES.split() else _IMPORTS.get(name, "")
