"""An edge that is too small is named, with whom it serves and what it lacks."""

import numpy as np
import pytest
from msgspec import structs

from arterial.errors import InfeasibleError
from arterial.model.network import Network
from arterial.model.site import Market, Site
from arterial.model.workload import Load
from arterial.placement.replicas import place
from arterial.placement.serving import serving_of

from .test_replicas import offer
from .test_serving import work


def network(gpus):
    """Two edges and two markets: each edge may have to hold both."""
    return Network(
        name="tight",
        sites=tuple(Site(name=f"E{e}", roles=("edge",), gpus=gpus) for e in range(2)),
        markets=tuple(Market(name=f"M{m}", site=f"at M{m}", people=6e6) for m in range(2)),
        workloads=(work("chat", "large", 4, 5.0, 3.0),),
        loads=(Load(name="all", workloads=("chat",)),),
    )


def placed(here):
    offers = [offer(number, 6e6) for number in range(2)]
    serving = serving_of(here, "all", offers, here.sites)
    return place(here, offers, np.ones((2, 2)), serving=serving)


def test_what_is_missing_is_told_and_is_enough():
    with pytest.raises(InfeasibleError) as told:
        placed(network(10))
    words = str(told.value)
    assert "E0 holds 10 accelerators and lacks 6 accelerators (M0, M1)" in words
    assert told.value.remedies[0] == "6 accelerators more at E0 and 6 accelerators more at E1"
    assert placed(network(16)).replicas


def test_power_is_told_apart():
    here = network(16)
    sites = tuple(structs.replace(site, gpu_kw=12.5) for site in here.sites)
    with pytest.raises(InfeasibleError, match=r"lacks 7\.5 kW for accelerators"):
        placed(structs.replace(here, sites=sites))
