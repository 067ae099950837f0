"""Frozen facts about a notebook: what the plan is made from. Nothing downstream parses the notebook again."""

from typing import Literal

from tools.frozen import Frozen
from tools.notebook.model import Notebook
from tools.trace.model import Trace

Role = Literal[
    "setup",
    "import",
    "load_data",
    "validate_data",
    "preprocess",
    "feature_engineering",
    "split",
    "define_model",
    "train",
    "tune",
    "evaluate",
    "visualize",
    "explore",
    "export",
    "other",
]
Stage = Literal["data", "model", "training", "evaluation"]
Span = tuple[int, int, int, int]
"""(line, column, end line, end column) within a statement's `code`, as `ast` counts: lines from 1, columns in bytes."""


class Use(Frozen):
    """One def-use edge: a statement reads a value that an earlier statement made or changed.

    Attributes:
        variable: Name in the notebook's namespace (or a pseudo-variable: `<random>`, `<numpy>`, `<torch>` for the state
            of a global generator, `<file:data/x.csv>` for a file, `<cwd>`, `<environ>`, … for process state).
        source: The statement that defined or last changed it.
        kind: `definition`, `mutation` (changed in place), `state` (a pseudo-variable).
        evidence: `static`, `trace` or `both`: where the edge is known from. The union counts.
    """

    variable: str
    source: str
    kind: Literal["definition", "mutation", "state"] = "definition"
    evidence: Literal["static", "trace", "both"] = "static"


class StatementFacts(Frozen):
    """What one statement does.

    Attributes:
        id: Its id.
        kind: `import`, `function` (def), `class`, `assign`, `expression`, `compound` (for, while, if, try, with),
            `delete`, `other`.
        defines: Names that it binds in the notebook's namespace.
        reads: Names of the notebook's namespace that running it reads, those read by the notebook's own functions
            that it calls (transitively) included; builtins and names never defined are left out.
        own_reads: Names that its own text reads when it runs (for a `def`: decorators and defaults only).
        body_reads: For `function` and `class`: free names of the body, read when it is called.
        global_writes: For `function`: names that its body declares `global` and writes.
        mutates: Names whose value it changes in place (static and traced; through an alias, every alias named).
        deletes: Names removed by `del`.
        uses: Its def-use edges in the run order.
        roles: In order of weight, most telling first; never empty (`other`).
        stage: Where its code would belong.
        display_only: Removing it changes no value, file, generator or process state that a kept statement reads:
            it only shows something.
        opaque: It calls `exec`, `eval`, `globals()`, `locals()`, `setattr` on a module or the like: kept whole.
        draws: Global generators that it advances (traced, else by knowledge of the API).
        calls: Qualified names of the library functions, classes and methods it calls, such as
            `sklearn.svm.SVC.fit`, resolved through imports and (where traced) the receiver's class.
        models: Names of variables that hold a model which it defines or fits.
    """

    id: str
    kind: Literal["import", "function", "class", "assign", "expression", "compound", "delete", "other"]
    defines: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    own_reads: tuple[str, ...] = ()
    body_reads: tuple[str, ...] = ()
    global_writes: tuple[str, ...] = ()
    mutates: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    roles: tuple[Role, ...] = ("other",)
    stage: Stage = "data"
    display_only: bool = False
    opaque: bool = False
    draws: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


class Import(Frozen):
    """One name that an import statement of the notebook binds.

    Attributes:
        name: Name bound, such as `pd`; `matplotlib` for `import matplotlib.pyplot`.
        module: Module imported from, such as `pandas`; `sklearn.svm` for `from sklearn.svm import SVC`.
        attribute: `SVC` for `from … import SVC`; empty for a whole module.
        statement: The first statement that imports it.
        local: The module is a Python file of the user's own.
        star: It came by `from … import *`.
        distribution: Distribution that provides it, such as `scikit-learn`; empty for the standard library.
    """

    name: str
    module: str
    attribute: str = ""
    statement: str = ""
    local: bool = False
    star: bool = False
    distribution: str = ""

    def code(self) -> str:
        """Return the import statement that binds exactly this name."""
        if self.attribute:
            alias = "" if self.attribute == self.name else f" as {self.name}"
            return f"from {self.module} import {self.attribute}{alias}"
        alias = "" if self.module.split(".")[0] == self.name else f" as {self.name}"
        return f"import {self.module}{alias}"


class Hyperparameter(Frozen):
    """A constant that belongs in configuration.

    Attributes:
        key: Proposed key below the section, as a person would name it: `random_forest.n_estimators`, `test_size`.
        section: `data`, `preprocessing`, `model`, `training`, `evaluation`, or empty for the top level (`seed`).
        value: Literal, `ast.literal_eval`-able source such as `0.2`, `"data/x.csv"`, `["a", "b"]`, `None`.
        annotation: `int`, `float`, `str`, `bool`, `int | None`, `list[str]`, …
        kind: What sort of constant it is.
        statement: Where it stands.
        span: The expression replaced by the setting. Of a plain assignment (`SEED = 42`), the right-hand side.
        variable: Name where the whole statement is `NAME = literal` and the name is never bound again; else empty.
        comment: The author's comment on the line, without `#`.
    """

    key: str
    section: Literal["", "data", "preprocessing", "model", "training", "evaluation"]
    value: str
    annotation: str
    kind: Literal["hyperparameter", "path", "seed", "threshold", "columns", "count", "grid", "constant"]
    statement: str
    span: Span
    variable: str = ""
    comment: str = ""


