"""Which section of a transparent segment costs most: where work on the fibre would pay."""

from collections.abc import Sequence

import numpy as np

from arterial.optics.mode_table import ModeTable
from arterial.optics.sections import Sections

__all__ = ["dearest_section"]


def dearest_section(
    sections: Sections, table: ModeTable, mode: int, segment: Sequence[int]
) -> tuple[int, float] | None:
    """The fibre whose noise is the largest part of what the sections of a segment add.

    Parameters
    ----------
    sections
        Of the network.
    table
        Of the same network's modes.
    mode
        Index of the mode in ``table``; its comb's worst channel over the segment counts.
    segment
        Directed sections, one or more, in order.

    Returns
    -------
    (fibre, share)
        Index of the fibre, the first of equals, and its share, 0 to 1, of the sections' noise by
        the product rule (log1p of noise over signal adds up); noise of add, drop and transmitter
        is not in it. None where the mode has no comb or a section's light is unknown.
    """
    comb = int(table.comb[mode])
    if comb < 0:
        return None
    parts = sections.log_noise[comb][np.asarray(segment, dtype=np.int64)]
    worst = parts[:, int(parts.sum(axis=0).argmax())]
    total = float(worst.sum())
    if not np.isfinite(total) or total <= 0.0:
        return None
    first = int(worst.argmax())
    return segment[first] // 2, float(worst[first]) / total
