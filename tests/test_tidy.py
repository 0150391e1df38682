"""The rules of the house that no linter knows."""

import ast
import gc
import re
import shutil
import subprocess
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

pytestmark = pytest.mark.tidy

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "arterial"

FILE_LINES = 400
FUNCTION_LINES = 60
INIT_LINES = 60

# Each outside library that is big, slow to import or easily misused has one door.
DOORS = {"gnpy": "optics", "highspy": "solve", "yaml": "model"}

# Commands pay for a library when they run, not when `--help` lists them.
LAZY = ("cli", "study/__init__.py")

# Laws of the whole, which belong to no one package.
WHOLE = {
    "test_bad_input",
    "test_canaries",
    "test_continent",
    "test_demo",
    "test_determinism",
    "test_docs",
    "test_hybrid",
    "test_imports",
    "test_oracle",
    "test_plan_page",
    "test_reference",
    "test_restoration_canaries",
    "test_resume",
    "test_subsea",
    "test_tidy",
}

VAGUE_FILE = re.compile(r"^_?(utils?|helpers?|common|misc)$|_(utils?|helpers?)$|manager|mixin")
VAGUE_CLASS = re.compile(r"(Manager|Mixin|Helper)$")
NAMELESS = {
    "path": re.compile(r"(?<![\w./~-])/(?:work|root|home|tmp)\b"),
    "registry": re.compile(r"pypi\.org|pythonhosted\.org|deb\.debian\.org|npmjs\.(?:org|com)"),
}


@cache
def tracked():
    """Files that are, or would be, in a commit."""
    git = shutil.which("git")
    assert git, "git lists the files to check"
    listing = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in names.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


@cache
def python(folder):
    """Python files of one top folder, each with its lines and its syntax tree."""
    files = (path for path in tracked() if path.suffix == ".py" and path.is_relative_to(folder))
    texts = ((path, path.read_text(encoding="utf-8")) for path in files)
    gc.disable()  # a million fresh nodes: looking for garbage takes longer than to make them
    found = tuple((path, text.splitlines(), ast.parse(text)) for path, text in texts)
    gc.enable()
    return found


def everything():
    return chain(python(PACKAGE), python(ROOT / "tests"), python(ROOT / "bench"))


def place(path, line=None):
    name = path.relative_to(ROOT).as_posix()
    return name if line is None else f"{name}:{line}"


def imports(tree):
    """Every import statement below a node, with the top-level packages it names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield node, {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            yield node, {(node.module or "").split(".")[0]}


def functions(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return (node for node in ast.walk(tree) if isinstance(node, kinds))


def length(function):
    """Lines of a function, its docstring left out: nobody should shorten the explanation."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        docstring = function.body[0]
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def test_no_file_is_longer_than_a_reader_lasts():
    assert [
        f"{place(path)} has {len(lines)} lines; split it by noun"
        for path, lines, _ in everything()
        if len(lines) > FILE_LINES
    ] == []


def test_no_function_is_longer_than_a_screen():
    assert [
        f"{place(path, node.lineno)} {node.name} has {length(node)} lines"
        for path, _, tree in everything()
        for node in functions(tree)
        if length(node) > FUNCTION_LINES
    ] == []


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_one_door(library):
    door = PACKAGE / DOORS[library]
    assert [
        place(path, node.lineno)
        for path, _, tree in python(PACKAGE)
        for node, names in imports(tree)
        if library in names and not path.is_relative_to(door)
    ] == []


def test_no_name_says_nothing():
    files = [place(path) for path, _, _ in everything() if VAGUE_FILE.search(path.stem)]
    classes = [
        f"{place(path, node.lineno)} {node.name}"
        for path, _, tree in everything()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and VAGUE_CLASS.search(node.name)
    ]
    assert files + classes == []


def test_imports_stand_at_the_top_except_where_commands_are_told_apart():
    assert [
        place(path, node.lineno)
        for path, _, tree in python(PACKAGE)
        if not path.relative_to(PACKAGE).as_posix().startswith(LAZY)
        for function in functions(tree)
        for node, _ in imports(function)
    ] == []


def test_no_cycle_hides_behind_type_checking():
    assert [
        place(path, node.lineno)
        for path, _, tree in python(PACKAGE)
        for node in ast.walk(tree)
        if getattr(node, "id", getattr(node, "attr", None)) == "TYPE_CHECKING"
    ] == []


def test_every_module_says_what_it_is_for():
    assert [place(path) for path, _, tree in python(PACKAGE) if not ast.get_docstring(tree)] == []


def test_every_package_opens_with_a_short_page():
    assert [
        f"{place(path)} has {len(lines)} lines"
        for path, lines, _ in python(PACKAGE)
        if path.name == "__init__.py" and len(lines) > INIT_LINES
    ] == []


def test_the_tests_mirror_the_source():
    tests = ROOT / "tests"
    astray = []
    for path, _, _ in python(tests):
        if not path.name.startswith("test_") or (path.parent == tests and path.stem in WHOLE):
            continue
        subject = PACKAGE / path.parent.relative_to(tests) / path.stem.removeprefix("test_")
        if not (subject.with_suffix(".py").is_file() or (subject / "__init__.py").is_file()):
            astray.append(f"{place(path)} tests no file or package of src/arterial")
    assert astray == []


@pytest.mark.parametrize("what", NAMELESS)
def test_no_text_names_a_machine_s_path_or_a_registry(what):
    found = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{place(path, number)} names a {what}"
            for number, line in enumerate(lines, 1)
            if NAMELESS[what].search(line)
        ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-cluster.lock"])
def test_the_lock_is_hashed_and_holds_no_address(name):
    lock = (ROOT / name).read_text(encoding="utf-8")
    pins = [block for block in re.split(r"\n(?=[a-z])", lock) if "==" in block]
    assert [block.split()[0] for block in pins if "--hash=sha256:" not in block] == []
    assert [line for line in lock.splitlines() if "://" in line or line.startswith("-")] == []


def test_the_cluster_s_lock_holds_the_same_versions_and_ray():
    pins = [
        set(re.findall(r"^[a-z0-9.-]+==\S+", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-cluster.lock")
    ]
    assert pins[0] < pins[1]
    assert any(pin.startswith("ray==") for pin in pins[1])
