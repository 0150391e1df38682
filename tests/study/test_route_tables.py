import msgspec
import pytest

from arterial.errors import ModelError
from arterial.plan.table import database, read_table, write_table
from arterial.study.route import Question, route
from arterial.study.route_tables import RoutedTunnel, read_before
from arterial.study.scene import scene


@pytest.fixture
def routed(drill, tmp_path):
    """The drill network routed, with its tunnels as rows that can be changed and written again."""
    route(drill, Question(), output=tmp_path)
    seen = scene(drill)
    with database() as engine:
        tunnels = list(read_table(engine, tmp_path / "tunnels.parquet", RoutedTunnel))

    def written(changed):
        place = tmp_path / "changed.parquet"
        with database() as engine:
            write_table(engine, place, RoutedTunnel, changed)
        return read_before(seen, place)

    return seen, tunnels, written


def test_tunnels_come_back_as_they_were_written(routed):
    seen, tunnels, written = routed
    before, strange = written(tunnels)
    assert strange == 0
    assert before.forced_gbps == 0.0
    assert before.total_gbps == pytest.approx(sum(row.rate_gbps for row in tunnels))
    assert len(before.paths) == len(tunnels)
    ends = seen.ip.ends[before.paths.arc // 2]
    assert ends.shape == (len(before.paths.arc), 2)


@pytest.mark.parametrize(
    "change",
    [
        {"links": ("no such link",)},
        {"links": ()},
        {"target": "Hazel", "source": "Hazel"},
    ],
)
def test_a_tunnel_that_cannot_be_followed_has_to_move(routed, change):
    _, tunnels, written = routed
    before, _ = written([msgspec.structs.replace(tunnels[0], **change), *tunnels[1:]])
    assert before.forced_gbps == pytest.approx(tunnels[0].rate_gbps)


@pytest.mark.parametrize("rate", [float("nan"), -1.0, float("inf")])
def test_a_rate_that_is_none_is_refused(routed, rate):
    _, tunnels, written = routed
    with pytest.raises(ModelError, match="no rate that is 0 or more"):
        written([msgspec.structs.replace(tunnels[0], rate_gbps=rate)])
