"""What a plan keeps, drops and cuts, on small notebooks."""

import re

import pytest

from tests.plan.planned import facts_of, named, plan_of
from tools.checks.model import Diagnostic
from tools.errors import ExitCode, UserError
from tools.plan.capture import capture_points
from tools.plan.document import plan_json, plan_markdown
from tools.plan.extraction import plan_extraction
from tools.plan.model import Constraint
from tools.plan.naming import built_name, heading_name, safe_name, unique_name
from tools.plan.widen import widen
from tools.trace.model import StatementTrace, TraceError

HEAD = """
import pandas as pd
import joblib
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split, cross_val_score
from sklearn.metrics import accuracy_score
# %%
df = pd.read_csv("data/rows.csv")
df.head()
# %%
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="y"), df["y"], test_size=0.25, random_state=7)
"""
ONE = (
    HEAD
    + """
# %%
model = LogisticRegression(C=0.5)
model.fit(X_train, y_train)
# %%
accuracy = accuracy_score(y_test, model.predict(X_test))
print(accuracy)
"""
)
SAVED = (
    HEAD
    + """
# %%
forest = RandomForestClassifier(n_estimators=10, random_state=1)
forest.fit(X_train, y_train)
forest_accuracy = accuracy_score(y_test, forest.predict(X_test))
# %%
other = RandomForestClassifier(n_estimators=20, random_state=1)
print(cross_val_score(other, X_train, y_train, cv=3).mean())
# %%
model = LogisticRegression(random_state=1)
model.fit(X_train, y_train)
accuracy = accuracy_score(y_test, model.predict(X_test))
# %%
joblib.dump(model, "model.joblib")
"""
)


def test_no_model_no_metric_and_nothing_saved_is_bad_input(tmp_path):
    with pytest.raises(UserError, match="no model, no metric") as caught:
        plan_of(tmp_path, "rows = [1, 2]\nprint(rows)")
    assert caught.value.code == ExitCode.BAD_INPUT


def test_every_statement_has_a_decision_with_a_reason(tmp_path):
    facts = facts_of(tmp_path, ONE)
    plan = plan_extraction(facts)
    assert [d.statement for d in plan.decisions] == [s.id for s in facts.notebook.statements()]
    assert all(d.reason for d in plan.decisions)


def test_display_goes_and_the_way_to_the_metric_stays(tmp_path):
    kept = {d.statement: d.kept for d in plan_of(tmp_path, ONE).decisions}
    assert not kept["c2.s2"]
    assert all(kept[i] for i in ("c2.s1", "c3.s1", "c4.s1", "c4.s2", "c5.s1"))


def test_a_saved_model_leaves_the_others_and_their_metrics_out(tmp_path):
    kept = {d.statement: d.kept for d in plan_of(tmp_path, SAVED).decisions}
    assert not any(kept[i] for i in ("c4.s1", "c4.s2", "c4.s3"))
    assert not kept["c5.s1"]
    assert kept["c6.s2"]
    assert kept["c6.s3"]


def test_a_dropped_draw_that_a_kept_one_follows_stays(tmp_path):
    kept = {d.statement: d.kept for d in plan_of(tmp_path, re.sub(r"(, )?random_state=1", "", SAVED)).decisions}
    assert kept["c4.s2"]


def test_models_whose_metrics_meet_the_saved_ones_stay(tmp_path):
    compared = SAVED + "# %%\nprint(max(accuracy, forest_accuracy))\n"
    kept = {d.statement: d.kept for d in plan_of(tmp_path, compared).decisions}
    assert all(kept[i] for i in ("c4.s1", "c4.s2", "c4.s3", "c6.s2"))


def test_without_a_saved_model_every_judged_one_stays(tmp_path):
    kept = {d.statement: d.kept for d in plan_of(tmp_path, SAVED.replace("joblib.dump", "print")).decisions}
    assert kept["c4.s2"]
    assert kept["c6.s2"]


def test_saving_is_left_to_the_package(tmp_path):
    decision = next(d for d in plan_of(tmp_path, SAVED).decisions if d.statement == "c7.s1")
    assert not decision.kept
    assert "artefacts folder" in decision.reason


def test_a_loop_that_trains_and_saves_stays(tmp_path):
    text = HEAD + (
        "# %%\nmodel = LogisticRegression()\n"
        "for _ in range(2):\n    model.fit(X_train, y_train)\n    joblib.dump(model, 'm.joblib')\n"
        "# %%\nprint(accuracy_score(y_test, model.predict(X_test)))\n"
    )
    assert "c4.s2" in plan_of(tmp_path, text).order


