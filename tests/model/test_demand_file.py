import pytest

from arterial.errors import ModelError
from arterial.model.demand_file import file_demands
from arterial.model.network import Network
from arterial.model.site import Site

NETWORK = Network(name="n", sites=tuple(Site(name=name) for name in ("Ash", "Birch")))


def written(folder, *rows):
    path = folder / "demands.csv"
    path.write_text("\n".join(("traffic_class,source,target,gbps", *rows)) + "\n", "utf-8")
    return path


def test_rows_are_read_in_order(tmp_path):
    rows = file_demands(written(tmp_path, "sync,Ash,Birch,2.5", "ingest,Birch,Ash,1"), NETWORK)
    assert [(row.traffic_class, row.source, row.gbps) for row in rows] == [
        ("sync", "Ash", 2.5),
        ("ingest", "Birch", 1.0),
    ]


def test_unknown_sites_and_classes_are_told_with_their_lines_all_at_once(tmp_path):
    with pytest.raises(ModelError) as told:
        file_demands(written(tmp_path, "sink,Ash,Birch,1", "sync,Ash,Birk,1"), NETWORK)
    assert [(problem.line, problem.field) for problem in told.value.problems] == [
        (2, "traffic_class"),
        (3, "target"),
    ]
    assert "Birch" in str(told.value)


@pytest.mark.parametrize("gbps", ["nan", "-1", "0", "inf", "much"])
def test_a_rate_that_is_none_is_refused(tmp_path, gbps):
    with pytest.raises(ModelError):
        file_demands(written(tmp_path, f"sync,Ash,Birch,{gbps}"), NETWORK)
