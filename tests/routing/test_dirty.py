import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from arterial.routing.dirty import detours, dirty_sites, marks_of
from arterial.routing.ecmp import base_of, ip_of


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=80)
def test_distances_after_a_loss_are_those_of_the_network_without_the_links(drawn, seed):
    ip, _, cases = drawn(seed)
    sites, links = len(ip.sites), np.arange(len(ip.links))
    none = np.zeros((sites, sites, 1))
    whole = ip_of(ip.ends, sites, ip.metric, np.ones(len(ip.metric)))
    base, marks = base_of(whole, none), marks_of(whole)
    chunk = cases.chunk(0, len(cases))
    dead, step = np.zeros(len(ip.metric), dtype=np.bool_), 0
    for case in range(len(cases)):
        lost = chunk.links[chunk.first[case] : chunk.first[case + 1]]
        kept = np.setdiff1d(links, lost)
        metric = ip.metric.reshape(-1, 2)[kept].reshape(-1)
        rest = ip_of(ip.ends[kept], sites, metric, np.ones(len(metric)))
        expected = base_of(rest, none).distance
        dead[2 * lost] = dead[2 * lost + 1] = True
        for to in range(sites):
            routed = base.distance[to], base.hops[to]
            changed = dirty_sites(whole, routed, lost, dead, marks, step)
            if changed:
                detours(whole, base.distance[to], dead, marks, changed, step)
            found = marks.now if changed else base.distance[to]
            assert found.tolist() == expected[to].tolist()
            step += 1
        dead[:] = False
