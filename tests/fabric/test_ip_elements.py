from arterial.fabric.ip_elements import elements_of


def test_every_fibre_risk_router_site_and_link_can_fail(square):
    elements = elements_of(square)
    titles = [elements.title(number) for number in range(len(elements))]
    assert titles == [
        *(f"fibre {name}" for name in ("AB", "BC", "CD", "DA", "AC")),
        "srlg duct",
        *(f"router {name}" for name in ("A/1", "A/2", "B/1", "C/1", "D/1")),
        *(f"site {name}" for name in "ABCD"),
        *(f"link {name}" for name in ("AB", "BC", "CD", "DA", "AC")),
    ]


def test_a_site_takes_the_links_that_end_there_and_a_router_none_by_itself(square):
    elements = elements_of(square)
    own = {
        elements.title(number): elements.links[
            elements.first[number] : elements.first[number + 1]
        ].tolist()
        for number in range(len(elements))
    }
    assert own["site A"] == [0, 3, 4]
    assert own["srlg duct"] == [0, 3]
    assert own["router A/1"] == []
