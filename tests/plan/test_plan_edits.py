"""A person's changes of the plan: read back from the document, validated against the facts, honoured next."""

import re

import pytest
from planned import facts_of

from tools.analysis.model import NotebookFacts
from tools.errors import UserError
from tools.plan.document import plan_markdown
from tools.plan.edits import PlanEdits, validated_edits
from tools.plan.extraction import plan_extraction
from tools.plan.model import ExtractionPlan
from tools.plan.read_back import HOW, edits_in, edits_in_words

NOTEBOOK = """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

# %%
df = pd.read_csv("data.csv")
table = df.describe()

# %%
X_train, X_test, y_train, y_test = train_test_split(df[["a"]], df["y"], test_size=0.25, random_state=3)

# %%
forest = RandomForestClassifier(n_estimators=7, random_state=3)
forest.fit(X_train, y_train)
forest_accuracy = accuracy_score(y_test, forest.predict(X_test))

# %%
line = LogisticRegression(C=0.5)
line.fit(X_train, y_train)
line_accuracy = accuracy_score(y_test, line.predict(X_test))

# %%
print(df.shape)
"""


@pytest.fixture
def facts(tmp_path) -> NotebookFacts:
    return facts_of(tmp_path, NOTEBOOK)


@pytest.fixture
def plan(facts: NotebookFacts) -> ExtractionPlan:
    return plan_extraction(facts)


def replanned(facts: NotebookFacts, plan: ExtractionPlan, edits: PlanEdits) -> ExtractionPlan:
    return plan_extraction(facts, (*plan.constraints, *validated_edits(facts, plan, edits)))


def read_back(facts: NotebookFacts, plan: ExtractionPlan, pattern: str, text: str) -> PlanEdits:
    edited, count = re.subn(pattern, text, HOW + plan_markdown(facts, plan), count=1, flags=re.MULTILINE)
    assert count == 1, pattern
    return edits_in(edited, facts, plan)


