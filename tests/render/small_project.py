"""A small generated repository, its plan and the facts behind it: what the renderers are given."""

import sys
from functools import cache
from pathlib import Path

from agents.model import StepInput
from tools.analysis.model import DataSource, Hyperparameter, Import, Metric, ModelUse, NotebookFacts, StatementFacts
from tools.checks.model import Step
from tools.environment import Interpreter, find_interpreter
from tools.notebook.model import Cell, Notebook, Statement
from tools.plan.model import ExtractionPlan, FunctionPlan, Parameter, Returned, SavedModel, Setting
from tools.sandbox import Limits
from tools.trace.model import StatementTrace, Trace, ValueFacts

HERE = Path(__file__).parents[1] / "cases" / "small_package"
FRAME = "pd.DataFrame"
PANDAS = ("import pandas as pd",)
CODE = {
    "c1.s1": 'df = pd.read_csv("data/flowers.csv")',
    "c2.s1": "df = df.dropna()",
    "c3.s1": 'X = df[["length", "width"]]',
    "c3.s2": 'y = df["kind"]',
    "c3.s3": "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)",
    "c4.s1": "model = DecisionTreeClassifier(max_depth=2, random_state=1)",
    "c4.s2": "model.fit(X_train, y_train)",
    "c5.s1": "accuracy = accuracy_score(y_test, model.predict(X_test))",
}


