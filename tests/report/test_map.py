import xml.etree.ElementTree as ET

import msgspec

from arterial.model.fibre import Link
from arterial.plan.rows import IpLink
from arterial.report.map import map_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own text


def lines(tree, layer):
    group = next(node for node in tree.iter(f"{SVG}g") if node.get("class") == layer)
    return group.findall(f"{SVG}path")


def test_every_lit_fibre_is_drawn_once_and_as_wide_as_its_rate(plan, proof):
    paths = lines(drawn(map_svg(plan, proof)), "layer-fibres")
    assert len(paths) == len(plan.lit_fibres)
    waves = {link.name.replace("--", "-"): link.waves for link in plan.ip_links}
    width = {path[0].text.split()[1]: float(path.get("stroke-width")) for path in paths}
    by_waves = sorted(waves, key=lambda name: (waves[name], width[name]))
    assert [width[name] for name in by_waves] == sorted(width.values())


def test_a_line_s_colour_is_its_worst_case(plan, proof):
    tree = drawn(map_svg(plan, proof))
    worst = {row.link.replace("--", "-"): row.utilisation for row in proof.worst_links}
    for path in lines(tree, "layer-fibres"):
        load = worst[path[0].text.split()[1]]
        step = sum(load > end for end in (0.3, 0.5, 0.65, 0.8, 0.95))
        assert f"u{step}" in path.get("class").split()


def test_without_a_proof_every_line_is_marked_unknown(plan):
    for path in lines(drawn(map_svg(plan)), "layer-fibres"):
        assert "u-none" in path.get("class")
    assert "load unknown" in map_svg(plan)


def test_with_a_proof_no_load_is_said_to_be_unknown(plan, proof):
    assert "load unknown" not in map_svg(plan, proof)


def test_a_network_of_ready_made_links_shows_its_links(builders):
    link = Link(name="a", a="Dallas", z="Miami", capacity_gbps=100.0)
    plan = builders["plan"](
        builders["network"](links=(link,)),
        lightpaths=(),
        lightpath_hops=(),
        lit_fibres=(),
        ip_links=(
            IpLink(
                name="a", a="Dallas", z="Miami", waves=0, capacity_gbps=100.0, length_km=1.0,
                latency_ms=1.0, floor_ms=1.0,
            ),
        ),
        tunnels=(), tunnel_hops=(),
    )  # fmt: skip
    plan = msgspec.structs.replace(plan, network=msgspec.structs.replace(plan.network, fibres=()))
    assert len(lines(drawn(map_svg(plan)), "layer-links")) == 1


def test_a_site_without_coordinates_is_counted_and_not_placed(builders):
    network = builders["network"]()
    lost = tuple(
        msgspec.structs.replace(site, lat=None, lon=None) if site.name == "Miami" else site
        for site in network.sites
    )
    plan = builders["plan"](builders["network"](sites=lost))
    svg = map_svg(plan)
    assert "1 sites not placed" in svg
    assert ">Miami<" not in svg


def test_the_same_plan_gives_the_same_picture(plan, proof):
    assert map_svg(plan, proof) == map_svg(plan, proof)


def test_a_name_cannot_break_out_of_the_picture(builders):
    network = builders["network"]()
    evil = '</title><script>alert(1)</script>"'
    sites = tuple(
        msgspec.structs.replace(site, name=evil) if site.name == "Miami" else site
        for site in network.sites
    )
    plan = builders["plan"](builders["network"](sites=sites, fibres=network.fibres[:4], markets=()))
    assert [node for node in drawn(map_svg(plan)).iter() if "script" in node.tag] == []


def test_elsewhere_on_earth_there_is_no_backdrop(builders):
    network = builders["network"]()
    moved = tuple(msgspec.structs.replace(site, lon=site.lon + 100.0) for site in network.sites)
    plan = builders["plan"](builders["network"](sites=moved))
    assert 'class="land"' not in map_svg(plan)
    assert 'class="land"' in map_svg(builders["plan"]())
