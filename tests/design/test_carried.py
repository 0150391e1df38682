import math
from itertools import pairwise

from arterial.design.carried import carried, chains, option_of
from arterial.optics.dearest import dearest_section
from arterial.optics.mode_table import mode_table
from arterial.optics.reach import segment_reach


def routes(here):
    for link in here.plan.ip_links:
        base, _, _ = here.works(link.a, link.z, in_place=True)
        yield base.bundles[0].arcs


def test_a_mode_is_judged_by_the_worse_direction_and_names_its_dearest_fibre(ground_floor):
    network, sections = ground_floor.plan.network, ground_floor.sections
    table = mode_table(network, sections)
    for arcs in routes(ground_floor):
        back = [arc ^ 1 for arc in reversed(arcs)]
        ahead, behind = (segment_reach(network, sections, way) for way in (arcs, back))
        for number, row in enumerate(carried(network, sections, arcs, ())):
            both = (ahead[number], behind[number])
            margins = [one.margin_db for one in both]
            if math.isnan(row.margin_db):
                continue
            assert row.margin_db == min(margins)
            found = dearest_section(sections, table, number, (arcs, back)[margins[1] < margins[0]])
            if found is not None and margins[0] != margins[1]:
                assert row.dearest_fibre == network.fibres[found[0]].name
                assert row.dearest_share == found[1]
            assert (row.short_db > 0) == (row.margin_db < network.margins.total_db)


def test_a_chain_carries_its_mode_one_way(ground_floor):
    network, sections = ground_floor.plan.network, ground_floor.sections
    for arcs in routes(ground_floor):
        for mode, chain in chains(network, sections, arcs).items():
            stops = [0, *(hop + 1 for hop in chain), len(arcs)]
            for first, end in pairwise(stops):
                rows = segment_reach(network, sections, arcs[first:end])
                assert next(row for row in rows if row.mode == mode).verdict == "yes"


def test_only_a_mode_that_reaches_and_has_a_price_can_be_lit(ground_floor):
    network, sections = ground_floor.plan.network, ground_floor.sections
    prices = {mode.name: mode.cost for mode in network.modes}
    for arcs in routes(ground_floor):
        for row in carried(network, sections, arcs, ()):
            option = option_of(network, row, ())
            may = row.verdict == "yes" and prices[row.mode] is not None
            assert (option is not None) == may
            assert option is None or option.cost == 2 * prices[row.mode]
