import json
import sys

import pytest

from arterial.errors import SolverError
from arterial.optics.gnpy_comb import CombRun
from arterial.optics.gnpy_tools import FEASIBLE, answers, channels_db


def tool(tmp_path, script):
    """A command of ours in the place of GNPy's: what it gets wrong is told."""
    path = tmp_path / "tool"
    path.write_text(f"#!{sys.executable}\nimport sys\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def told(answer):
    return f"open(sys.argv[-1], 'w').write({json.dumps(answer)!r})"


def metric(value):
    return [{"metric-type": "lowest_SNR-0.1nm", "accumulative-value": value}]


def test_services_answered_together_each_get_the_answer(tmp_path):
    found = {"path-metric": metric("20.5"), "z-a-path-metric": metric("20.25")}
    response = [
        {"response-id": "one | two", "path-properties": found},
        {"response-id": "three", "no-path": {"no-path": "NO_SPECTRUM", "path-properties": found}},
        {"response-id": "four", "no-path": {"no-path": "NO_PATH"}},
    ]
    script = told({"gnpy-path-computation:responses": {"response": response}})
    read = answers(tmp_path, tmp_path / "s.json", tool=tool(tmp_path, script))
    assert (read["one"], read["three"].verdict) == (read["two"], "NO_SPECTRUM")
    assert (read["one"].verdict, read["one"].lowest_db) == (FEASIBLE, (20.5, 20.25))
    assert read["four"].lowest_db[0] != read["four"].lowest_db[0]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("sys.exit('Configuration error')", "Configuration error"),
        ("pass", "exit code 0"),
        (told({"other": 1}), "cannot be read"),
        ("open(sys.argv[-1], 'w').write('half')", "cannot be read"),
    ],
)
def test_a_tool_that_fails_is_told(tmp_path, script, words):
    with pytest.raises(SolverError, match=words):
        answers(tmp_path, tmp_path / "s.json", tool=tool(tmp_path, script))


def test_a_tool_that_is_not_there_is_told_with_its_place(tmp_path):
    with pytest.raises(SolverError, match="no-tool: No such file"):
        answers(tmp_path, tmp_path / "s.json", tool=tmp_path / "no-tool")


RUN = CombRun(
    name="narrow",
    way=0,
    source="trx a",
    destination="trx b",
    topology="t.json",
    spectrum="s.json",
    baud_gbd=125.0,
    channels=2,
)
TABLE = """
The GSNR per channel at the end of the line is:
Ch. #  Channel frequency (THz)  Channel power (dBm)  OSNR ASE (signal bw, dB)  SNR NLI  GSNR
    1  186.58750  -20.00  18.00  20.00  15.25
    2  191.33750  -20.00  18.00  20.00  -1.50
(No source node specified)
"""


def test_every_channel_printed_is_taken_into_01_nm(tmp_path):
    told = tool(tmp_path, f"print({TABLE!r})")
    found = channels_db(tmp_path, [RUN], tool=told)
    assert found["narrow", 0] == pytest.approx((25.25, 8.5))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("sys.exit('Invalid network definition')", "Invalid network definition"),
        (f"print({TABLE.replace('    2', '  two')!r})", "1 channels of 2"),
        ("pass", "0 channels of 2"),
    ],
)
def test_a_run_that_lights_another_comb_is_told(tmp_path, script, words):
    with pytest.raises(SolverError, match=words):
        channels_db(tmp_path, [RUN], tool=tool(tmp_path, script))
