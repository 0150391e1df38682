"""A market that cannot be placed is told by name, what stands in the way, and what would not."""

from textwrap import fill

import numpy as np
import pytest
from inline_snapshot import snapshot
from msgspec.structs import replace

from arterial.demand.offers import Offer
from arterial.errors import InfeasibleError
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.placement.replicas import place

EDGES = Network(
    name="edges",
    sites=(
        *(
            Site(name=f"Hub {number}", lat=40.0, lon=-90.0, roles=("market",))
            for number in range(3)
        ),
        Site(name="Elm", lat=40.0, lon=-89.0, roles=("edge",)),
        Site(name="Fir", lat=40.0, lon=-78.0, roles=("edge",)),
        Site(name="Oak", lat=40.0, lon=-70.0, roles=("edge",)),
    ),
)


def offers(*people):
    return [
        Offer(
            market=f"Town {number}",
            site=f"Hub {number}",
            people=count,
            down_gbps=1.0,
            up_gbps=1.0,
            access_ms=0.5,
            limit_rtt_ms=20.0,
            limit_class="inference",
        )
        for number, count in enumerate(people)
    ]


def refusal(rtt_ms, *people, limit_rtt_ms=20.0, **told):
    """The message, folded to be read here."""
    asked = [replace(one, limit_rtt_ms=limit_rtt_ms) for one in offers(*(people or (1e6,)))]
    with pytest.raises(InfeasibleError) as caught:
        place(EDGES, asked, np.array(rtt_ms), **told)
    return "\n".join(fill(line, 90) for line in str(caught.value).splitlines())


def test_one_edge_alone_has_no_fail_over():
    assert refusal([[12.0, 24.25, 31.0]]) == snapshot("""\
inference Town 0: class inference asks for two edges within 20 ms, but 1 edge is so near;
the nearest, Elm, is 12.0 ms away
  would free it: a candidate edge within 1408 km of fibre from Hub 0, apart from those it
reaches
  would free it: class inference: rtt_ms 24.3 or more
  would free it: a shorter fibre route from Hub 0 to Fir, now 24.2 ms\
""")


def test_no_fibre_brings_a_far_edge_nearer_than_the_crow_flies():
    assert "shorter" not in refusal([[12.0, np.inf, 31.0]])


def test_the_largest_of_those_who_are_stuck_is_named():
    told = refusal([[1.0, 2.0, 3.0], [22.0, 24.0, np.nan], [25.0, 25.0, 25.0]], 9e6, 1e6, 2e6)
    assert told == snapshot("""\
inference Town 2: class inference asks for two edges within 20 ms, but no edge is so near;
the nearest, Elm, is 25.0 ms away (others like it: 1)
  would free it: a candidate edge within 1408 km of fibre from Hub 2, apart from those it
reaches
  would free it: class inference: rtt_ms 25 or more
  would free it: a shorter fibre route from Hub 2 to Elm, now 25.0 ms\
""")


def test_edges_that_nobody_reaches_are_not_called_near():
    assert refusal([[np.inf, np.nan, np.inf]]) == snapshot("""\
inference Town 0: class inference asks for two edges within 20 ms, but no edge is reached
from Hub 0 over fibres of known length
  would free it: a candidate edge within 1408 km of fibre from Hub 0, apart from those it
reaches
  would free it: a fibre that gives Hub 0 one more way to an edge\
""")


def test_pairs_that_failures_took_are_counted():
    told = refusal([[12.0, 14.0, 31.0]], usable=np.array([[True, False, True]]))
    assert told == snapshot("""\
inference Town 0: class inference asks for two edges within 20 ms, but failures cut off 1
of the 2 so near; the nearest, Elm, is 12.0 ms away
  would free it: a candidate edge within 1408 km of fibre from Hub 0, apart from those it
reaches
  would free it: a fibre that gives Hub 0 one more way to an edge\
""")


def test_edges_that_fall_together_do_not_replace_each_other():
    told = refusal([[12.0, 14.0, 31.0]], apart=np.zeros((3, 3), dtype=bool))
    assert told == snapshot("""\
inference Town 0: class inference asks for two edges within 20 ms, but the 2 so near are
lost together; the nearest, Elm, is 12.0 ms away
  would free it: a candidate edge within 1408 km of fibre from Hub 0, apart from those it
reaches
  would free it: a fibre that gives Hub 0 one more way to an edge\
""")


def test_a_bound_below_access_and_routers_is_not_freed_by_an_edge():
    assert refusal([[1.1, 1.2, 1.3]], limit_rtt_ms=1.0) == snapshot("""\
inference Town 0: class inference asks for two edges within 1 ms, but no edge is so near;
the nearest, Elm, is 1.1 ms away
  would free it: class inference: rtt_ms 1.2 or more\
""")


def test_a_class_without_a_bound_is_told_without_one():
    told = refusal([[12.0, np.inf, np.inf]], limit_rtt_ms=np.inf)
    assert told == snapshot("""\
inference Town 0: class inference asks for two edges, but 1 edge is so near; the nearest,
Elm, is 12.0 ms away
  would free it: a candidate edge for Hub 0, apart from those it reaches
  would free it: a fibre that gives Hub 0 one more way to an edge\
""")
