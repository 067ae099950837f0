"""What the speed targets are measured with."""

import json

from evals.bench import Target, own_seconds


def test_a_ratio_is_the_time_used_over_the_time_allowed():
    assert Target(name="x", seconds=2.0, allowed=4.0).ratio == 0.5


def test_the_notebooks_own_time_is_that_of_its_statements_in_its_folder(tmp_path):
    (tmp_path / "wait.txt").write_text("0.5")
    cell = {
        "cell_type": "code",
        "source": "import time\n%time time.sleep(float(open('wait.txt').read()))",
        "metadata": {},
        "outputs": [],
    }
    (tmp_path / "experiment.ipynb").write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
    assert 0.5 < own_seconds(tmp_path / "experiment.ipynb") < 30
