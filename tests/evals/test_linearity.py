import ast

from evals.linearity import cells_of, measure


def test_generated_notebooks_are_as_long_as_asked_and_parse():
    for count in (50, 137):
        cells = cells_of(count)
        assert len(cells) == count
        assert all(ast.parse(cell).body for cell in cells)
    assert len(set(cells_of(200))) > 190


def test_a_plan_is_made_for_a_generated_notebook(tmp_path):
    found = measure(50, tmp_path)
    assert found.cells == 50
    assert found.per_cell > 0
