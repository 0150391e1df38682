"""YAML text to nodes with lines: the one door to PyYAML.

Built from the parser's events, without its constructors: no tag is obeyed, nothing is recursive.
Refuses what a description never needs and an attack does: anchors and aliases, tags, several
documents, deep nesting, too many nodes. Anything that stops the parser is one ``ModelError``.
"""

from collections.abc import Iterator

import yaml
from msgspec import Struct

from arterial.errors import ModelError, Problem
from arterial.model.marks import Entries, Items, Node, Nothing, Text, shown

__all__ = ["DEPTH", "NODES", "read_yaml"]

DEPTH = 16
"""Levels of nesting; a description uses five."""
NODES = 50_000
"""Scalars, lists and mappings together; the largest shipped description holds a few hundred."""

_NULL = {"", "~", "null", "Null", "NULL"}


class _Open(Struct):
    """A list or mapping whose end has not come yet."""

    line: int
    mapping: bool
    items: list[Node]
    keys: list[Text]
    key_due: bool = True


def read_yaml(text: str, file: str) -> tuple[Node, list[Problem]]:
    """The document's root, and keys that stand twice (the first one counts).

    Raises
    ------
    ModelError
        The text is no YAML, or YAML of a kind that is refused.
    """
    problems: list[Problem] = []
    stack = [_Open(1, mapping=False, items=[], keys=[])]
    count = 0
    for event in _events(text, file):
        count += isinstance(event, yaml.NodeEvent)
        if count > NODES:
            raise _refusal(file, event, f"more than {NODES:,} values", "Move rows into tables")
        _refuse(event, file)
        if isinstance(event, yaml.ScalarEvent):
            _add(stack[-1], _scalar(event), file)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(stack) > DEPTH:
                raise _refusal(file, event, f"nested over {DEPTH} levels", "Nest less deeply")
            mapping = isinstance(event, yaml.MappingStartEvent)
            stack.append(_Open(_line(event), mapping=mapping, items=[], keys=[]))
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = _closed(stack.pop(), file, problems)
            _add(stack[-1], closed, file)
    roots = stack[0].items
    if len(roots) > 1:
        expected = "One document a file: remove what follows '---'"
        raise ModelError([_problem(file, roots[1].line, "a second document", expected)])
    return (roots[0] if roots else Nothing(1)), problems


def _events(text: str, file: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        found = f"the character {error.character!r} stands where YAML allows none"
        raise ModelError([_problem(file, line, found, "Remove it")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        found = f"this is not YAML: {error.problem or error.context}"
        expected = "Check indentation, colons, brackets and quotes here and just above"
        raise ModelError([_problem(file, mark.line + 1 if mark else 1, found, expected)]) from None


def _refuse(event: yaml.Event, file: str) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise _refusal(file, event, "an anchor or alias (& or *)", "Write the value out")
    tag = getattr(event, "tag", None)
    if tag:
        raise _refusal(file, event, f"the tag '{tag}'", "Remove it: values need no tag")


def _add(open_: _Open, node: Node, file: str) -> None:
    if not open_.mapping:
        open_.items.append(node)
    elif not open_.key_due:
        open_.items.append(node)
        open_.key_due = True
    elif isinstance(node, Text):
        open_.keys.append(node)
        open_.key_due = False
    else:
        expected = "A key is a word followed by a colon"
        raise ModelError([_problem(file, node.line, "a key that is no word", expected)])


def _closed(open_: _Open, file: str, problems: list[Problem]) -> Node:
    if not open_.mapping:
        return Items(open_.line, tuple(open_.items))
    entries: dict[str, tuple[Text, Node]] = {}
    for key, node in zip(open_.keys, open_.items, strict=True):
        first = entries.setdefault(key.value, (key, node))[0]
        if first is not key:
            word = shown(key.value)
            found = f"'{word}' stands in line {first.line} already"
            problems.append(_problem(file, key.line, found, "Keep one of the two", word))
    return Entries(open_.line, tuple(entries.values()))


def _scalar(event: yaml.ScalarEvent) -> Node:
    plain = bool(event.implicit[0])
    if plain and event.value in _NULL:
        return Nothing(_line(event))
    return Text(_line(event), event.value, plain)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _refusal(file: str, event: yaml.Event, found: str, expected: str) -> ModelError:
    return ModelError([_problem(file, _line(event), found, expected)])


def _problem(file: str, line: int, found: str, expected: str, field: str = "") -> Problem:
    return Problem(file=file, line=line, field=field, found=found, expected=expected)
