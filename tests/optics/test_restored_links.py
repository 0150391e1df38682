import msgspec
import pytest

from arterial.optics.restore import installed_spares, player_of, restored
from arterial.optics.restore_cuts import cut_named, cuts_of
from arterial.optics.restore_rows import restored_rows
from arterial.optics.restored_links import restored_links


@pytest.fixture(scope="module")
def done(mesh, drawn, lit_plan):
    network = mesh(4, sites=7)
    sections = drawn(network, 4)
    plan = lit_plan(network, sections, 4, waves=14)
    waves, hops = restored_rows(
        restored(player_of(plan, sections, installed_spares(plan)), cuts_of(plan))
    )
    return msgspec.structs.replace(plan, restored_waves=waves, restored_hops=hops)


def test_links_add_up_to_what_the_rows_say(done):
    found = restored_links(done)
    for case in {row.case for row in found}:
        own = [row for row in found if row.case == case]
        back = [row for row in done.restored_waves if row.case == case]
        assert sum(row.restored_gbps for row in own) == sum(row.rate_gbps for row in back)
        assert sum(row.back for row in own) == len(back)
        assert all(0.0 <= row.share <= 1.0 for row in own)


def test_a_restored_link_is_no_faster_than_light_over_its_way(done):
    km = {fibre.name: fibre.length_km for fibre in done.network.fibres}
    link_of = {wave.name: wave.link for wave in done.lightpaths}
    late = {(row.case, row.link): row.latency_ms for row in restored_links(done)}
    length = {}
    for hop in done.restored_hops:
        key = (hop.case, hop.lightpath)
        length[key] = length.get(key, 0.0) + km[hop.fibre]
    assert length
    for (case, wave), total_km in length.items():
        assert late[case, link_of[wave]] > 1.37 * 4.9e-3 * total_km


def test_cases_are_found_by_their_names(done):
    for cut in cuts_of(done, ("fibre", "srlg", "fibre2")):
        assert cut_named(done.network, cut.name).fibres >= cut.fibres
    one = done.network.fibres[0].name
    for nothing in ("site 1", f"fibre {one} + fibre {one}"):
        with pytest.raises(KeyError):
            cut_named(done.network, nothing)
