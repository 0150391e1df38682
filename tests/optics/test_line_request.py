import msgspec
import pytest

from arterial.model.cost import Costs
from arterial.model.line import LineSystem, Margins
from arterial.optics.line_request import LineRequest, content_hash, line_request


def test_a_request_survives_json(chain):
    request = line_request(chain([100.0, 250.0]))
    assert msgspec.json.decode(msgspec.json.encode(request), type=LineRequest) == request


def test_wet_and_unmeasured_fibres_are_left_out(chain):
    network = chain([100.0, None, 300.0])
    wet = msgspec.structs.replace(network.fibres[2], subsea=True)
    network = msgspec.structs.replace(network, fibres=(*network.fibres[:2], wet))
    assert [route.fibre for route in line_request(network).routes] == [0]


def test_a_fibre_s_own_loss_goes_before_the_line_s(chain):
    network = chain([100.0, 100.0], line=LineSystem(loss_db_per_km=0.21))
    lossy = msgspec.structs.replace(network.fibres[1], loss_db_per_km=0.25)
    network = msgspec.structs.replace(network, fibres=(network.fibres[0], lossy))
    assert [route.loss_db_per_km for route in line_request(network).routes] == [0.21, 0.25]


def test_prices_margins_and_names_share_one_light(chain):
    network = chain([100.0])
    other = msgspec.structs.replace(
        network,
        name="other",
        costs=Costs(pair_km_year=9.0),
        margins=Margins(ageing_db=3.0),
        fibres=(msgspec.structs.replace(network.fibres[0], name="else", status="candidate"),),
    )
    assert content_hash(line_request(network)) == content_hash(line_request(other))


@pytest.mark.parametrize(
    "line",
    [
        LineSystem(span_km=90.0),
        LineSystem(loss_db_per_km=0.21),
        LineSystem(connector_db=0.3),
        LineSystem(amplifier="std_low_gain"),
        LineSystem(psd_mw_per_ghz=3.0e-4),
        LineSystem(f_min_thz=191.4),
        LineSystem(f_max_thz=196.0),
        LineSystem(add_drop_osnr_db=35.0),
        LineSystem(tx_osnr_db=35.0),
    ],
    ids=str,
)
def test_every_figure_of_the_line_changes_the_hash(line, chain):
    usual, other = (
        content_hash(line_request(chain([100.0], line=of))) for of in (LineSystem(), line)
    )
    assert usual != other


def test_length_type_and_modes_change_the_hash(chain):
    network = chain([100.0])
    longer = chain([100.001])
    large = msgspec.structs.replace(network.fibres[0], type="LOF")
    hashes = {
        content_hash(line_request(one))
        for one in (
            network,
            longer,
            msgspec.structs.replace(network, fibres=(large,)),
            msgspec.structs.replace(network, modes=network.modes[:5]),
        )
    }
    assert len(hashes) == 4
