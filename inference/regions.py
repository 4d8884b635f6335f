"""Where in a frontal chest a box lies, in words: a zone and the patient's side.

A description of a box's centre, never a diagnosis. Sides and what is central come from the heart's
and chest's widths where the grounder measured them; heights are thirds of the picture, since no
lung heights are kept. Without widths the picture's own middle and thirds stand in for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from inference.schema import Box

Zone = Literal[
    "apex", "upper_zone", "mid_zone", "lower_zone", "costophrenic_angle",
    "hilar", "retrocardiac", "cardiac", "mediastinal",
]  # fmt: skip

_APEX: Final = 1 / 6
_UPPER, _MID = 1 / 3, 2 / 3
_CENTRAL: Final = 0.12
"""Half the mediastinum's width as a share of the chest's: nearer the midline is no lung."""
_HILAR: Final = 0.24
_OUTER: Final = 0.33
"""From here outwards, as a share of the chest's width from its middle, lies the angle's side."""
_ONE_SIDED: Final = 0.75


@dataclass(frozen=True, slots=True)
class Region:
    """``side`` is the patient's; ``None`` for what lies in the middle or spans both sides."""

    zone: Zone
    side: Literal["left", "right"] | None

    @property
    def name(self) -> str:
        """As a person says it: ``left lower zone``, ``mediastinal``."""
        zone = self.zone.replace("_", " ")
        return f"{self.side} {zone}" if self.side else zone


@dataclass(frozen=True, slots=True)
class Widths:
    """The chest's and the heart's (x0, x1) in 0..1 of the picture; ``heart`` may be unknown."""

    chest: tuple[float, float] = (0.0, 1.0)
    heart: tuple[float, float] | None = None

    @property
    def midline(self) -> float:
        return (self.chest[0] + self.chest[1]) / 2

    @property
    def chest_width(self) -> float:
        return self.chest[1] - self.chest[0]


def widths_of(measurements: Mapping[str, float]) -> Widths:
    """The widths a grounding measured; the whole picture where it measured none that hold."""
    chest = _extent(measurements, "chest")
    if chest is None:
        return Widths()
    heart = _extent(measurements, "heart")
    inside = heart is not None and chest[0] <= heart[0] and heart[1] <= chest[1]
    return Widths(chest, heart if inside else None)


def place_of(box: Box | None, measurements: Mapping[str, float]) -> str | None:
    """The box's region by name; ``None`` where no chest was measured, as on a lateral view."""
    if box is None or "chest_x0" not in measurements:
        return None
    return region_of(box, widths_of(measurements)).name


def region_of(box: Box, widths: Widths) -> Region:
    """The region of the box's centre; ``side`` only if three quarters of the box lie there."""
    y, x = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    away = abs(x - widths.midline) / widths.chest_width
    if away < _CENTRAL:
        return Region("mediastinal" if y < _UPPER else "cardiac", None)
    side = _side(box, widths.midline)
    if _behind_heart(x, y, widths):
        return Region("retrocardiac", side)
    return Region(_lung_zone(y, away), side)


def _lung_zone(y: float, away: float) -> Zone:
    if y < _UPPER:
        return "apex" if y < _APEX else "upper_zone"
    if y < _MID:
        return "hilar" if away < _HILAR else "mid_zone"
    return "costophrenic_angle" if away >= _OUTER else "lower_zone"


def _behind_heart(x: float, y: float, widths: Widths) -> bool:
    """In the lower third, within the heart's left half (the picture's right)."""
    heart = widths.heart
    return heart is not None and y >= _MID and widths.midline < x <= heart[1]


def _side(box: Box, midline: float) -> Literal["left", "right"] | None:
    """The picture's left is the patient's right."""
    share = (midline - box[1]) / (box[3] - box[1])
    if share >= _ONE_SIDED:
        return "right"
    return "left" if share <= 1 - _ONE_SIDED else None


def _extent(measurements: Mapping[str, float], organ: str) -> tuple[float, float] | None:
    x0, x1 = measurements.get(f"{organ}_x0"), measurements.get(f"{organ}_x1")
    if x0 is None or x1 is None or not 0 <= x0 < x1 <= 1:
        return None
    return x0, x1
