"""The timeline's measures in pixels. Lives here: where each part begins and how high it is; colours and marks do not."""

from typing import ClassVar, Final

import msgspec

#: The plot is exactly what lies between these two, at every width of the page: whoever draws over it relies on that.
PLOT_LEFT_PX: Final = 112
PLOT_RIGHT_PX: Final = 10
EDGES: Final = {"left": PLOT_LEFT_PX, "right": PLOT_RIGHT_PX}
SMALL_FONT_PX: Final = 11


class Lanes(msgspec.Struct, frozen=True):
    """The measures of one key: its height, the bar of its state in it, and the middle of its calls and timeouts."""

    height: int
    bar_top: int
    bar: int
    calls_middle: int
    stroke: int
    font: int
    label_pad: int


#: The fewer keys, the more room for each: up to so many.
_LANES: Final = (
    (4, Lanes(height=64, bar_top=7, bar=30, calls_middle=50, stroke=16, font=14, label_pad=7)),
    (12, Lanes(height=46, bar_top=5, bar=22, calls_middle=36, stroke=13, font=13, label_pad=5)),
)
_DENSE: Final = Lanes(height=32, bar_top=3, bar=15, calls_middle=25, stroke=10, font=11, label_pad=3)


class Layout(msgspec.Struct, frozen=True):
    """Top to bottom: the names of the triggers, the watermark strip (if there is one), and two lanes a key."""

    keys: int
    has_watermark: bool

    header_height: ClassVar[int] = 38
    strip_height: ClassVar[int] = 84
    gap: ClassVar[int] = 10

    @property
    def lanes_top(self) -> int:
        return self.header_height + (self.strip_height + self.gap if self.has_watermark else 0)

    @property
    def lanes(self) -> Lanes:
        return next((lanes for most, lanes in _LANES if self.keys <= most), _DENSE)

    @property
    def bar_middle(self) -> float:
        return self.lanes.bar_top + self.lanes.bar / 2

    @property
    def is_large(self) -> bool:
        return self.lanes is _DENSE

    @property
    def height(self) -> int:
        return self.lanes_top + max(1, self.keys) * self.lanes.height + 4

    def y(self, offset: float) -> str:
        """The place of a mark `offset` pixels below the top of its row."""
        return f"{self.lanes_top + offset} + datum.row * {self.lanes.height}"
