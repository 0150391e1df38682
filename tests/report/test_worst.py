from arterial.report.worst import class_rows, failure_kinds


def test_every_row_of_the_proof_stands_in_its_cell_and_no_cell_is_made_up(proof):
    kinds = failure_kinds(proof)
    shown = [
        (row.traffic_class, kind, cell)
        for row in class_rows(proof)
        for kind, cell in zip(kinds, row.cells, strict=True)
        if cell is not None
    ]
    assert [(name, kind) for name, kind, _ in shown] == [("inference", "fibre"), ("sync", "srlg")]
    assert sorted(cell.worst_case for *_, cell in shown) == sorted(
        row.worst_case for row in proof.worst_classes
    )


def test_without_a_proof_there_is_no_row():
    assert class_rows(None) == ()