def test_values_only_flow_forward_and_every_live_in_was_returned(tmp_path):
    made: set[str] = set()
    for function in (f for f in plan_of(tmp_path, SAVED).functions if f.kind == "stage"):
        assert {p.variable for p in function.parameters if p.variable} <= made
        made |= {r.variable for r in function.returns}


def test_kept_statements_stand_in_exactly_one_function(tmp_path):
    facts = facts_of(tmp_path, ONE)
    plan = plan_extraction(facts)
    placed = [i for f in plan.functions for i in f.statements]
    assert sorted(placed) == sorted(i for i in plan.order if facts.statements[i].kind != "import")


def test_settings_reach_the_function_that_uses_them(tmp_path):
    plan = plan_of(tmp_path, ONE)
    settings = {s.key: s.value for s in plan.settings}
    assert settings["data.test_size"] == "0.25"
    assert settings["seed"] == "7"
    split = next(f for f in plan.functions if "c3.s1" in f.statements)
    assert {"data.test_size", "seed"} <= {p.setting for p in split.parameters}


def test_a_seed_that_the_notebook_lacks_is_added_and_declared(tmp_path):
    plan = plan_of(tmp_path, ONE.replace(", random_state=7", ""))
    assert next(s for s in plan.settings if s.key == "seed").added
    assert any(c.kind == "seed" for c in plan.changes)


def test_an_absolute_path_becomes_a_setting_below_data(tmp_path):
    plan = plan_of(tmp_path, ONE.replace("data/rows.csv", "/home/someone/rows.csv"))
    assert "'data/rows.csv'" in {s.value for s in plan.settings}
    assert any(c.kind == "path" for c in plan.changes)


def test_a_function_moves_out_and_gets_its_globals_passed(tmp_path):
    text = ONE.replace("accuracy = acc", "def score(m):\n    return accuracy_score(y_test, m.predict(X_test))\n\nacc")
    text = text.replace("accuracy_score(y_test, model.predict(X_test))\nprint", "0\naccuracy = score(model)\nprint")
    author = named(plan_of(tmp_path, text), "score")
    assert author.kind == "author"
    assert [p.variable for p in author.parameters] == ["X_test", "y_test"]


def test_a_function_stays_nested_when_asked(tmp_path):
    text = ONE.replace("df.head()", "def twice(x):\n    return x * 2\n\ndf = twice(df)")
    assert any(f.kind == "author" for f in plan_of(tmp_path, text).functions)
    nested = plan_of(tmp_path, text, Constraint(kind="nest", target="twice"))
    assert not any(f.kind == "author" for f in nested.functions)
    holder = next(f for f in nested.functions if "c2.s2" in f.statements)
    assert "c2.s3" in holder.statements


def test_a_function_that_writes_globals_is_not_moved(tmp_path):
    text = ONE.replace("df.head()", "def change():\n    global df\n    df = df * 2\n\nchange()")
    assert not any(f.kind == "author" for f in plan_of(tmp_path, text).functions)


@pytest.mark.parametrize(
    "text",
    [
        "def note(x, seen=[]):\n    seen.append(x)\n    return len(seen)\n\ndf['n'] = note(1)",
        "class Options:\n    columns = ['a']\n\nOptions.columns.append('b')\ndf = df[Options.columns]",
        "def note(x):\n    note.calls += 1\n    return x\n\nnote.calls = 0\ndf['n'] = note(1)",
    ],
)
def test_what_remembers_between_calls_is_not_moved(tmp_path, text):
    plan = plan_of(tmp_path, ONE.replace("df.head()", text))
    assert not any(f.kind == "author" for f in plan.functions)
    assert "c2.s2" in plan.order


@pytest.mark.parametrize(
    "text",
    [
        "class Net:\n    size = 3\n    def __init__(self):\n        self.on = False\n    def start(self):\n"
        "        self.on = True\n        return self\n\nnet = Net()\nnet.start()\ndf['n'] = net.on",
        "def note(x, rate=0.5):\n    return x * rate\n\ndf['n'] = note(1)",
    ],
)
def test_what_only_its_instances_change_is_moved(tmp_path, text):
    plan = plan_of(tmp_path, ONE.replace("df.head()", text))
    assert [f.statements for f in plan.functions if f.kind == "author"] == [("c2.s2",)]


