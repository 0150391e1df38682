"""Where names stand on the map so that none covers another: most important first, greedily.

Of eight places around each mark the one that hides least of the coloured lines is taken; a name
that fits nowhere is left off the picture (its mark still carries it as a tooltip).
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
    advance: float = 0.62
    """Mean width of a letter, of the font size: what the widest of common sans serifs takes."""
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
    anchors: Sequence[Anchor],
    *,
    width: float,
    height: float,
    lines: Sequence[tuple[float, float]] = (),
) -> tuple[Label, ...]:
    """Labels that overlap neither each other, nor any mark, nor the sheet's edge.

    Parameters
    ----------
    anchors
        Marks with the names they want.
    width, height
        Of the sheet, px.
    lines
        Points along what a label should rather not hide, px.

    Returns
    -------
    tuple of Label
        In order of weight, ties by position in ``anchors``; those that fit nowhere are left out.
    """
    marks, hidden = _Occupied(), _Occupied()
    for one in anchors:
        marks.add((one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius))
    for x, y in lines:
        hidden.add((x - 0.5, y - 0.5, x + 0.5, y + 0.5))
    placed: list[Label] = []
    for index in sorted(range(len(anchors)), key=lambda i: (-anchors[i].weight, i)):
        fitting = [
            label
            for label in _choices(anchors[index], index)
            if _inside(label.box, width, height) and not marks.under(label.box)
        ]
        if fitting:
            best = min(fitting, key=lambda label: hidden.under(label.box))
            marks.add(best.box)
            placed.append(best)
    return tuple(placed)


def overlap(one: Box, other: Box) -> bool:
    """True where two boxes share an area.

    >>> overlap((0, 0, 2, 2), (2, 0, 4, 2))
    False
    """
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def _choices(anchor: Anchor, index: int) -> list[Label]:
    wide = anchor.advance * anchor.size * len(anchor.words)
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

    def under(self, box: Box) -> int:
        """How many of the boxes ``box`` overlaps."""
        found = {other for cell in self._over(box) for other in self._cells.get(cell, ())}
        return sum(overlap(box, other) for other in found)

    def _over(self, box: Box) -> list[tuple[int, int]]:
        left, top, right, bottom = (int(edge // CELL) for edge in box)
        return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
