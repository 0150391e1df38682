import base64
import hashlib
import math
import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import product

import msgspec
import pytest

from arterial.report.page import render

EMPTY = {"meta", "link", "input", "br"}
EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'"


class Page(HTMLParser):
    """What a browser would make of it: tags in balance, attributes, and the text of each tag."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text = [], [], {}
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.text.setdefault(self.open[-1], []).append(data)


@pytest.fixture
def page(plan, proof):
    return Page(render(plan, proof))


def test_nothing_is_fetched_from_anywhere(plan, proof):
    html = render(plan, proof)
    page = Page(html)
    for tag, attributes in page.tags:
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith(("#", "data:,")), tag
        assert "style" not in attributes  # the policy would refuse it
        assert [name for name in attributes if name.startswith("on")] == []
    assert re.findall(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", html) == []


def test_the_policy_admits_our_own_style_and_script_and_nothing_else(page):
    policy = next(
        attributes["content"]
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    for tag in ("style", "script"):
        digest = hashlib.sha256("".join(page.text[tag]).encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_no_name_of_the_user_s_becomes_a_tag(builders):
    network = builders["network"]()
    sites = tuple(
        msgspec.structs.replace(site, name=EVIL) if site.name == "Miami" else site
        for site in network.sites
    )
    fibres = tuple(
        msgspec.structs.replace(
            fibre, name=f"{EVIL}{i}", source=EVIL, a=renamed(fibre.a), z=renamed(fibre.z)
        )
        for i, fibre in enumerate(network.fibres)
    )
    markets = tuple(
        msgspec.structs.replace(market, name=f"{market.name}{EVIL}", site=renamed(market.site))
        for market in network.markets
    )
    evil = builders["network"](
        name=EVIL, title=EVIL, sites=sites, fibres=fibres, markets=markets, notes=(EVIL,)
    )
    plan = builders["plan"](evil, load=EVIL, versions={EVIL: EVIL}, bound_note=EVIL)
    gate = builders["gate"](name=EVIL, worst_case=EVIL, note=EVIL, verdict="refuted", value=0.5)
    proof = builders["proof"](plan, verdict="refuted", gates=(gate,), without=(EVIL,))
    tags = Page(render(plan, proof, comparisons=[(EVIL, plan, proof)])).tags
    assert [tag for tag, _ in tags if tag == "script"] == ["script"]
    assert [tag for tag, _ in tags if tag == "img"] == []


def renamed(site):
    return EVIL if site == "Miami" else site


def test_the_contents_come_in_the_order_a_planner_asks(page):
    wanted = [
        "verdict",
        "map",
        "gates",
        "worst",
        "latency",
        "cost",
        "layers",
        "replicas",
        "figures",
        "provenance",
    ]
    found = [attributes.get("id") for _, attributes in page.tags]
    assert [name for name in found if name in wanted] == wanted


@pytest.mark.parametrize("verdict", ["refuted", "unknown"])
def test_what_is_not_proved_is_red(plan, builders, verdict):
    gate = builders["gate"](verdict=verdict, value=math.nan)
    page = Page(render(plan, builders["proof"](verdict=verdict, gates=(gate,))))
    classes = [attributes.get("class", "").split() for _, attributes in page.tags]
    assert ["verdict", verdict] in classes
    assert [names for names in classes if "proved" in names] == []


def test_a_plan_without_a_proof_claims_nothing(plan):
    html = render(plan, None)
    assert "Unknown: this plan has not been proved." in html
    assert 'class="verdict unknown"' in html
    assert "Without a proof no worst case is known" in html
    assert "tag proved" not in html


def test_no_figure_is_shown_as_nan_or_none(plan, builders):
    gate = builders["gate"](verdict="unknown", value=math.nan)
    html = render(plan, builders["proof"](plan, verdict="unknown", gates=(gate,)))
    shown = re.sub(r'data-v="[^"]*"', "", html)
    assert re.findall(r">[^<]*\b(?:nan|None|inf)\b", shown) == []


def test_the_same_plan_gives_the_same_bytes(plan, proof):
    assert render(plan, proof) == render(plan, proof)


def test_five_hundred_lightpaths_stay_below_two_megabytes(builders):
    plan = builders["plan"](waves=40)
    assert len(plan.lightpaths) >= 500
    # Every wave a mode of its own: no row is shared.
    alone = tuple(
        msgspec.structs.replace(path, mode=f"mode {i}") for i, path in enumerate(plan.lightpaths)
    )
    plan = msgspec.structs.replace(plan, lightpaths=alone)
    assert len(render(plan, builders["proof"](plan)).encode()) < 2_000_000


def test_an_empty_plan_still_has_a_page(builders):
    bare = builders["network"](fibres=(), markets=(), campuses=(), notes=())
    plan = builders["plan"](bare, bill=())
    Page(render(plan, None))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_and_lines_stand_out_from_their_ground(theme):
    # WCAG 2.2: 4.5 for text (1.4.3 AA), 3 for graphics (1.4.11 AA).
    css = files("arterial.report").joinpath("templates", "theme.css").read_text(encoding="utf-8")
    blocks = css.split(":root {")[1:]
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[theme]))
    text = [
        *product(["ink", "soft", "accent", "good", "bad"], ["paper", "card"]),
        *product(["good", "bad", "ink", "soft"], ["good-wash", "bad-wash"]),
        *product(["name", "name-soft", "campus"], ["land", "sea"]),
        ("soft", "strip"),
    ]
    heat = [f"u{i}" for i in range(6)]
    graphics = [
        *product([*heat, "campus", "edge", "bad", "plain"], ["land", "sea", "paper", "strip"]),
        *product(["dark-fibre"], ["land", "sea"]),
    ]
    dim = [pair for pair in text if contrast(colour[pair[0]], colour[pair[1]]) < 4.5]
    faint = [pair for pair in graphics if contrast(colour[pair[0]], colour[pair[1]]) < 3]
    assert dim + faint == []
