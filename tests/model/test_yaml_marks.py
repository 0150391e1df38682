import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from arterial.errors import ModelError
from arterial.model.marks import Entries, Items, Nothing, Text
from arterial.model.yaml_marks import DEPTH, NODES, read_yaml

BOMB = "a: &a [x, x]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)

words = st.text("abcdefgh- ", min_size=1, max_size=8).map(lambda word: f"w{word.strip()}")
trees = st.recursive(
    words | st.just(""),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


def plain(node):
    """Text, lists and mappings again, as PyYAML's own loader gives them."""
    if isinstance(node, Entries):
        return {key.value: plain(value) for key, value in node.entries}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return node.value if isinstance(node, Text) else None


@given(st.dictionaries(words, trees, min_size=1, max_size=4), st.booleans())
def test_the_nodes_hold_what_pyyaml_reads(tree, flow):
    text = yaml.safe_dump(tree, default_flow_style=flow, sort_keys=False)
    node, problems = read_yaml(text, "n.yaml")
    assert problems == []
    assert plain(node) == yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text only


@given(st.lists(words, unique=True, min_size=1, max_size=9), st.data())
def test_every_key_knows_its_line(keys, data):
    gaps = [data.draw(st.integers(0, 3)) for _ in keys]
    text = "".join("\n" * gap + f"{key}: 1\n" for key, gap in zip(keys, gaps, strict=True))
    node, _ = read_yaml(text, "n.yaml")
    lines = text.split("\n")
    assert [lines[key.line - 1] for key, _ in node.entries] == [f"{key}: 1" for key in keys]


def test_quotes_are_remembered_and_null_is_nothing():
    node, _ = read_yaml("a: 1\nb: '1'\nc:\nd: ~\ne: null\nf: 'null'\n", "n.yaml")
    assert [value for _, value in node.entries] == [
        Text(1, "1", plain=True),
        Text(2, "1", plain=False),
        Nothing(3),
        Nothing(4),
        Nothing(5),
        Text(6, "null", plain=False),
    ]


def test_a_key_that_stands_twice_is_told_with_both_lines_and_the_first_counts():
    node, (problem,) = read_yaml("a: 1\nb: 2\na: 3\n", "n.yaml")
    assert (problem.line, problem.field, problem.found) == (3, "a", "'a' stands in line 1 already")
    assert [key.value for key, _ in node.entries] == ["a", "b"]
    assert node.entries[0][1].value == "1"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        (BOMB, 1, "an anchor or alias"),
        ("a: 1\nb: *a\n", 2, "an anchor or alias"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "the tag"),
        ("a: !x 1\n", 1, "the tag"),
        ("[" * 5000, 1, f"nested over {DEPTH} levels"),
        ("a:\n" + "".join(" " * n + "- \n" for n in range(DEPTH + 2)), DEPTH + 1, "nested over"),
        ("- 1\n" * NODES, NODES, f"more than {NODES:,} values"),
        ("a: 1\n---\nb: 2\n", 3, "a second document"),
        ("a: 1\n? [x]\n: 2\n", 2, "a key that is no word"),
        ("a: [1\n", 2, "this is not YAML"),
        ("a: 1\n b: 2\n", 2, "this is not YAML"),
        ("a:\n\t- 1\n", 2, "this is not YAML"),
        ("a: 1\nb: \x07\n", 2, "stands where YAML allows none"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_a_description_never_needs_is_refused_where_it_stands(text, line, found):
    with pytest.raises(ModelError) as caught:
        read_yaml(text, "n.yaml")
    (problem,) = caught.value.problems
    assert found in problem.found
    assert problem.line == line
    assert problem.expected


def test_an_empty_text_is_nothing():
    assert read_yaml("# only a comment\n", "n.yaml") == (Nothing(1), [])
