"""A design of the drill whose placement came first, and all that moves it."""

from dataclasses import dataclass

import pytest
from msgspec import structs

from arterial.design.choose import Chooser
from arterial.design.joint.offered import offered
from arterial.design.joint.stand import Stands
from arterial.design.joint.wide import carried_over, wide_instance
from arterial.design.opening import opened
from arterial.design.run import Run
from arterial.design.search import priced


@dataclass(frozen=True)
class Ready:
    """Where a joint design starts."""

    opening: object
    stands: object
    stand: object


@pytest.fixture(scope="session")
def ready():
    """Made from a network and a load."""

    def made(network, load):
        opening = opened(network, load, Run())
        instance = wide_instance(opening, "large")
        choices = offered(network, load)
        stands = Stands(Chooser(instance), choices, load)
        pairs = choices.pairs(opening.sited.replicas)
        flows = stands.traffic.flows(opening.sited.replicas)
        over = carried_over(opening.first.placements, opening.instance, instance)
        return Ready(opening, stands, stands.of(pairs, priced(instance, flows, over)))

    return made


@pytest.fixture(scope="session", params=["base", "heavy"])
def start(request, drill, ready):
    return ready(drill, request.param)


@pytest.fixture(scope="session")
def small(drill):
    """The drill with one of its markets, and of its work what people ask and edges are sent."""
    load = structs.replace(drill.loads[0], workloads=("people", "weights"), scale={"people": 9.0})
    return structs.replace(drill, markets=drill.markets[:1], loads=(load,))


@pytest.fixture(scope="session")
def drawn_stand():
    """Another placement with its network, each market's pair drawn; None where none is routed."""

    def drawn(start, random):
        stands = start.stands
        edges = range(len(stands.choices.edges))
        pairs = tuple(
            found[random.integers(len(found))]
            for found in (
                list(stands.among(market, edges)) for market in range(len(start.stand.pairs))
            )
        )
        return stands.moved(start.stand, pairs)

    return drawn
