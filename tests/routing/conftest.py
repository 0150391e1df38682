"""Random networks, traffic and failure cases; small, so that naive oracles keep up."""

import numpy as np
import pytest

from arterial.demand.traffic import Traffic
from arterial.fabric.ip import IpFabric
from arterial.fabric.ip_cases import CaseSet, Listed
from arterial.fabric.ip_elements import elements_of


def drawn_fabric(random):
    """Parallel links, ties, metrics and capacities that differ by direction, several routers."""
    sites = int(random.integers(2, 9))
    ends = random.integers(0, sites, (int(random.integers(2, 18)), 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    ends = ends if len(ends) else np.array([[0, 1]])
    names = tuple(f"l{number}" for number in range(len(ends)))
    return IpFabric(
        sites=tuple(f"s{number}" for number in range(sites)),
        links=names,
        ends=ends,
        capacity_gbps=random.choice([5.0, 10.0, 40.0], 2 * len(ends)),
        metric=random.integers(1, 4, 2 * len(ends)).astype(float),
        latency_ms=random.integers(1, 9, 2 * len(ends)).astype(float),
        routers=random.integers(1, 4, sites),
        fibres=tuple((name, (number,)) for number, name in enumerate(names)),
        risks=(("duct", tuple(range(0, len(ends), 2))),),
    )


def drawn_traffic(random, sites):
    """Three classes, of which two have one priority."""
    count = int(random.integers(0, 12))
    ends = random.integers(0, sites, (count, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    return Traffic(
        classes=("gold", "silver", "tin"),
        priority=np.array([0, 2, 2]),
        rtt_ms=np.full(3, np.inf),
        source=ends[:, 0],
        target=ends[:, 1],
        of_class=random.integers(0, 3, len(ends)),
        gbps=random.integers(1, 20, len(ends)).astype(float),
        access_ms=np.zeros(len(ends)),
    )


def drawn_cases(random, ip, count=6):
    """Cases of one to four elements of any kind."""
    elements = elements_of(ip)
    cases = [
        np.sort(random.choice(len(elements), int(random.integers(1, 5)), replace=False))
        for _ in range(count)
    ]
    first = np.cumsum([0, *map(len, cases)]).astype(np.int64)
    part = Listed(first, np.concatenate(cases).astype(np.int64))
    return CaseSet(ip=ip, elements=elements, parts=(part,))


def standing(ip, chunk, case):
    """Capacity by arc of what stands, 0 where it does not; and the sites that do."""
    room = ip.capacity_gbps.copy()
    for place in range(chunk.weak_first[case], chunk.weak_first[case + 1]):
        room[2 * chunk.weak[place] : 2 * chunk.weak[place] + 2] *= chunk.weak_share[place]
    for link in chunk.links[chunk.first[case] : chunk.first[case + 1]]:
        room[2 * link : 2 * link + 2] = 0.0
    return room, ~chunk.sites[case]


@pytest.fixture(scope="session")
def drawn():
    """By seed: a network, its traffic and cases."""

    def draw(seed):
        random = np.random.default_rng(seed)
        ip = drawn_fabric(random)
        return ip, drawn_traffic(random, len(ip.sites)), drawn_cases(random, ip)

    return draw


@pytest.fixture(scope="session")
def left():
    return standing
