"""Held to GNPy's own command line; the same over 200 routes of CONUS is a benchmark."""

import json

import msgspec
import numpy as np
import pytest

from arterial.errors import ModelError
from arterial.model.catalogue import load_catalogue
from arterial.model.fibre import Fibre
from arterial.model.line import LineSystem
from arterial.model.network import Network
from arterial.model.site import Site
from arterial.optics.gnpy_files import gnpy_files
from arterial.optics.gnpy_planes import Ride
from arterial.optics.gnpy_service import Service
from arterial.optics.sections import load_sections
from arterial.plan.store import read_plan, write_plan
from arterial.study.gnpy import export_gnpy, gnpy_check, verify_reach, write_gnpy
from arterial.study.gnpy_services import Services
from arterial.study.reach import reach

SEED = 7

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def ring():
    """Five sites in a ring, two fibres of unlike length between the first two."""
    lengths_km = (95.0, 310.0, 150.0, 60.0, 240.0, 480.0)
    ends = ("ab", "bc", "cd", "de", "ea", "ab")
    return Network(
        name="ring",
        sites=tuple(Site(name=name) for name in "abcde"),
        fibres=tuple(
            Fibre(name=f"f{number}", a=end[0], z=end[1], length_km=km)
            for number, (end, km) in enumerate(zip(ends, lengths_km, strict=True))
        ),
        modes=load_catalogue(),
    )


def drawn(network):
    """Services over random stretches of the ring, the second way round from a to b included."""
    chance = np.random.default_rng(SEED)
    names = ("OpenZR+ 100", "OpenZR+ 200", "400 ULH QPSK", "400 ULH PCS-98", "OpenROADM 400 QPSK")
    modes = {mode.name: mode for mode in network.modes}
    for number, name in enumerate(names):
        ahead = [10 if number == 1 else 0, 2, 4, 6, 8]
        start = 0 if number < 2 else int(chance.integers(4))
        route = ahead[start : start + int(chance.integers(1, 4))]
        if number % 2:
            route = [section ^ 1 for section in reversed(route)]
        ride = Ride(route=tuple(route), pairs=tuple(chance.integers(1, 3, len(route)).tolist()))
        yield Service(name=f"drawn {number}", mode=modes[name], ride=ride)


def wrong(network):
    """One that is too far, and two on the same slots of a pair."""
    modes = {mode.name: mode for mode in network.modes}
    same = {"ride": Ride(route=(0,), pairs=(1,)), "centre_ghz": 193_100.0}
    yield Service(name="far", mode=modes["400ZR"], ride=Ride(route=(2,), pairs=(1,)))
    yield Service(name="first", mode=modes["OpenZR+ 300"], **same)
    yield Service(name="second", mode=modes["OpenZR+ 400"], **same)


@pytest.fixture(scope="module")
def checked(ring, tmp_path_factory):
    """GNPy's command takes seconds: one run for all that is asked here."""
    folder = tmp_path_factory.mktemp("gnpy")
    services = (*drawn(ring), *wrong(ring))
    files = gnpy_files(ring, services)
    assert files.planes > 1
    write_gnpy(folder, files)
    asked = Services(services=services, unknown=("w: light of fibre 'x'",))
    return gnpy_check(ring, load_sections(ring), asked, folder)


def test_gnpy_s_command_says_what_arterial_says(checked):
    assert checked.services == sum(len(row.services) for row in checked.rows) == 8
    assert abs(checked.worst_difference_db) <= 0.005
    assert all(abs(row.difference_db) <= 0.005 for row in checked.rows)
    assert all((row.verdict == "yes") == (row.gnpy_verdict == "feasible") for row in checked.rows)


def test_what_is_not_feasible_is_told_with_gnpy_s_own_word(checked):
    said = {row.services[0]: row.gnpy_verdict for row in checked.rows}
    assert said["far"] == "MODE_NOT_FEASIBLE"
    assert (said["first"], said["second"]) == ("feasible", "NO_SPECTRUM")
    assert checked.verdict == "no"
    assert checked.unknown == ("w: light of fibre 'x'",)


def test_every_lightpath_of_a_plan_passes_gnpy_s_own_run(plan_folder, tmp_path):
    done = export_gnpy(plan_folder, tmp_path / "out", verify=True)
    plan = read_plan(plan_folder)
    regenerators = sum(len(wave.regenerators) for wave in plan.lightpaths)
    assert done.services == len(plan.lightpaths) + regenerators
    assert (done.check.verdict, done.check.feasible) == ("yes", done.services)
    assert all((tmp_path / "out" / name).is_file() for name in done.files)
    requests = json.loads((tmp_path / "out" / "services.json").read_text(encoding="utf-8"))
    assert len(requests["path-request"]) == done.services


def test_two_bands_are_equal_on_every_channel(ring, tmp_path):
    network = msgspec.structs.replace(ring, line=LineSystem(bands="C+L"))
    modes = {mode.name: mode for mode in network.modes}
    services = tuple(
        Service(name=name, mode=modes[name], ride=Ride(route=route, pairs=(1,) * len(route)))
        for name, route in (("OpenZR+ 200", (0, 2)), ("400 ULH QPSK", (7, 5, 3)))
    )
    write_gnpy(tmp_path, gnpy_files(network, services))
    asked = Services(services=services, unknown=(), skipped=("w / 1: subsea fibre 'x' (s)",))
    check = gnpy_check(network, load_sections(network), asked, tmp_path)
    assert check.comb_tool == "gnpy-transmission-example"
    assert 0.0 < abs(check.worst_difference_db) <= 0.005
    assert (check.verdict, check.feasible, check.skipped) == ("yes", 2, asked.skipped)


def test_gnpy_counts_polarisation_dependent_loss_as_arterial_does(changed_drill):
    lossy = changed_drill("network.yaml", "name: drill\n", "name: drill\nline: {pdl_db: 0.7}\n")
    check = verify_reach(lossy, reach(lossy, "Hazel", "Dogwood"))
    assert check.verdict == "yes"
    assert all(row.pdl_penalty_db > 0.1 for row in check.rows)
    for row in check.rows:
        assert row.gnpy_pdl_penalty_db == pytest.approx(row.pdl_penalty_db, abs=0.005 + 1e-9)


def test_a_plan_without_light_is_refused(plan_folder, tmp_path):
    write_plan(dark(read_plan(plan_folder)), plan_folder)
    with pytest.raises(ModelError, match="no lightpath"):
        export_gnpy(plan_folder, tmp_path / "out")


def test_a_file_in_the_folder_s_place_is_told(plan_folder, tmp_path):
    (tmp_path / "out").write_text("kept", encoding="utf-8")
    with pytest.raises(OSError, match="out"):
        export_gnpy(plan_folder, tmp_path / "out")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "kept"


def dark(plan):
    return type(plan)(
        **{
            **{name: getattr(plan, name) for name in plan.__struct_fields__},
            "lightpaths": (),
            "lightpath_hops": (),
        }
    )
