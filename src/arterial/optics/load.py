"""Which light the figures of a section are for, and how far other light may be from it.

A section's figures are for a full comb of one kind. Other light was measured against them with
GNPy on CONUS, over shortest routes and single sections; the bound below holds for the estimate that
reach uses, the worst channel of the comb that stands for a mode. A test measures it again on a few
routes, the benchmark ``light`` on many.

On a line of the C band alone, less light is better light. On a line of two bands it is not: gains
and tilts are set for the power that a full C band hands to a full L band, and where that is missing
channels fall short: by 9 to 13 dB at a quarter of the load, by 1 to 2 dB at half of it, not at all
at nine tenths, and by 3 to 4 dB when the L band is full and the C band empty. Such a line is to be
kept full, idle spectrum by noise light, and its figures say so.
"""

__all__ = ["MIXED_COMB_DB", "load_words"]

MIXED_COMB_DB: dict[tuple[str, ...], float] = {("C",): 0.05, ("L", "C"): 0.6}
"""By bands: what a channel falls short of the estimate among channels of the other class, at most,
dB.

Measured with 60.1 and 63.1 GBd beside 118.2 and 131.3 GBd, on CORONET CONUS and Global. In the C
band 0.033 dB (63 routes, shares of wide channels from 5 to 95 %). In C and L 0.039 dB on CONUS and
0.581 dB worldwide (20 routes up to the far side of an ocean, 3 shares): more than the default of
``margins.mixed_comb_db`` keeps. Channel by channel, against the same frequency of its own comb, it
is -0.20 to +0.04 and -0.83 to +0.16 dB on CONUS.
"""

LOADS: dict[tuple[str, ...], str] = {
    ("C",): "full load of the C band, which is the pessimistic one;"
    " Raman scattering between channels not counted",
    ("L", "C"): "full load of the L and the C band together, idle spectrum filled with noise light;"
    " Raman scattering between channels counted: less light than that is worse light, and"
    f" neighbours of another class cost up to {MIXED_COMB_DB['L', 'C']:g} dB, to be kept in"
    " margins.mixed_comb_db",
}


def load_words(bands: tuple[str, ...]) -> str:
    """Load and Raman scattering that the figures of a line of these bands are for.

    >>> load_words(("C",)).split(";")[0]
    'full load of the C band, which is the pessimistic one'
    """
    return LOADS[bands]
