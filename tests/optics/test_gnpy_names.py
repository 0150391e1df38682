from itertools import pairwise

import msgspec
import pytest

from arterial.model.line import LineSystem
from arterial.optics.gnpy_names import Names, hops, stretch
from arterial.optics.gnpy_planes import Ride, laid_out
from arterial.optics.line_topology import topology

RIDE = Ride(route=(0, 2), pairs=(1, 2))
BACK = Ride(route=(3, 1), pairs=(2, 1))


@pytest.fixture(params=["C", "C+L"])
def drawn(request, chain):
    """Names, layout and topology of two lines of three spans and two."""
    network = msgspec.structs.replace(chain([200.0, 90.0]), line=LineSystem(bands=request.param))
    layout = laid_out(network, [RIDE])
    names = Names(network, layout)
    return names, layout, names.renamed(topology(layout.request))


@pytest.mark.parametrize("ride", [RIDE, BACK])
def test_a_stretch_is_one_string_from_transceiver_to_transceiver(drawn, ride):
    names, layout, whole = drawn
    on = hops(names, layout, 0, ride)
    part = stretch(whole, on)
    uids = [element["uid"] for element in part["elements"]]
    assert part["connections"] == [
        {"from_node": one, "to_node": other} for one, other in pairwise(uids)
    ]
    assert [uid for uid in uids if uid in on] == on
    assert all(connection in whole["connections"] for connection in part["connections"])
    kinds = [element["type"] for element in part["elements"]]
    assert kinds.count("Fiber") == 5
    assert kinds.count("Multiband_amplifier") in {0, 7}
    assert (kinds[0], kinds[-1], kinds.count("Roadm")) == ("Transceiver", "Transceiver", 3)


def test_every_element_has_a_name_of_its_own(drawn):
    uids = [element["uid"] for element in drawn[2]["elements"]]
    assert len(uids) == len(set(uids))
    assert all(uid.split()[0] in {"trx", "roadm", "fibre", "amplifier"} for uid in uids)