class DataSource(Frozen):
    """A file, URL or bundled data set that the notebook reads.

    Attributes:
        path: As the notebook writes it, or as the trace saw it where the expression is no literal.
        statement: Where it is read.
        reader: Qualified name of the call, such as `pandas.read_csv`; empty where unknown.
        kind: `file`, `url`, `bundled` (ships with a library), `download` (a shell line fetches it).
        span: Of the path literal within the statement, where there is one.
        exists: The file is there now; None where unknown (not a file).
        variable: Variable that gets the data; may be empty.
    """

    path: str
    statement: str
    reader: str = ""
    kind: Literal["file", "url", "bundled", "download"] = "file"
    span: Span | None = None
    exists: bool | None = None
    variable: str = ""


class ModelUse(Frozen):
    """A model of the notebook: something constructed and fitted (or trained by a loop).

    Attributes:
        name: Snake case of its class without `Classifier`/`Regressor` (`random_forest`); numbered where several of one
            are told apart by nothing else (`random_forest_2`); a class of the author's own: its name in snake case.
        variable: Variable that holds it at the end of its training.
        type: Qualified class name; of the author's own, `__main__.Net`.
        defined: Statement that constructs it.
        trained: Statements that fit it, in order.
        framework: `sklearn`, `xgboost`, `lightgbm`, `catboost`, `torch`, `keras`, `statsmodels`, `own`, `other`.
        iterative: It trains by an explicit loop or epochs (a loss can be watched).
        saved: A statement of the notebook saves it to a file.
        final: It is what the notebook ends with: saved, else the last one evaluated. Exactly one model is final.
        task: As far as known from class, metrics and data.
        features: Variable (or source expression) passed to `fit` first, and the target second; may be empty.
    """

    name: str
    variable: str
    type: str
    defined: str
    trained: tuple[str, ...] = ()
    framework: Literal[
        "sklearn", "xgboost", "lightgbm", "catboost", "torch", "keras", "statsmodels", "own", "other"
    ] = "other"
    iterative: bool = False
    saved: bool = False
    final: bool = False
    task: Literal["classification", "regression", "clustering", "decomposition", "other"] = "other"
    features: tuple[str, ...] = ()


class Metric(Frozen):
    """A number (or a flat container of numbers) by which the notebook judges a model.

    Attributes:
        name: `accuracy`, `recall`, … or the author's own label in snake case (`knn_recall`); unique among the metrics
            of one model; unique overall where `model` is empty.
        model: `ModelUse.name` that it judges; empty where it is about none or unknown.
        statement: Where it is computed.
        variable: Variable that holds it after the statement; else empty and `span` names the expression.
        span: Of the expression within the statement, such as `accuracy_score(y_test, pred)` inside a print.
        looped: The expression stands in a loop or a comprehension and is computed several times.
        function: Qualified name of what computes it, such as `sklearn.metrics.accuracy_score`; may be empty.
        kind: `number`, `numbers` (dict, list or array of numbers, or looped), `text` (classification report), `table`.
        higher_is_better: Where known.
        value: As the trace saw it, where it is one number.
    """

    name: str
    model: str
    statement: str
    variable: str = ""
    span: Span | None = None
    looped: bool = False
    function: str = ""
    kind: Literal["number", "numbers", "text", "table"] = "number"
    higher_is_better: bool | None = None
    value: float | None = None


class Artefact(Frozen):
    """A file that the notebook saves.

    Attributes:
        path: As written.
        statement: Where.
        variable: What is saved; may be empty.
        kind: `model`, `data` (a table or array written out), `figure`, `other`.
    """

    path: str
    statement: str
    variable: str = ""
    kind: Literal["model", "data", "figure", "other"] = "other"


class NotebookWarning(Frozen):
    """Something a reviewer should know.

    Attributes:
        code: `leakage`, `target-in-features`, `metric-on-training-data`, `hidden-state`, `unseeded`, `absolute-path`,
            `credential`, `unparsable-cell`, `undefined-name`, `opaque`, `disagreement` (static and trace differ),
            `not-run`, `nothing-to-extract`, `other`.
        message: One sentence.
        statement: Where; may be empty.
    """

    code: str
    message: str
    statement: str = ""


class NotebookFacts(Frozen):
    """All that is known about one notebook.

    Attributes:
        notebook: As read.
        trace: Of its run; status `not run` where there was none.
        order: Ids of all statements in the order that counts (the trace's, else chosen statically).
        statements: Facts by id.
        imports: Every name bound by an import.
        hyperparameters: In order of appearance.
        data_sources: In order of appearance.
        models: In order of definition.
        metrics: In order of computation.
        artefacts: In order of saving.
        aliases: Names that shared one object (or memory) at the end of the run, in groups.
        warnings: For people.
    """

    notebook: Notebook
    trace: Trace
    order: tuple[str, ...]
    statements: dict[str, StatementFacts]
    imports: tuple[Import, ...] = ()
    hyperparameters: tuple[Hyperparameter, ...] = ()
    data_sources: tuple[DataSource, ...] = ()
    models: tuple[ModelUse, ...] = ()
    metrics: tuple[Metric, ...] = ()
    artefacts: tuple[Artefact, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[NotebookWarning, ...] = ()
