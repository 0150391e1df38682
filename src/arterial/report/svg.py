"""SVG elements as text, every attribute and every word escaped: names come from users."""

from html import escape
from itertools import pairwise

__all__ = ["element", "number", "path", "text"]


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel, without a trailing zero.

    >>> number(12.04), number(-0.01), number(1234.56)
    ('12', '0', '1234.6')
    """
    tenth = round(value, 1)
    return f"{tenth:g}" if tenth else "0"


def element(tag: str, *children: str, **attributes: str | float) -> str:
    """An element. ``class_`` is written ``class``, ``stroke_width`` is written ``stroke-width``.

    ``children`` are SVG already; use ``text`` for words.

    >>> element("rect", x=1.5, class_='a"b')
    '<rect x="1.5" class="a&quot;b"/>'
    """
    pairs = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
    )
    inside = "".join(children)
    return f"<{tag}{pairs}>{inside}</{tag}>" if inside else f"<{tag}{pairs}/>"


def text(tag: str, words: str, **attributes: str | float) -> str:
    """An element that holds words.

    >>> text("title", "<b>")
    '<title>&lt;b&gt;</title>'
    """
    return element(tag, escape(words), **attributes)


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
    """The ``d`` of a broken line, in whole tenths and relative steps: half the bytes.

    >>> path([(0.0, 0.0), (10.0, 5.0), (10.0, 7.5)])
    'M0 0l10 5l0 2.5'
    """
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [f"M{number(tenths[0][0] / 10)} {number(tenths[0][1] / 10)}"]
    for before, after in pairwise(tenths):
        if before != after:
            east, south = (after[0] - before[0]) / 10, (after[1] - before[1]) / 10
            steps.append(f"l{number(east)} {number(south)}")
    return "".join(steps) + ("z" if closed else "")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)
