"""What a chat model is told of a notebook: little, and no more than `llm.share` allows."""

from pathlib import Path

import pytest

from agents.compact_facts import Share, compact_facts, shortened
from tools.analysis.analyse import analyse
from tools.analysis.model import NotebookFacts
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.plan.model import ExtractionPlan
from tools.trace.model import StatementTrace, Trace, ValueFacts

NOTEBOOK = """# %% [markdown]
# # Rent of flats
#
# Predicts the rent.

# %%
import pandas as pd
from sklearn.linear_model import Ridge

# %%
df = pd.read_csv("flats.csv")

# %%
model = Ridge(alpha=0.5)
model.fit(df[["area"]], df["rent"])
score = model.score(df[["area"]], df["rent"])
print(score)
"""
FRAME = ValueFacts(
    type="pandas.DataFrame",
    annotation="pd.DataFrame",
    shape=(120, 2),
    columns=(("area", "float64"), ("rent", "int64")),
    schema_={
        "area": {"dtype": "float64", "min": 18.5, "max": 97.0},
        "rent": {"dtype": "int64", "values": ["400", "900"]},
    },
)


@pytest.fixture
def found(tmp_path: Path) -> tuple[NotebookFacts, ExtractionPlan]:
    path = tmp_path / "flats.py"
    path.write_text(NOTEBOOK)
    notebook = read_notebook(path)
    ids = tuple(s.id for s in notebook.statements())
    traced = {i: StatementTrace(id=i) for i in ids} | {"c2.s1": StatementTrace(id="c2.s1", bound={"df": FRAME})}
    facts = analyse(notebook, Trace(status="ran", order=ids, statements=traced))
    metrics = tuple(m.model_copy(update={"value": 0.8765}) for m in facts.metrics)
    facts = facts.model_copy(update={"metrics": metrics})
    return facts, plan_extraction(facts)


def test_the_code_alone_names_no_column_and_no_value(found: tuple[NotebookFacts, ExtractionPlan]) -> None:
    text = compact_facts(*found, "code")

    assert "Rent of flats: 3 code cells" in text
    assert "flats.csv by pandas.read_csv into `df` (c2.s1)" in text
    assert "`ridge`: sklearn.linear_model._ridge.Ridge" in text or "`ridge`: sklearn.linear_model.Ridge" in text
    assert not {"120", "float64", "0.8765", "97"} & set(text.replace(",", " ").split())


@pytest.mark.parametrize(
    ("share", "there", "missing"),
    [
        ("code+schema", ["shape 120 x 2", "area float64", "rent int64"], ["0.8765", "97", "400"]),
        ("code+values", ["shape 120 x 2", "0.8765", "area from 18.5 to 97.0", "rent is one of 400, 900"], []),
    ],
)
def test_more_is_shared_only_where_that_is_asked_for(
    found: tuple[NotebookFacts, ExtractionPlan], share: Share, there: list[str], missing: list[str]
) -> None:
    text = compact_facts(*found, share)

    assert [word for word in there if word not in text] == []
    assert [word for word in missing if word in text] == []


def test_secrets_and_folders_stay_here(found: tuple[NotebookFacts, ExtractionPlan]) -> None:
    facts, plan = found
    key = "sk-" + "a1B2c3D4e5F6g7H8i9J0k1L2"
    described = facts.model_copy(update={"notebook": facts.notebook.model_copy(update={"description": f"With {key}."})})

    text = compact_facts(described, plan, "code+values")

    assert key not in text
    assert str(Path(facts.notebook.path).parent) not in text


def test_a_long_text_is_cut_at_a_line_and_says_so() -> None:
    text = "\n".join(f"- line {n}" for n in range(100))

    cut = shortened(text, 200)

    assert len(cut) <= 200
    assert cut.endswith("more lines")
    assert int(cut.split("… ")[1].split()[0]) + cut.count("\n- ") + 1 == 100
    assert shortened(text, 2000) == text
