"""Exit codes and words of ``arterial export gnpy``."""

import json

import msgspec
import pytest

from arterial.cli.app import main
from arterial.model.subsea import SubseaSystem
from arterial.plan.store import read_plan, write_plan


@pytest.fixture
def rewritten(plan_folder):
    """The drill's plan with some of it replaced."""

    def written(**more):
        plan = read_plan(plan_folder)
        write_plan(msgspec.structs.replace(plan, **more), plan_folder)
        return plan_folder

    return written


@pytest.fixture
def lone(plan_folder):
    """Network and rows of the first wave of the drill's plan."""
    plan = read_plan(plan_folder)
    wave = plan.lightpaths[0]
    hops = tuple(hop for hop in plan.lightpath_hops if hop.lightpath == wave.name)
    return plan.network, {"lightpaths": (wave,), "lightpath_hops": hops}


def test_the_page_names_what_was_written(capsys, designed, tmp_path):
    assert main(["export", "gnpy", str(designed), "-o", str(tmp_path / "out")]) == 0
    page = capsys.readouterr().out
    assert "services.json" in page
    assert "lightpaths are" in page
    assert json.loads((tmp_path / "out" / "services.json").read_text(encoding="utf-8"))


def test_what_gnpy_does_not_find_feasible_is_a_no(capsys, rewritten, lone, tmp_path):
    network, light = lone
    greedy = tuple(
        msgspec.structs.replace(mode, osnr_db=None if mode.osnr_db is None else 35.0)
        for mode in network.modes
    )
    folder = rewritten(network=msgspec.structs.replace(network, modes=greedy), **light)
    words = ["export", "gnpy", str(folder), "-o", str(tmp_path / "out"), "--verify", "--json"]
    assert main(words) == 1
    check = json.loads(capsys.readouterr().out)["check"]
    assert [row["gnpy_verdict"] for row in check["rows"]] == ["MODE_NOT_FEASIBLE"]
    assert abs(check["worst_difference_db"]) <= 0.005


def test_a_plan_without_light_or_no_plan_is_usage(capsys, rewritten, tmp_path):
    assert main(["export", "gnpy", str(tmp_path), "-o", str(tmp_path / "out")]) != 0
    folder = rewritten(lightpaths=(), lightpath_hops=())
    assert main(["export", "gnpy", str(folder), "-o", str(tmp_path / "out")]) == 2
    assert "no lightpath" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_light_under_water_alone_leaves_nothing_to_compare(capsys, rewritten, lone, tmp_path):
    network, light = lone
    system = SubseaSystem(name="deep", gsnr_db=25.0, baud_gbd=60.0, cd_ps_nm=1e3, pmd_ps=1.0)
    wet = tuple(
        msgspec.structs.replace(fibre, subsea=True, system="deep") for fibre in network.fibres
    )
    sunk = msgspec.structs.replace(network, fibres=wet, subsea=(system,))
    folder = rewritten(network=sunk, **light)
    words = ["export", "gnpy", str(folder), "-o", str(tmp_path / "out")]
    assert main(words) == 0
    assert "not exported:" in capsys.readouterr().out
    assert main([*words, "--verify"]) == 3
    assert "(deep)" in capsys.readouterr().out
