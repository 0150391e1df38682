import json

import msgspec
import pytest

from arterial.model.line import LineSystem, Margins
from arterial.optics.combs import combs
from arterial.optics.gnpy_comb import comb_request_id
from arterial.optics.gnpy_files import COMB_SERVICES, EQUIPMENT, SERVICES, TOPOLOGY, gnpy_files
from arterial.optics.gnpy_planes import Ride
from arterial.optics.gnpy_service import Service


@pytest.fixture
def network(chain):
    return chain([120.0, 90.0], margins=Margins(model_db=1.25))


def service(network, mode="OpenZR+ 400", **more):
    given = {"ride": Ride(route=(0, 2), pairs=(1, 2)), "centre_ghz": 193_143.75, **more}
    chosen = next(one for one in network.modes if one.name == mode)
    return Service(name=f"w {mode}", mode=chosen, **given)


def bandwidth(request):
    return request["path-constraints"]["te-bandwidth"]


def test_the_catalogue_s_figures_stand_in_the_mode(network):
    files = gnpy_files(network, [service(network, penalty_db=0.15)])
    own, comb = files.contents[EQUIPMENT]["Transceiver"]
    mode = next(one for one in network.modes if one.name == "OpenZR+ 400")
    assert own["type_variety"] == f"{mode.module} in {mode.slot_ghz:g} GHz"
    (entry,) = own["mode"]
    assert entry["format"] == "OpenZR+ 400 +0.15 dB"
    assert entry["baud_rate"] == mode.baud_gbd * 1e9
    assert entry["OSNR"] == pytest.approx(mode.osnr_db + 0.15)
    assert entry["min_spacing"] == mode.slot_ghz * 1e9
    assert {"chromatic_dispersion": mode.cd_ps_nm, "penalty_value": 0.0} in entry["penalties"]
    assert files.contents[EQUIPMENT]["SI"][0]["sys_margins"] == network.margins.total_db
    narrow = combs(network.modes, network.line)[0]
    assert comb["mode"][0]["baud_rate"] == narrow.baud_gbd * 1e9
    channels = (comb["frequency"]["max"] - comb["frequency"]["min"]) // (narrow.slot_ghz * 1e9) + 1
    assert channels == len(narrow.centres_thz)


def test_a_service_rides_its_own_pairs_on_its_own_slot(network):
    (request,) = gnpy_files(network, [service(network, slot_ghz=87.5)]).contents[SERVICES][
        "path-request"
    ]
    hops = request["explicit-route-objects"]["route-object-include-exclude"]
    assert [hop["num-unnum-hop"]["node-id"] for hop in hops] == [
        "roadm 0",
        "fibre f0 pair 1 0 to 1 span 1",
        "roadm 1",
        "fibre f1 pair 2 1 to 2 span 1",
        "roadm 2",
    ]
    assert {hop["num-unnum-hop"]["hop-type"] for hop in hops} == {"STRICT"}
    assert (request["source"], request["destination"]) == ("trx 0", "trx 2")
    assert bandwidth(request)["effective-freq-slot"] == [{"N": 7, "M": 7}]
    assert request["bidirectional"]


def test_every_name_of_a_service_stands_in_the_topology_once(network):
    services = [
        service(network),
        service(network, "400 ULH QPSK", ride=Ride(route=(3, 1), pairs=(1, 1))),
    ]
    files = gnpy_files(network, services)
    uids = [element["uid"] for element in files.contents[TOPOLOGY]["elements"]]
    assert len(uids) == len(set(uids))
    assert files.planes == 2
    ends = {uid for one in files.contents[TOPOLOGY]["connections"] for uid in one.values()}
    assert ends == set(uids)
    for request in (
        *files.contents[SERVICES]["path-request"],
        *files.contents[COMB_SERVICES]["path-request"],
    ):
        hops = request["explicit-route-objects"]["route-object-include-exclude"]
        told = [hop["num-unnum-hop"]["node-id"] for hop in hops]
        assert {request["source"], request["destination"], *told} <= set(uids)


def test_services_over_one_route_and_comb_share_a_comb_service(network):
    services = [service(network), service(network, "OpenZR+ 300"), service(network, "400 ULH QPSK")]
    files = gnpy_files(network, services)
    names = [request["request-id"] for request in files.contents[COMB_SERVICES]["path-request"]]
    assert len(names) == 2
    assert {comb_request_id(network, one) for one in services} == set(names)


def test_the_same_services_make_the_same_bytes(network):
    one, other = (gnpy_files(network, [service(network)]) for _ in range(2))
    assert msgspec.json.encode(one) == msgspec.json.encode(other)
    assert all(json.loads(msgspec.json.encode(words)) for words in one.contents.values())


def test_polarisation_dependent_loss_is_gnpy_s_to_add(network):
    lossy = msgspec.structs.replace(network, line=LineSystem(pdl_db=0.4))
    asked = next(one for one in lossy.modes if one.pdl_penalty_db and one.osnr_db and one.cd_ps_nm)
    files = gnpy_files(lossy, [service(lossy, asked.name)])
    (mode,) = files.contents[EQUIPMENT]["Transceiver"][0]["mode"]
    assert {"pdl": asked.pdl_db, "penalty_value": asked.pdl_penalty_db} in mode["penalties"]
    assert gnpy_files(lossy, []).contents[EQUIPMENT]["Roadm"][0]["pdl"] == 0.4
    plain = gnpy_files(network, [service(network, asked.name)]).contents[EQUIPMENT]
    assert plain["Roadm"][0]["pdl"] == 0.0
    assert not any("pdl" in cost for cost in plain["Transceiver"][0]["mode"][0]["penalties"])
