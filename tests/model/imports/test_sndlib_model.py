import pytest

from arterial.errors import ModelError
from arterial.model.imports.sndlib_model import LETTERS, asked_model, read_model

HEAD = "?SNDlib native format; type: model; version: 1.0\n# a model\n\n"


def written(tmp_path, content):
    path = tmp_path / "model.txt"
    path.write_text(content)
    return path


def test_properties_are_read_and_absent_ones_are_not_said(tmp_path):
    model = read_model(
        written(
            tmp_path, HEAD + "LINK_MODEL = DIRECTED\nSURVIVABILITY_MODEL=NO_SURVIVABILITY # x\n"
        )
    )
    assert model.of("LINK_MODEL") == "DIRECTED"
    assert model.of("DEMAND_MODEL") == ""
    assert not model.survives


def test_protection_of_any_kind_is_survival(tmp_path):
    model = read_model(written(tmp_path, HEAD + "SURVIVABILITY_MODEL = ONE_PLUS_ONE_PROTECTION"))
    assert model.survives


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("LINK_MODEL = DIRECTED\n", 1, "it begins with 'LINK_MODEL"),
        ("<model/>", 1, "it begins with '<model/>'"),
        (HEAD + "LINK_MODLE = DIRECTED\n", 4, "no property 'LINK_MODLE'"),
        (HEAD + "LINK_MODEL = SIDEWAYS\n", 4, "LINK_MODEL is 'SIDEWAYS'"),
        (HEAD + "LINK_MODEL\n", 4, "LINK_MODEL is ''"),
        (HEAD + "LINK_MODEL = DIRECTED\nLINK_MODEL = UNDIRECTED\n", 5, "stands twice"),
    ],
)
def test_what_is_no_model_is_told_with_its_line(tmp_path, content, line, words):
    with pytest.raises(ModelError) as told:
        read_model(written(tmp_path, content))
    (problem,) = told.value.problems
    assert words in problem.found
    assert problem.line == line


def test_letters_name_a_model_and_anything_else_is_a_file(tmp_path):
    model = asked_model("d-b-e-y-i-a-n-u")
    assert model.of("LINK_CAPACITY_MODEL") == "EXPLICIT_LINK_CAPACITIES"
    assert model.of("SURVIVABILITY_MODEL") == "UNRESTRICTED_FLOW_RECONFIGURATION"
    assert len(model.said) == len(LETTERS)
    path = written(tmp_path, HEAD + "LINK_MODEL = DIRECTED")
    assert asked_model(str(path)).said == {"LINK_MODEL": "DIRECTED"}


def test_a_letter_that_stands_for_nothing_is_told_with_those_that_do():
    with pytest.raises(ModelError, match=r"LINK_MODEL is 'Q'.*B \(BIDIRECTED\)"):
        asked_model("U-Q-M-N-C-A-N-N")
