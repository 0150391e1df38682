from arterial.plan.losses import parted_words
from arterial.plan.verdict import Parting

PARTINGS = (
    Parting(fibres=("Dallas-Miami", "Atlanta-Miami"), sites=("Miami",), markets=("Miami",)),
    Parting(fibres=("Seattle-Salt_Lake_City",), sites=("Seattle",), markets=()),
)


def test_cuts_are_told_in_a_line():
    assert parted_words(PARTINGS) == (
        "1 single and 1 double cuts part the network of existing fibres; "
        "1 leave a market without an edge"
    )
