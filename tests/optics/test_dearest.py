import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arterial.optics.dearest import dearest_section
from arterial.optics.mode_table import mode_table


@given(hops=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
def test_the_dearest_section_has_the_largest_share_on_the_worst_channel(hops, seed, chain, drawn):
    network = chain([100.0] * hops)
    sections = drawn(network, seed)
    table = mode_table(network, sections)
    segment = list(range(0, 2 * hops, 2))
    for number, missing in enumerate(table.missing):
        found = dearest_section(sections, table, number, segment)
        if table.comb[number] < 0:
            assert missing
            assert found is None
            continue
        noise = 1.0 + sections.noise[table.comb[number]][segment]
        worst = int(np.argmax(noise.prod(axis=0)))
        parts = np.log(noise[:, worst])
        assert found[0] == int(np.argmax(parts))
        assert np.isclose(found[1], parts.max() / parts.sum())
        assert 1.0 / hops - 1e-12 <= found[1] <= 1.0


def test_a_dark_section_leaves_it_unknown(chain, drawn):
    network = chain([100.0, None])
    sections = drawn(network, 1)
    table = mode_table(network, sections)
    assert dearest_section(sections, table, 0, (0, 2)) is None
    assert dearest_section(sections, table, 0, (0,)) == (0, 1.0)
