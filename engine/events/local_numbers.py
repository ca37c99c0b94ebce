"""One number as a country writes it: `12,50`, `1.234,50`, `$1,234.50`, `12,5 %`, `1 234,50 €`.

Lives here: what such a text is with a decimal comma, and with a decimal point. The sign of a currency is no part of it.
"""

import math
import re
from collections.abc import Collection
from typing import Final

_LONGS: Final = range(-(2**63), 2**63)
_GAPS: Final = "'’ \u00a0\u202f"
_WHOLE: Final = rf"-?(?:0|[1-9][0-9]*|[1-9][0-9]{{{{0,2}}}}(?:[{{group}}{_GAPS}][0-9]{{{{3}}}})+)"
_COMMA: Final = re.compile(_WHOLE.format(group=".") + r"(?:,[0-9]+)?")
_POINT: Final = re.compile(_WHOLE.format(group=",") + r"(?:\.[0-9]+)?")
_WITHOUT_GAPS: Final = str.maketrans("", "", _GAPS)
#: Without any of these a text such as `1.234.567`, `10.100.200.250` or `555 123 456` is rather a version, an address, a name.
_LOCAL_MARK: Final = re.compile("[,'’\u00a0\u202f]")
_SIGN: Final = r"[$€£¥₹%]|(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|BRL)\b"
_SIGNED: Final = re.compile(rf"(-?)(?:({_SIGN}) ?(-?[0-9].*)|([0-9].*?) ?({_SIGN}))")


def comma_number(text: str) -> int | float | None:
    """The number in a text with a decimal comma; None where it is none."""
    text = _without_sign(text)
    return _number(text.translate(_WITHOUT_GAPS).replace(".", "").replace(",", ".")) if _COMMA.fullmatch(text) else None


def point_number(text: str) -> int | float | None:
    """The number in a text with a decimal point; None where it is none."""
    text = _without_sign(text)
    return _number(text.translate(_WITHOUT_GAPS).replace(",", "")) if _POINT.fullmatch(text) else None


def are_local(cells: Collection[str]) -> bool:
    """Whether the cells of a column show that they are numbers of a country, and of one thing: dollars beside euros are not."""
    signs = {_sign(cell.strip()) for cell in cells}
    return any(map(_LOCAL_MARK.search, cells)) if signs == {""} else len(signs) == 1


def _sign(text: str) -> str:
    match = _SIGNED.fullmatch(text)
    return (match[2] or match[5]) if match else ""


def _without_sign(text: str) -> str:
    match = _SIGNED.fullmatch(text)
    return f"{match[1]}{match[3] or match[4]}" if match else text


def _number(text: str) -> int | float | None:
    if "." in text:
        return float(text) if math.isfinite(float(text)) else None
    value = int(text) if len(text) <= len(str(_LONGS[0])) else _LONGS.stop
    return value if value in _LONGS else None
