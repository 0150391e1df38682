import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.imports.sndlib_file import Module
from arterial.model.imports.sndlib_native import read_native

HEAD = "?SNDlib native format; type: network; version: 1.0\n# a network of ours\n"
NODES = "NODES (\n  Ash ( 10.5 59.9 )\n  Birch ( 10.4 63.4 )\n)\n"
LINKS = "LINKS (\n  L1 ( Ash Birch ) 4.00 1.00 2.00 3.00 ( 10.00 7.00 40.00 21.00 )\n)\n"
DEMANDS = "DEMANDS (\n  D1 ( Ash Birch ) 2 5.00 UNLIMITED\n  D2 ( Birch Ash ) 1 7.00 3\n)\n"
PATHS = "ADMISSIBLE_PATHS (\n  D1 (\n    P0 ( L1 )\n    P1 ( L1 )\n  )\n)\n"
META = "META (\n  granularity = 5min\n  unit = MBITPERSEC\n  origin = ours\n)\n"
WHOLE = HEAD + META + NODES + LINKS + DEMANDS + PATHS


def written(tmp_path, content):
    path = tmp_path / "toy.txt"
    path.write_text(content, encoding="utf-8")
    return path


def test_every_section_is_read(tmp_path):
    file = read_native(written(tmp_path, WHOLE))
    assert [(node.name, node.point) for node in file.nodes] == [
        ("Ash", (10.5, 59.9)),
        ("Birch", (10.4, 63.4)),
    ]
    (link,) = file.links
    assert (link.name, link.source, link.target) == ("L1", "Ash", "Birch")
    assert (link.preinstalled, link.preinstalled_cost) == (4.0, 1.0)
    assert (link.routing_cost, link.setup_cost) == (2.0, 3.0)
    assert link.modules == (Module(10.0, 7.0), Module(40.0, 21.0))
    first, second = file.demands
    assert (first.source, first.target, first.units, first.value) == ("Ash", "Birch", 2.0, 5.0)
    assert (first.hops, second.hops) == (None, 3.0)
    assert (file.restricted, file.unit, file.pixels) == (1, "MBITPERSEC", False)


def test_space_order_and_comments_do_not_matter(tmp_path):
    apart = HEAD + DEMANDS + "# more\n" + LINKS + NODES + META
    tight = apart.replace("( ", "(").replace(" )", ")").replace("Ash (10.5", "Ash(10.5 # here\n")
    assert len(read_native(written(tmp_path, tight)).links) == 1


def test_nodes_need_no_coordinates_and_links_no_modules(tmp_path):
    bare = HEAD + "NODES ( A B ) LINKS ( L ( A B ) 1 0 0 0 ( ) )"
    file = read_native(written(tmp_path, bare))
    assert [node.point for node in file.nodes] == [None, None]
    assert file.links[0].modules == ()


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("NODES (\n)\n", 1, "it begins with 'NODES ('"),
        ("?SNDlib native format; type: solution; version: 1.0\n", 1, "type: solution"),
        (HEAD, None, "there is no node"),
        (HEAD + "NODE (\n)\n", 3, "'NODE' where a section is due"),
        (HEAD + "NODES A", 3, "'A' where '(' is due"),
        (HEAD + NODES[:-2], 6, "the file ends where a node is due"),
        (WHOLE[: WHOLE.index("40.00 21")], 13, "the file ends where a module's capacity is due"),
        (HEAD + NODES.replace("10.5", "nan"), 4, "x is 'nan'"),
        (HEAD + NODES + LINKS.replace("4.00", "-4.00"), 8, "pre-installed capacity is '-4.00'"),
        (HEAD + NODES + LINKS.replace("10.00", "inf"), 8, "a module's capacity is 'inf'"),
        (HEAD + NODES + LINKS.replace("Birch", "Beech"), 8, "'Beech', which is no node"),
        (HEAD + NODES + LINKS + DEMANDS.replace("5.00", "NaN"), 11, "demand value is 'NaN'"),
        (HEAD + NODES + LINKS + DEMANDS.replace("D2", "D1"), 12, "a second demand is called 'D1'"),
        (HEAD + NODES.replace("Birch", "Ash"), 5, "a second node is called 'Ash'"),
        (HEAD + NODES + LINKS[:-2] + LINKS[8:], 9, "a second link is called 'L1'"),
        (HEAD + NODES + DEMANDS.replace("UNLIMITED", "LIMITED"), 8, "the longest path is"),
    ],
)
def test_what_is_no_sound_network_is_told_with_its_line(tmp_path, content, line, words):
    with pytest.raises(ModelError) as told:
        read_native(written(tmp_path, content))
    (problem,) = told.value.problems
    assert words in problem.found
    assert problem.line == line


WORDS = ["(", ")", "NODES", "LINKS", "A", "B", "1", "-1", "#", "\n"]


@given(words=st.lists(st.sampled_from(WORDS), max_size=40))
def test_no_words_break_the_reader(words, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "any.txt"
    path.write_text(HEAD + " ".join(words))
    with contextlib.suppress(ModelError):
        assert read_native(path).nodes