def test_nothing_changed_asks_for_nothing(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    assert not edits_in(HOW + plan_markdown(facts, plan), facts, plan)


def test_a_function_gets_another_name(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    old = next(f.name for f in plan.functions if f.stage == "training")
    edits = read_back(facts, plan, rf"^\| `{old}` ", "| `fit_the_forest` ")
    assert edits == PlanEdits(rename_functions={old: "fit_the_forest"})

    new = replanned(facts, plan, edits)

    assert [f.statements for f in new.functions] == [f.statements for f in plan.functions]
    assert old not in new.model_dump_json(exclude={"constraints"})
    assert "fit_the_forest" in {f.name for f in new.functions}
    assert "Renamed:" in plan_markdown(facts, new)


def test_a_name_can_be_changed_again_and_back(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    old = next(f.name for f in plan.functions if f.stage == "training")
    new = replanned(facts, plan, PlanEdits(rename_functions={old: "one"}))
    new = replanned(facts, new, PlanEdits(rename_functions={"one": "two"}))
    assert "two" in {f.name for f in new.functions}

    new = replanned(facts, new, PlanEdits(rename_functions={"two": old}))
    assert [f.name for f in new.functions] == [f.name for f in plan.functions]


def test_a_setting_gets_another_key(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    edits = read_back(facts, plan, r"^\| `data.test_size` ", "| `data.held_out` ")

    new = replanned(facts, plan, edits)

    assert "data.held_out" in {s.key for s in new.settings}
    parameters = [p for f in new.functions for p in f.parameters if p.setting == "data.held_out"]
    assert [p.name for p in parameters] == ["held_out"]


def test_a_dropped_cell_is_kept(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    edits = read_back(facts, plan, r"^(\| c6 \|.*)dropped:.*\|$", r"\1kept |")
    assert edits == PlanEdits(keep=("c6.s1",))

    new = replanned(facts, plan, edits)

    assert "c6.s1" in new.order
    assert next(d.reason for d in new.decisions if d.statement == "c6.s1") == "a person asked for it"


def test_a_single_statement_of_a_cell_is_kept(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    edits = read_back(facts, plan, r"^(\| c2 \|.*)s2 dropped", r"\1s2 kept")

    assert edits == PlanEdits(keep=("c2.s2",))
    assert "c2.s2" in replanned(facts, plan, edits).order


def test_a_model_candidate_is_left_out(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    edits = read_back(facts, plan, r"^\| `line`: .*\n", "")
    assert edits == PlanEdits(drop_models=("line",))

    new = replanned(facts, plan, edits)

    assert not any(i.startswith("c5.") for i in new.order)
    assert "logistic_regression" not in {saved.model for saved in new.saved}
    assert {r.metric for f in new.functions for r in f.returns if r.metric} == {"accuracy"} or all(
        "logistic" not in (r.metric or "") for f in new.functions for r in f.returns
    )


@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        (PlanEdits(rename_functions={"nothing": "x"}), "has no function `nothing`: its functions are"),
        (PlanEdits(rename_functions={"load_data": "a b"}), "is no name for a function"),
        (PlanEdits(rename_functions={"load_data": "train"}), "`train` is taken"),
        (PlanEdits(rename_functions={"load_data": "df"}), "`df` is taken"),
        (PlanEdits(rename_settings={"data.test_size": "data.test.size"}), None),
        (PlanEdits(rename_settings={"data.test_size": "other.size"}), "section must be one of data"),
        (PlanEdits(rename_settings={"data.test_size": "model.random_forest"}), "meets the setting"),
        (PlanEdits(rename_settings={"training.output_dir": "training.out"}), "its name stays"),
        (PlanEdits(keep=("c99",)), "no cell `c99`"),
        (PlanEdits(keep=("c1.s99",)), "no statement `c1.s99`"),
        (PlanEdits(drop_models=("svm",)), "no model `svm`: its models are random_forest, logistic_regression"),
        (PlanEdits(drop_models=("forest", "line")), "no model would be left"),
    ],
)
def test_what_cannot_be_honoured_is_said(
    facts: NotebookFacts, plan: ExtractionPlan, edits: PlanEdits, sentence: str | None
) -> None:
    if sentence is None:
        validated_edits(facts, plan, edits)
    else:
        with pytest.raises(UserError, match=re.escape(sentence)):
            validated_edits(facts, plan, edits)


@pytest.mark.parametrize(
    ("pattern", "text", "sentence"),
    [
        (r"^(\| `data.test_size` \|) 0.25", r"\1 0.5", "its value of `data.test_size` cannot be changed here (0.25)"),
        (r"^\| `load_data` .*\n", "", "a line was added or removed"),
        (r"^(\| c3 \|.*)kept", r"\1dropped", "c3.s1 cannot be dropped by hand"),
        (r"^(\| c6 \|.*)dropped:.*\|$", r"\1perhaps |", "'perhaps' says neither"),
        (r"^\| c6 .*\n", "", "the line of c6 is gone"),
        (r"^## Settings\n[^#]*", "", "the section `Settings` is gone"),
        (r"^\| .*accuracy.* \| .*\n", "", "only lines of models can be removed"),
    ],
)
def test_what_is_changed_elsewhere_is_said(
    facts: NotebookFacts, plan: ExtractionPlan, pattern: str, text: str, sentence: str
) -> None:
    with pytest.raises(UserError, match=re.escape(sentence)):
        read_back(facts, plan, pattern, text)


def test_a_model_that_something_kept_reads_stays(tmp_path) -> None:
    both = NOTEBOOK.replace(
        "print(df.shape)", "best = max(forest_accuracy, line.score(X_test, y_test))\naccuracy = best"
    )
    facts = facts_of(tmp_path, both)
    plan = plan_extraction(facts)
    plan = plan_extraction(facts, validated_edits(facts, plan, PlanEdits(keep=("c6",))))

    with pytest.raises(UserError, match=r"model `logistic_regression` cannot be left out: c6\.s1 reads it"):
        validated_edits(facts, plan, PlanEdits(drop_models=("line",)))


def test_words_are_understood_in_few_forms(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    said = "keep c6 and c2.s2; rename load_data to cut, rename data.test_size to data.held_out and drop line."

    assert edits_in_words(said, plan, facts) == PlanEdits(
        rename_functions={"load_data": "cut"},
        rename_settings={"data.test_size": "data.held_out"},
        keep=("c6", "c2.s2"),
        drop_models=("line",),
    )
    assert not edits_in_words("make it nicer", plan, facts)


def test_a_purpose_is_the_first_line_of_the_docstring_also_under_a_new_name(
    facts: NotebookFacts, plan: ExtractionPlan
) -> None:
    edits = PlanEdits(
        rename_functions={"load_data": "read_rows"}, describe_functions={"load_data": "Read the rows: all."}
    )

    new = replanned(facts, plan, edits)

    assert next(f.purpose for f in new.functions if f.name == "read_rows") == "Read the rows: all."
    again = replanned(facts, new, PlanEdits(describe_functions={"read_rows": "Read them."}))
    assert next(f.purpose for f in again.functions if f.name == "read_rows") == "Read them."


@pytest.mark.parametrize(
    ("name", "text"), [("nothing", "Do it."), ("load_data", "two\nlines"), ("load_data", "x" * 101)]
)
def test_a_purpose_is_one_line_of_a_function_that_the_plan_makes(
    facts: NotebookFacts, plan: ExtractionPlan, name: str, text: str
) -> None:
    with pytest.raises(UserError):
        validated_edits(facts, plan, PlanEdits(describe_functions={name: text}))
