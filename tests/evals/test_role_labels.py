import json

import pytest

from evals.role_labels import agreement, compare, main, read_labels
from tools.errors import UserError

CELLS = ("import pandas as pd", "df = pd.read_csv('a.csv')\ndf.head()", "df.describe()")


@pytest.fixture
def notebooks(tmp_path):
    cells = [{"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": c} for c in CELLS]
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "small.ipynb").write_text(json.dumps(document))
    return tmp_path


def written(folder, labels):
    path = folder / "labels.json"
    path.write_text(json.dumps(labels))
    return path


def test_f1_counts_pairs_of_cell_and_role(notebooks):
    labels = {"small": {"1": ["import"], "2": ["load_data"], "3": ["visualize"]}}
    cells = compare(read_labels(written(notebooks, labels)), notebooks)
    found = agreement(cells)
    assert (found.right, found.excess, found.missed) == (2, 2, 1)  # c2 shows the table too, c3 shows and plots nothing
    assert found.f1 == pytest.approx(4 / 7)
    assert agreement(cells, "visualize").missed == 1


def test_only_named_cells_are_judged(notebooks):
    cells = compare(read_labels(written(notebooks, {"small": {"1": ["import"]}})), notebooks)
    assert agreement(cells).f1 == 1.0


@pytest.mark.parametrize(
    "labels, words",
    [
        ({"small": {"1": ["plotting"]}}, "The roles are setup"),
        ({"small": {"9": ["import"]}}, "has 3 code cells"),
        ({"other": {"1": ["import"]}}, "is missing"),
    ],
)
def test_labels_that_do_not_fit_are_told(notebooks, labels, words):
    with pytest.raises(UserError, match=words):
        compare(read_labels(written(notebooks, labels)), notebooks)


def test_the_figure_is_printed(notebooks, capsys):
    assert main([str(written(notebooks, {"small": {"1": ["import"]}})), str(notebooks)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"cells": 1, "micro_f1": 1.0}
