import pytest

from arterial.errors import ModelError
from arterial.model.rate_file import read_rates


def test_a_row_is_an_element_with_its_rate_repair_and_source(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("element,failures_per_year,repair_h,source\nA--B,0.5,12,log of 2025\n", "utf-8")
    rows, records = read_rates(path)
    assert (rows[0].element, rows[0].failures_per_year, rows[0].repair_h) == ("A--B", 0.5, 12.0)
    assert (rows[0].source, records[0].line) == ("log of 2025", 2)


def test_a_missing_column_and_a_missing_file_are_told(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("element,repair_h\nA--B,12\n", "utf-8")
    with pytest.raises(ModelError, match="failures_per_year"):
        read_rates(path)
    with pytest.raises(ModelError, match="no such file"):
        read_rates(tmp_path / "none.csv")
