"""Where names stand on the map so that none covers another: most important first, greedily.

Eight places around each mark are tried in turn; a name that fits nowhere is left off the picture
(its mark still carries it as a tooltip).
"""

from collections.abc import Sequence

from msgspec import Struct

__all__ = ["Anchor", "Box", "Label", "overlap", "place_labels"]

GAP = 3.0
CELL = 80.0

Box = tuple[float, float, float, float]
"""left, top, right, bottom, px."""


class Anchor(Struct, frozen=True, kw_only=True):
    """A mark that wants a name beside it."""

    words: str
    x: float
    y: float
    radius: float
    """Of the mark, px: other names keep off it."""
    size: float
    """Font size, px."""
    weight: float
    """Placed first when large."""


class Label(Struct, frozen=True, kw_only=True):
    """A name with its place: baseline and the end of the text that stands there."""

    anchor: int
    """Index of the ``Anchor``."""
    x: float
    y: float
    align: str
    """``start``, ``middle`` or ``end``, as SVG's text-anchor has it."""
    box: Box


def place_labels(
    anchors: Sequence[Anchor], *, width: float, height: float, taken: Sequence[Box] = ()
) -> tuple[Label, ...]:
    """Labels that overlap neither each other, nor any mark, nor ``taken``, nor the sheet's edge.

    Parameters
    ----------
    anchors
        Marks with the names they want.
    width, height
        Of the sheet, px.
    taken
        Boxes that stand already: legend, scale bar.

    Returns
    -------
    tuple of Label
        In order of weight, ties by position in ``anchors``; those that fit nowhere are left out.
    """
    occupied = _Occupied()
    for box in taken:
        occupied.add(box)
    for one in anchors:
        occupied.add((one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius))
    placed: list[Label] = []
    for index in sorted(range(len(anchors)), key=lambda i: (-anchors[i].weight, i)):
        for label in _choices(anchors[index], index):
            left, top, right, bottom = label.box
            inside = left >= 0 and top >= 0 and right <= width and bottom <= height
            if inside and occupied.free(label.box):
                occupied.add(label.box)
                placed.append(label)
                break
    return tuple(placed)


def overlap(one: Box, other: Box) -> bool:
    """True where two boxes share an area.

    >>> overlap((0, 0, 2, 2), (2, 0, 4, 2))
    False
    """
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _choices(anchor: Anchor, index: int) -> list[Label]:
    wide = 0.56 * anchor.size * len(anchor.words)  # a sans serif's mean advance, measured on names
    off = anchor.radius + GAP
    slant = 0.75 * off
    # x, baseline's offset from the mark in units of size, alignment
    spots = (
        (off, 0.35 * anchor.size, "start"),
        (-off, 0.35 * anchor.size, "end"),
        (0.0, -off, "middle"),
        (0.0, off + 0.75 * anchor.size, "middle"),
        (slant, -slant, "start"),
        (slant, slant + 0.7 * anchor.size, "start"),
        (-slant, -slant, "end"),
        (-slant, slant + 0.7 * anchor.size, "end"),
    )
    shift = {"start": 0.0, "middle": -wide / 2, "end": -wide}
    labels: list[Label] = []
    for east, down, align in spots:
        x, y = anchor.x + east, anchor.y + down
        left = x + shift[align]
        box = (left, y - 0.8 * anchor.size, left + wide, y + 0.22 * anchor.size)
        labels.append(Label(anchor=index, x=x, y=y, align=align, box=box))
    return labels


class _Occupied:
    """Boxes by grid cell: a thousand sites need no million comparisons."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = {}

    def add(self, box: Box) -> None:
        for cell in self._over(box):
            self._cells.setdefault(cell, []).append(box)

    def free(self, box: Box) -> bool:
        return not any(
            overlap(box, other) for cell in self._over(box) for other in self._cells.get(cell, ())
        )

    def _over(self, box: Box) -> list[tuple[int, int]]:
        left, top, right, bottom = (int(edge // CELL) for edge in box)
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
