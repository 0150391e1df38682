import msgspec
import pytest

from arterial.errors import ModelError
from arterial.plan.store import read_plan, write_plan
from arterial.study.prove import prove
from arterial.study.report import report_page


def test_the_page_says_what_the_proof_says(plan_folder, tmp_path):
    verdict = prove(plan_folder).verdict
    done = report_page(plan_folder, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert done.verdict == verdict
    assert done.kilobytes == round(len(page.encode()) / 1000, 1)
    assert "Content-Security-Policy" in page


def test_a_plan_without_a_proof_is_unknown_and_told(plan_folder, tmp_path):
    told = []
    done = report_page(
        plan_folder, tmp_path / "report.html", report=lambda stage, *_: told.append(stage)
    )
    assert done.verdict == "unknown"
    assert any("no proof yet" in stage for stage in told)


def test_a_proof_of_an_older_plan_proves_nothing_of_the_newer(plan_folder, tmp_path):
    prove(plan_folder)
    write_plan(msgspec.structs.replace(read_plan(plan_folder), seed=99), plan_folder)
    told = []
    done = report_page(
        plan_folder, tmp_path / "report.html", report=lambda stage, *_: told.append(stage)
    )
    assert done.verdict == "unknown"
    assert any("older plan" in stage for stage in told)


def test_the_same_plan_and_proof_give_the_same_page(plan_folder, tmp_path):
    prove(plan_folder)
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page in pages:
        report_page(plan_folder, page, beside=[plan_folder])
    assert pages[0].read_bytes() == pages[1].read_bytes()


@pytest.mark.parametrize("name", ["plan.json", "proof.json", "run.json"])
def test_a_page_never_takes_the_place_of_a_plan_s_own_file(plan_folder, name):
    prove(plan_folder)
    before = (plan_folder / name).read_bytes()
    with pytest.raises(ModelError, match=name):
        report_page(plan_folder, plan_folder / name)
    with pytest.raises(ModelError, match=name):
        report_page(plan_folder, plan_folder / "r.html", picture=plan_folder / name)
    assert (plan_folder / name).read_bytes() == before
    assert not (plan_folder / "r.html").exists()


def test_page_and_picture_ask_for_two_places(plan_folder, tmp_path):
    page = tmp_path / "one.html"
    with pytest.raises(ModelError, match=r"one\.html"):
        report_page(plan_folder, page, picture=tmp_path / "folder" / ".." / "one.html")
    assert not page.exists()


def test_map_data_is_geojson_beside_the_page_and_takes_no_other_file_s_place(plan_folder, tmp_path):
    page, data = tmp_path / "one.html", tmp_path / "map.geojson"
    report_page(plan_folder, page, map_data=data)
    found = msgspec.json.decode(data.read_bytes())
    plan = read_plan(plan_folder)
    layers = [feature["properties"]["layer"] for feature in found["features"]]
    assert layers.count("fibre") == len(plan.network.fibres)
    assert layers.count("link") == len(plan.ip_links)
    with pytest.raises(ModelError, match=r"one\.html"):
        report_page(plan_folder, page, map_data=page)
    with pytest.raises(ModelError, match=r"plan\.json"):
        report_page(plan_folder, page, map_data=plan_folder / "plan.json")


def test_the_page_says_how_far_modes_go_and_what_comes_back(plan_folder, tmp_path):
    report_page(plan_folder, tmp_path / "one.html")
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "Each bar ends where the margin of a mode" in page
    assert "was not worked out for this page" not in page


def test_a_line_that_gnpy_cannot_work_out_leaves_a_page_without_reaches(plan_folder, tmp_path):
    plan = read_plan(plan_folder)
    line = msgspec.structs.replace(plan.network.line, amplifier="no such amplifier")
    network = msgspec.structs.replace(plan.network, line=line)
    write_plan(msgspec.structs.replace(plan, network=network), plan_folder)
    report_page(plan_folder, tmp_path / "one.html")
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "How far the modes go was not worked out for this page" in page