def tree() -> dict[str, str]:
    """Return the sources of the package and its settings."""
    return {
        path.relative_to(HERE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(HERE.rglob("*"))
        if path.is_file() and path.suffix in {".py", ".yaml"} and "__pycache__" not in path.parts
    }


def _live_in(name: str, annotation: str) -> Parameter:
    return Parameter(name=name, annotation=annotation, imports=PANDAS, variable=name)


def _out(name: str, statement: str, annotation: str = FRAME, metric: str = "") -> Returned:
    return Returned(name=name, variable=name, statement=statement, annotation=annotation, imports=PANDAS, metric=metric)


def plan() -> ExtractionPlan:
    """Return the plan of the package."""
    loader, model, train, evaluate = (
        f"src/{name}.py" for name in ("data/loader", "models/model", "training/train", "evaluation/evaluate")
    )
    series = "pd.Series[int]"
    tree_type = "DecisionTreeClassifier"
    return ExtractionPlan(
        project="flower-kinds",
        summary="Tell two kinds of flowers apart.",
        order=tuple(CODE),
        functions=(
            FunctionPlan(
                name="load_data",
                module=loader,
                stage="data",
                kind="stage",
                statements=("c1.s1",),
                parameters=(Parameter(name="path", annotation="str", setting="data.path"),),
                returns=(_out("df", "c1.s1"),),
                raises=(("FileNotFoundError", "If there is no such file."),),
            ),
            FunctionPlan(
                name="clean_data",
                module=loader,
                stage="data",
                kind="stage",
                statements=("c2.s1",),
                parameters=(_live_in("df", FRAME),),
                returns=(_out("df", "c2.s1"),),
            ),
            FunctionPlan(
                name="split_data",
                module=loader,
                stage="data",
                kind="stage",
                statements=("c3.s1", "c3.s2", "c3.s3"),
                parameters=(
                    _live_in("df", FRAME),
                    Parameter(name="test_size", annotation="float", setting="data.test_size"),
                    Parameter(name="seed", annotation="int", setting="seed"),
                ),
                returns=(
                    _out("X_train", "c3.s3"),
                    _out("X_test", "c3.s3"),
                    _out("y_train", "c3.s3", series),
                    _out("y_test", "c3.s3", series),
                ),
            ),
            FunctionPlan(
                name="build_decision_tree",
                module=model,
                stage="model",
                kind="stage",
                statements=("c4.s1",),
                parameters=(
                    Parameter(name="max_depth", annotation="int", setting="model.max_depth"),
                    Parameter(name="seed", annotation="int", setting="seed"),
                ),
                returns=(_out("model", "c4.s1", tree_type),),
                model="decision_tree",
            ),
            FunctionPlan(
                name="fit_decision_tree",
                module=train,
                stage="training",
                kind="stage",
                statements=("c4.s2",),
                parameters=(
                    _live_in("model", tree_type),
                    _live_in("X_train", FRAME),
                    _live_in("y_train", series),
                ),
                returns=(_out("model", "c4.s2", tree_type),),
                model="decision_tree",
            ),
            FunctionPlan(
                name="score_model",
                module=evaluate,
                stage="evaluation",
                kind="stage",
                statements=("c5.s1",),
                parameters=(_live_in("model", tree_type), _live_in("X_test", FRAME), _live_in("y_test", series)),
                returns=(_out("accuracy", "c5.s1", "float", metric="accuracy"),),
            ),
        ),
        settings=(
            Setting(key="seed", value="1", annotation="int"),
            Setting(key="data.path", value='"data/flowers.csv"', annotation="str"),
            Setting(key="data.test_size", value="0.25", annotation="float"),
            Setting(key="model.max_depth", value="2", annotation="int"),
            Setting(key="training.output_dir", value='"artifacts"', annotation="str", added=True),
            Setting(key="evaluation.metrics_path", value='"artifacts/metrics.json"', annotation="str", added=True),
        ),
        saved=(
            SavedModel(
                name="decision_tree",
                variable="model",
                function="fit_decision_tree",
                model="decision_tree",
                served=True,
                features="X_train",
            ),
        ),
        evaluation=("load_data", "clean_data", "split_data", "score_model"),
        data_files=(("data/flowers.csv", "data/flowers.csv"),),
    )


def facts() -> NotebookFacts:
    """Return the facts behind the plan."""
    statements = tuple(
        Statement(id=name, cell=int(name[1]), number=int(name[-1]), source=code, code=code, line=1, end_line=1)
        for name, code in CODE.items()
    )
    cells = tuple(
        Cell(
            index=number,
            id=f"cell-{number}",
            position=number,
            source="\n".join(s.code for s in statements if s.cell == number),
            statements=tuple(s for s in statements if s.cell == number),
        )
        for number in range(1, 6)
    )
    frame = ValueFacts(
        type="pandas.DataFrame",
        annotation=FRAME,
        shape=(40, 3),
        columns=(("length", "float64"), ("width", "float64"), ("kind", "int64")),
        schema_={
            "length": {"dtype": "float64", "missing": 2, "min": 1.0, "max": 6.9},
            "width": {"dtype": "float64", "missing": 0, "min": 0.2, "max": 2.5},
            "kind": {"dtype": "int64", "missing": 0, "min": 0, "max": 1, "values": ["0", "1"]},
        },
    )
    return NotebookFacts(
        notebook=Notebook(
            path=str(HERE / "experiment.ipynb"),
            sha256="0" * 64,
            title="Flower kinds",
            description="Two kinds of flowers, told apart by the size of their petals.",
            cells=cells,
        ),
        trace=Trace(
            status="ran",
            order=tuple(CODE),
            statements={"c1.s1": StatementTrace(id="c1.s1", bound={"df": frame}, reads=("data/flowers.csv",))},
            python="3.11.7",
            packages={"pandas": "3.1.1", "scikit-learn": "1.9.1", "joblib": "1.6.0"},
            imports={"pandas": "pandas", "sklearn": "scikit-learn"},
        ),
        order=tuple(CODE),
        statements={name: StatementFacts(id=name, kind="assign") for name in CODE},
        imports=(Import(name="pd", module="pandas", statement="c1.s1", distribution="pandas"),),
        hyperparameters=(
            Hyperparameter(
                key="path",
                section="data",
                value='"data/flowers.csv"',
                annotation="str",
                kind="path",
                statement="c1.s1",
                span=(1, 17, 1, 35),
            ),
        ),
        data_sources=(
            DataSource(
                path="data/flowers.csv", statement="c1.s1", reader="pandas.read_csv", exists=True, variable="df"
            ),
        ),
        models=(
            ModelUse(
                name="decision_tree",
                variable="model",
                type="sklearn.tree.DecisionTreeClassifier",
                defined="c4.s1",
                trained=("c4.s2",),
                framework="sklearn",
                final=True,
                task="classification",
                features=("X_train", "y_train"),
            ),
        ),
        metrics=(
            Metric(
                name="accuracy",
                model="decision_tree",
                statement="c5.s1",
                variable="accuracy",
                function="sklearn.metrics.accuracy_score",
                higher_is_better=True,
            ),
        ),
    )


@cache
def interpreter() -> Interpreter:
    """Return this interpreter."""
    return find_interpreter(sys.executable, None)


def step(name: Step = "test", **changes: object) -> StepInput:
    """Return what a step is given."""
    values: dict[str, object] = {
        "step": name,
        "notebook": HERE / "experiment.ipynb",
        "facts": facts(),
        "plan": plan(),
        "tree": tree(),
        "interpreter": interpreter(),
        "limits": Limits(seconds=120),
    }
    return StepInput.model_validate({**values, **changes})