def test_a_keep_constraint_keeps_and_gives_its_reason(tmp_path):
    plan = plan_of(tmp_path, ONE, Constraint(kind="keep", target="c2.s2", reason="it matters"))
    assert next(d for d in plan.decisions if d.statement == "c2.s2").reason == "it matters"
    assert "c2.s2" in plan.order


def test_one_function_holds_everything(tmp_path):
    plan = plan_of(tmp_path, ONE, Constraint(kind="one-function"))
    assert len(plan.functions) == 1


def test_evaluation_loads_the_model_and_computes_the_split_again(tmp_path):
    plan = plan_of(tmp_path, ONE)
    assert [s.variable for s in plan.saved] == ["model"]
    stages = {f.name: f.stage for f in plan.functions}
    assert {stages[name] for name in plan.evaluation} == {"data", "evaluation"}


def test_inputs_are_saved_when_asked(tmp_path):
    saved = plan_of(tmp_path, ONE, Constraint(kind="save-inputs")).saved
    assert {"model", "X_test", "y_test"} <= {s.variable for s in saved}


def test_every_result_has_a_capture_point(tmp_path):
    facts = facts_of(tmp_path, ONE)
    plan = plan_extraction(facts)
    keys = {point.key for point in capture_points(plan, facts)}
    assert keys == {r.capture for f in plan.functions for r in f.returns}


def test_the_ladder_only_climbs_and_ends(tmp_path):
    facts = facts_of(tmp_path, SAVED)
    error = Diagnostic(code="equivalence", message="differs", step="extract", statement="c6.s3")
    known: tuple[Constraint, ...] = ()
    for _ in range(100):
        before = set(plan_extraction(facts, known).order)
        added = widen(facts, plan_extraction(facts, known), [error], known)
        if not added:
            break
        known += added
        assert before <= set(plan_extraction(facts, known).order)
    assert {"keep-all", "save-inputs", "one-function"} <= {c.kind for c in known}
    assert widen(facts, plan_extraction(facts, known), [error], known) == ()


def test_the_same_facts_give_the_same_page(tmp_path):
    facts = facts_of(tmp_path, SAVED)
    assert plan_markdown(facts, plan_extraction(facts)) == plan_markdown(facts, plan_extraction(facts))
    found = plan_json(facts, plan_extraction(facts))
    assert {"cells", "statements", "hyperparameters", "data_sources", "models", "metrics", "order", "warnings"} <= set(
        found
    )


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Load data", "load_data"),
        ("2. Splitting the data", "split_data"),
        ("Preprocess", "preprocess_data"),
        ("Import the libraries", ""),
        ("Results", ""),
        ("Train", ""),
        ("Why the model of last year was not good", ""),
    ],
)
def test_names_from_headings(heading, name):
    assert heading_name(heading) == name


def test_names_of_what_is_built():
    assert built_name(["preprocessor"]) == "build_preprocessor"
    assert built_name(["skewed_steps", "other_steps"]) == "build_steps"
    assert built_name(["a", "b"]) == ""


def test_names_hide_nothing():
    assert safe_name("sum", frozenset()) == "sum_value"
    assert safe_name("total", frozenset()) == "total"
    assert unique_name("load_data", {"load_data"}) == "load_data_2"


def test_a_statement_that_raised_still_gives_its_functions_what_they_pass_on(tmp_path):
    facts = facts_of(tmp_path, ONE)
    error = TraceError(statement="c3.s1", kind="ValueError", message="too few rows")
    seen = {identifier: StatementTrace(id=identifier) for identifier in ("c2.s1", "c3.s1")}
    trace = facts.trace.model_copy(update={"status": "failed", "statements": seen, "error": error})

    plan = plan_extraction(facts.model_copy(update={"trace": trace}))

    assert [found.name for found in named(plan, "load_data").returns] == [
        "X_train",
        "X_test",
        "y_train",
        "y_test",
    ]


def test_the_error_of_a_baseline_does_not_take_the_name_of_the_models(tmp_path):
    code = """
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error
df = pd.read_csv("a.csv")
model = Ridge().fit(df[["x"]], df["y"])
# %%
baseline_error = mean_squared_error(df["y"], [df["y"].mean()] * len(df))
# %%
print(mean_squared_error(df["y"], [0.0] * len(df)))
# %%
print(mean_squared_error(df["y"], model.predict(df[["x"]])))
"""
    names = [r.metric for f in plan_of(tmp_path, code).functions for r in f.returns if r.metric]
    assert len(names) == len(set(names)) == 3
    assert "mse" in names
