"""What a table of waves in service may not say."""

import pytest

HEADER = "name,a,fibres,pairs,centre_ghz,slot_ghz,mode"
SOUND = "old 1,Fir,Fir-Juniper,1,191343.75,87.5,bright 400"


def lit(drill, *rows):
    """The drill with waves, and one pair lit on the fibres that they may ride."""
    text = (drill.path / "fibres.csv").read_text(encoding="utf-8").splitlines()
    column = text[0].split(",").index("lit_pairs")
    for number, row in enumerate(text):
        cells = row.split(",")
        if cells[0] in ("Fir-Juniper", "Fir-Hazel"):
            cells[column] = "2"
            text[number] = ",".join(cells)
    (drill.path / "fibres.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    drill.replace("network.yaml", "risks: risks.csv", "risks: risks.csv\n  waves: waves.csv")
    (drill.path / "waves.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return drill


def test_a_sound_wave_is_read(drill):
    (wave,) = lit(drill, SOUND).load().waves
    assert wave.hops == (("Fir-Juniper", 1),)
    assert (wave.a, wave.centre_ghz, wave.slot_ghz, wave.mode) == (
        "Fir",
        191_343.75,
        87.5,
        "bright 400",
    )


@pytest.mark.parametrize(
    ("row", "field", "found"),
    [
        ("w,Fir,Fir-Junipr,1,192000,75,", "fibres", "no fibre is called 'Fir-Junipr'"),
        ("w,Fur,Fir-Juniper,1,192000,75,", "a", "no site is called 'Fur'"),
        ("w,Fir,Fir-Juniper,1,192000,75,brite 400", "mode", "no pluggable mode is called"),
        ("w,Fir,Fir-Juniper,3,192000,75,", "pairs", "pair 3 of 'Fir-Juniper' is not lit: 2 are"),
        ("w,Fir,Fir-Juniper,1;2,192000,75,", "pairs", "not as many pairs as its 1 fibres"),
        ("w,Fir,Fir-Juniper;Fir-Juniper,1,192000,75,", "fibres", "'Fir-Juniper' stands here twice"),
        ("w,Elm,Fir-Juniper,1,192000,75,", "fibres", "does not lead on from Elm"),
        (
            "w,Fir,Fir-Juniper,2,191320,75,",
            "centre_ghz",
            "191282 to 191358 GHz is outside the band",
        ),
        ("w,Fir,Fir-Juniper,1,191400,75,", "centre_ghz", "overlaps 'old 1' (waves.csv:2)"),
        ("old 1,Fir,Fir-Juniper,2,191400,75,", "name", "a second wave called 'old 1'"),
        ("w,Fir,Fir-Juniper,0,192000,75,", "pairs[0]", "found '0'"),
    ],
)
def test_a_wave_that_cannot_stand_is_told_with_its_line(drill, row, field, found):
    problems = lit(drill, SOUND, row).problems()
    told = [problem for problem in problems if problem.field == field]
    assert [(problem.file, problem.line) for problem in told] == [("waves.csv", 3)]
    assert found in told[0].found


def test_the_same_slot_on_another_pair_is_free(drill):
    network = lit(drill, SOUND, "w,Juniper,Fir-Juniper,2,191343.75,87.5,").load()
    assert [wave.name for wave in network.waves] == ["old 1", "w"]


def test_a_band_that_was_refused_hides_no_other_error(drill):
    lit(drill, "w,Fir,Fir-Juniper,3,100,75,")
    drill.append("network.yaml", "\nline: {f_min_thz: none}\n")
    assert [problem.field for problem in drill.problems()] == ["line.f_min_thz", "pairs"]
