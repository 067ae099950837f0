"""How the static plan grows with the cells of a notebook: `python -m evals.linearity [CELLS ...]`."""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tools.frozen import Frozen

SIZES = (50, 200, 1000, 5000)
REFERENCE = 200
_START = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt",
    "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.metrics import accuracy_score\n"
    "from sklearn.model_selection import train_test_split\nfrom sklearn.preprocessing import StandardScaler",
    "np.random.seed(1)\nraw = pd.read_csv('data/measurements.csv')",
    "def scaled(frame):\n    scaler = StandardScaler()\n    return scaler.fit_transform(frame)",
)
_EXPERIMENT = (
    "df_{n} = raw.copy()\ndf_{n}.head()",
    "df_{n}['ratio'] = df_{n}['a'] / (df_{n}['b'] + {n})",
    "df_{n}.describe()",
    "df_{n}['a'].hist(bins=30)\nplt.title('a')\nplt.show()",
    "df_{n} = df_{n}.dropna()\ndf_{n}.loc[df_{n}['a'] > 3, 'a'] = 3",
    "X_{n}, y_{n} = scaled(df_{n}.drop(columns='target')), df_{n}['target']",
    "X_train, X_test, y_train, y_test = train_test_split(X_{n}, y_{n}, test_size=0.2, random_state={n})",
    "model_{n} = RandomForestClassifier(n_estimators=50, max_depth={n} % 7 + 2, random_state=1)\n"
    "model_{n}.fit(X_train, y_train)",
    "predicted = model_{n}.predict(X_test)\naccuracy_{n} = accuracy_score(y_test, predicted)\nprint(accuracy_{n})",
    "plt.figure()\nplt.bar(range(X_{n}.shape[1]), model_{n}.feature_importances_)\nplt.show()",
)


class Growth(Frozen):
    """What one size took.

    Attributes:
        cells: Code cells of the notebook.
        seconds: Processor time of reading, analysing and planning.
    """

    cells: int
    seconds: float

    @property
    def per_cell(self) -> float:
        """Return the seconds for each cell."""
        return self.seconds / self.cells


def cells_of(count: int) -> list[str]:
    """Return so many cells: imports and a function, then one experiment after the other on a copy of the data."""
    cells = list(_START)
    while len(cells) < count:
        number = (len(cells) - len(_START)) // len(_EXPERIMENT)
        cells += [source.format(n=number) for source in _EXPERIMENT]
    return cells[:count]


def measure(cells: int, folder: Path) -> Growth:
    """Plan a generated notebook without running it, and return what it took."""
    from graph.planning import make_plan

    path = folder / f"{cells}_cells.ipynb"
    document = {"cells": [_cell(source) for source in cells_of(cells)], "metadata": {}, "nbformat": 4}
    path.write_text(json.dumps({**document, "nbformat_minor": 4}), encoding="utf-8")
    start = time.process_time()
    make_plan(path, "", execute=False)
    return Growth(cells=cells, seconds=time.process_time() - start)


def _cell(source: str) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def main(arguments: Sequence[str]) -> int:
    """Print seconds per cell for each size, and the ratio to that of 200 cells."""
    sizes = [int(argument) for argument in arguments] or list(SIZES)
    with tempfile.TemporaryDirectory() as folder:
        measure(50, Path(folder))  # what is loaded once is no cost of a cell
        reference = measure(REFERENCE, Path(folder))
        for size in sizes:
            found = measure(size, Path(folder))
            ratio = found.per_cell / reference.per_cell
            print(f"{size} cells: {found.seconds:.2f} s, {1000 * found.per_cell:.2f} ms per cell, {ratio:.2f} of 200")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
