import pytest

from arterial.units import fibre_delay_ms, great_circle_km

HEADER = "name,a,z,capacity_gbps,kind,status,most,setup_cost,cost_year,latency_ms,floor_rtt_ms"
FIBRES = "  fibres: fibres.csv"
ENDS = "L,Fir,Juniper,100"


@pytest.fixture
def told(drill):
    """Problems of one row of links.csv; none where it is sound."""

    def found(row):
        drill.replace("network.yaml", FIBRES, f"{FIBRES}\n  links: l.csv")
        (drill.path / "l.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
        return [(problem.line, problem.field, problem.found) for problem in drill.problems()]

    return found


@pytest.mark.parametrize(
    ("row", "field", "found"),
    [
        (f"{ENDS},leased-wave,available,1,,,,", "cost_year", "have no price"),
        (f"{ENDS},peering,existing,2,,,,", "cost_year", "have no price"),
        (f"{ENDS},own,available,1,,2,,", "kind", "cannot be bought"),
        (f"{ENDS},leased-wave,available,1,,-2,,", "cost_year", "found '-2'"),
        (f"{ENDS},leased-wave,available,0,,2,,", "most", "found '0'"),
        (f"{ENDS},dark-fibre,available,1,,2,,", "kind", "'dark-fibre'"),
        (f"{ENDS},leased-wave,available,1,,2,,0.1", "floor_rtt_ms", "asks for more than light"),
        (f"{ENDS},on-ramp,existing,1,,,0.05,", "latency_ms", "asks for more than light"),
        (f"{ENDS},own,existing,1,,,0.05,9", "latency_ms", "asks for more than light"),
        (f"{ENDS},own,existing,1,,,4,9", "latency_ms", "below its floor of 9 ms"),
    ],
)
def test_a_link_that_cannot_be_bought_or_outruns_light_is_told(told, row, field, found):
    ((line, place, said),) = told(row)
    assert (line, place) == (2, field)
    assert found in said


def test_what_light_needs_is_told_in_numbers(told, drill):
    places = {site.name: (site.lat, site.lon) for site in drill.load().sites}
    light_ms = 2.0 * fibre_delay_ms(great_circle_km(*places["Fir"], *places["Juniper"]))
    ((_, _, said),) = told(f"{ENDS},leased-wave,available,1,,2,,0.5")
    assert said.startswith("0.5 ms asks for more than light")
    assert f"it takes {light_ms:.1f} ms" in said


def test_radio_of_ones_own_may_be_faster_than_fibre_and_a_priced_row_is_sound(drill):
    drill.replace("network.yaml", FIBRES, f"{FIBRES}\n  links: l.csv")
    rows = (f"{ENDS},own,existing,1,,,0.05,", f"K{ENDS[1:]},on-ramp,available,3,0,,2,4")
    (drill.path / "l.csv").write_text("\n".join((HEADER, *rows)), encoding="utf-8")
    radio, ramp = drill.load().links
    assert (radio.standing, radio.for_sale) == (1, 0)
    assert (ramp.standing, ramp.for_sale, ramp.unit_cost(5.0)) == (0, 3, 0.0)
