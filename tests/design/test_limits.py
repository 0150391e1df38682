import numpy as np
import pytest
from msgspec import structs

from arterial.design.bill import bill_of
from arterial.design.build import Build, settled
from arterial.design.light import light_of
from arterial.design.limits import check_given, check_limits
from arterial.design.traffic import ip_links
from arterial.errors import InfeasibleError, SolverError
from arterial.model.fibre import Link


@pytest.fixture
def rows(tiny, designs_of):
    """Links, lightpaths and bill of a design on five sites."""
    here = tiny(4)
    state = next(designs_of(here, np.random.default_rng(4), 1))
    build = settled(here.instance, here.flows, state)
    light = light_of(here.instance, build)
    links = ip_links(here.instance, build)
    bill = bill_of(here.network, links, light.lightpaths, light.lit, ("S1", "S2"))
    return here.network, links, light.lightpaths, bill


def limited(network, **limits):
    sites = tuple(
        structs.replace(site, **limits) if site.name == "S0" else site for site in network.sites
    )
    return structs.replace(network, sites=sites)


def used_at(site, links, lightpaths):
    """Waves and watts that end at a site: half a wave's pluggables that are not regenerators'."""
    here = {link.name for link in links if site in (link.a, link.z)}
    waves = [wave for wave in lightpaths if wave.link in here]
    return len(waves), sum(wave.watts / 2 / (1 + len(wave.regenerators)) for wave in waves)


def test_what_fits_passes_and_one_less_is_refused_by_name(rows):
    network, *tables = rows
    ports, watts = used_at("S0", *tables[:2])
    chassis = next(i.quantity for i in tables[2] if (i.item, i.where) == ("chassis", "S0"))
    check_limits(network, *tables)
    check_limits(limited(network, ports=ports, slots=int(chassis), power_kw=watts / 1000), *tables)
    for limits, words in (
        ({"ports": ports - 1}, f"{ports} ports are needed and it has {ports - 1}"),
        ({"slots": int(chassis) - 1}, f"{chassis:g} chassis are needed"),
        ({"power_kw": 0.999 * watts / 1000}, "watts are needed"),
    ):
        with pytest.raises(InfeasibleError, match=words) as told:
            check_limits(limited(network, **limits), *tables)
        assert told.value.demand == "site 'S0'"
        assert told.value.remedies


def test_a_ready_made_link_asked_for_more_than_it_has_is_named_and_unknown(tiny, posed):
    here = tiny(4)
    link = Link(name="L", a="S3", z="S4", capacity_gbps=40.0, latency_ms=1.0)
    network = structs.replace(here.network, links=(link,))
    instance = posed(network, here.demands, here.replicas).instance
    option = np.zeros(len(instance.routes), dtype=np.int64)
    waves = np.array([1 if route.given else 5 for route in instance.routes])
    check_given(instance, Build(option, waves, ()))
    waves[-1] = 2
    with pytest.raises(SolverError, match="no more of link 'L' than its 40 Gb/s"):
        check_given(instance, Build(option, waves, ()))
