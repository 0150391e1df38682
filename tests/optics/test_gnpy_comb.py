import msgspec
import pytest

from arterial.model.line import LineSystem
from arterial.optics.combs import combs
from arterial.optics.gnpy_comb import CombRun, comb_request_id
from arterial.optics.gnpy_files import COMB_SERVICES, RUNS, SIM_PARAMS, gnpy_files
from arterial.optics.gnpy_planes import Ride
from arterial.optics.gnpy_service import Service


@pytest.fixture
def network(chain):
    return msgspec.structs.replace(chain([120.0, 90.0]), line=LineSystem(bands="C+L"))


def service(network, mode):
    chosen = next(one for one in network.modes if one.name == mode)
    return Service(name=f"w {mode}", mode=chosen, ride=Ride(route=(0, 2), pairs=(1, 1)))


def test_each_route_and_comb_has_a_run_each_way_whose_files_stand_there(network):
    services = [service(network, name) for name in ("OpenZR+ 400", "OpenZR+ 300", "400 ULH QPSK")]
    files = gnpy_files(network, services)
    runs = msgspec.convert(files.contents[RUNS], tuple[CombRun, ...])
    assert runs == files.runs
    asked = {comb_request_id(network, one) for one in services}
    assert {(one.name, one.way) for one in runs} == {
        (name, way) for name in asked for way in (0, 1)
    }
    assert len(runs) == 4
    for one in runs:
        drawn = files.contents[f"comb/{one.topology}"]["elements"]
        assert (drawn[0]["uid"], drawn[-1]["uid"]) == (one.source, one.destination)
        assert f"comb/{one.spectrum}" in files.contents
    assert COMB_SERVICES not in files.contents
    assert files.contents[SIM_PARAMS] == {"raman_params": {"flag": True}}


def test_the_spectrum_is_the_comb_band_by_band(network):
    files = gnpy_files(network, [service(network, "OpenZR+ 400")])
    comb = combs(network.modes, network.line)[0]
    parts = files.contents[f"comb/{files.runs[0].spectrum}"]["spectrum"]
    lit = [
        (part["f_min"] + number * part["slot_width"]) / 1e12
        for part in parts
        for number in range(int((part["f_max"] - part["f_min"]) // part["slot_width"]) + 1)
    ]
    assert lit == pytest.approx(comb.centres_thz, abs=1e-9)
    assert [part["label"] for part in parts] == ["band 1", "band 2"]
    assert {part["baud_rate"] for part in parts} == {comb.baud_gbd * 1e9}
