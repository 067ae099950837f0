"""One cell of a notebook gets another source."""

from tools.notebook.edit import replace_source
from tools.notebook.read import read_notebook


def notebook(tmp_path, *cells):
    path = tmp_path / "experiment.py"
    path.write_text("".join(f"# %%\n{cell}\n" for cell in cells))
    return read_notebook(path)


def test_a_repaired_cell_has_statements_and_no_warning(tmp_path):
    broken = notebook(tmp_path, "a = 1", "print 'x'", "b = 2")
    repaired = replace_source(broken, 2, "print('x')")
    assert [s.id for s in repaired.statements()] == ["c1.s1", "c2.s1", "c3.s1"]
    assert repaired.cells[1].error is None
    assert broken.warnings
    assert not repaired.warnings


def test_the_other_cells_stay(tmp_path):
    before = notebook(tmp_path, "# %time a = 1", "b = 2")
    after = replace_source(before, 2, "%time b = 3")
    assert after.cells[0] == before.cells[0]
    assert [(m.cell, m.source) for m in after.magics] == [(1, "%time a = 1"), (2, "%time b = 3")]
    assert after.cells[1].statements[0].code == "b = 3"


def test_a_source_that_does_not_parse_is_an_error_of_its_cell(tmp_path):
    after = replace_source(notebook(tmp_path, "a = 1", "b = 2"), 2, "b = (")
    assert after.cells[1].error in after.warnings
    assert after.cells[1].statements == ()
