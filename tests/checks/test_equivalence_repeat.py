"""What the notebook does not repeat, and what follows from it."""

from pathlib import Path

from tools.analysis.analyse import analyse
from tools.checks.equivalence.repeat import following
from tools.checks.model import Difference
from tools.notebook.read import read_notebook
from tools.trace.model import Trace

NOTEBOOK = """# %%
import secrets
# %%
model = secrets.randbelow(10)
# %%
other = 3
# %%
accuracy = model > 2
# %%
rows = other + 1
"""


def test_a_metric_that_happened_to_repeat_is_judged_with_the_model_that_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "nb.py").write_text(NOTEBOOK)
    facts = analyse(read_notebook(tmp_path / "nb.py"), Trace(status="not run"))
    places = {"model": "c2.s1", "accuracy": "c4.s1", "rows": "c5.s1"}
    differences = [Difference(key=n, message="differs", statement=s, variable=n) for n, s in places.items()]

    found = following(facts, differences, {"model"})

    assert found == {"accuracy": "`accuracy` follows from `model`, which the notebook itself does not repeat"}
