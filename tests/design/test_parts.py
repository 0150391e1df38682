from arterial.design.parts import SHELF, module_of, parts_of, price_of, wave_parts


def test_a_wave_has_a_module_at_each_end_and_two_with_a_shelf_where_it_is_regenerated(
    ground_floor,
):
    plan = ground_floor.plan
    ends = {link.name: (link.a, link.z) for link in plan.ip_links}
    for row in plan.lightpaths:
        parts = wave_parts(plan.network, row, ends[row.link])
        modules = sum(count for (_, part), count in parts.items() if part != SHELF)
        shelves = sum(count for (_, part), count in parts.items() if part == SHELF)
        assert modules == 2 * (1 + len(row.regenerators))
        assert shelves == len(row.regenerators)


def test_parts_of_one_module_are_one_kind(ground_floor):
    network = ground_floor.plan.network
    slow, fast = (
        parts_of(network, mode, ("Fir", "Gorse"), ()) for mode in ("OpenZR+ 100", "OpenZR+ 400")
    )
    assert slow == fast
    assert module_of(network, "OpenZR+ 100") == module_of(network, "OpenZR+ 400")


def test_a_shelf_costs_what_the_network_says_whatever_the_mode(ground_floor):
    network = ground_floor.plan.network
    for mode in network.modes:
        assert price_of(network, SHELF, mode.name) == network.costs.regenerator
        if mode.cost is not None:
            assert price_of(network, mode.module, mode.name) == mode.cost
