import numpy as np
import pytest

from arterial.fabric.ip import IpFabric


@pytest.fixture(scope="session")
def square():
    """A ring of four sites with a chord A-C; two routers at A, one elsewhere."""
    ends = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)]
    names = ("AB", "BC", "CD", "DA", "AC")
    return IpFabric(
        sites=tuple("ABCD"),
        links=names,
        ends=np.array(ends, dtype=np.int64),
        capacity_gbps=np.full(10, 100.0),
        metric=np.ones(10),
        latency_ms=np.ones(10),
        routers=np.array([2, 1, 1, 1]),
        fibres=tuple((name, (number,)) for number, name in enumerate(names)),
        risks=(("duct", (0, 3)),),
    )
