"""The extraction plan: which statements are kept, and which function of the package each becomes."""

from typing import Literal

from tools.analysis.model import Span, Stage
from tools.frozen import Frozen


class Constraint(Frozen):
    """What a check has taught: the next plan must respect it. Constraints are only ever added.

    Attributes:
        kind: `keep` (a statement stays), `keep-all` (every statement that is not display only stays), `nest`
            (the author's function stays inside the function that uses it, as a closure), `one-function` (all
            statements of the experiment in one function), `save-inputs` (training saves what evaluation needs instead
            of computing it again), `suppress` (a linter or type code is silenced on one line of a generated file). A
            person or a chat model may add: `keep`, `rename-function`, `rename-setting`, `drop-model` (a candidate is
            left out), `describe-function` (the first line of its docstring).
        target: Statement id (`keep`), function name (`nest`), `path:line:tool:code` (`suppress`), `old:new` (the
            renamings), `name:text` (`describe-function`), model name (`drop-model`), else empty.
        reason: For people: "changes `df` in place, read by c20.s1".
    """

    kind: Literal[
        "keep",
        "keep-all",
        "nest",
        "one-function",
        "save-inputs",
        "suppress",
        "rename-function",
        "rename-setting",
        "drop-model",
        "describe-function",
    ]
    target: str = ""
    reason: str = ""


class Decision(Frozen):
    """Why a statement is kept or dropped."""

    statement: str
    kept: bool
    reason: str


class Setting(Frozen):
    """One key of configs/default.yaml.

    Attributes:
        key: Dotted: `data.test_size`, `model.random_forest.n_estimators`, `seed`.
        value: Literal source.
        annotation: Type in the schema.
        places: (statement id, span) of each expression that it replaces; empty for settings that the package adds.
        variable: Notebook variable that it replaces wholly (`SEED`); else empty.
        comment: For the YAML, the author's or ours (with cell: `c4`).
        added: The package adds it (such as `training.output_dir`), the notebook had nothing of the kind.
    """

    key: str
    value: str
    annotation: str
    places: tuple[tuple[str, Span], ...] = ()
    variable: str = ""
    comment: str = ""
    added: bool = False


class Parameter(Frozen):
    """A parameter of a generated function.

    Attributes:
        name: In the signature.
        annotation: Type.
        imports: Import statements that the annotation needs.
        variable: Notebook variable that is passed (a live-in); empty for a setting.
        setting: Key of the setting that is passed; empty for a live-in.
        description: For the docstring: shape, units, meaning.
    """

    name: str
    annotation: str
    imports: tuple[str, ...] = ()
    variable: str = ""
    setting: str = ""
    description: str = ""


class Returned(Frozen):
    """A live-out of a generated function.

    Attributes:
        name: Field or variable name in the package.
        variable: Notebook variable; for a metric expression without a variable, the name it gets.
        statement: Statement after which the notebook's value is the one to compare with.
        annotation: Type.
        imports: Import statements that the annotation needs.
        description: For the docstring.
        metric: Name of the metric in metrics.json (`random_forest.accuracy`), where this is one; else empty.
        capture: Key of the capture point that holds the notebook's value.
    """

    name: str
    variable: str
    statement: str
    annotation: str
    imports: tuple[str, ...] = ()
    description: str = ""
    metric: str = ""
    capture: str = ""


class FunctionPlan(Frozen):
    """One generated function that holds statements of the notebook.

    Attributes:
        name: `clean_data`.
        module: Path in the package: `src/data/loader.py`.
        stage: Its stage.
        kind: `stage` (a segment of top-level statements) or `author` (the author's own function or class, hoisted).
        statements: Ids in order.
        parameters: Live-ins first, then settings. Of an author's function: only those appended to the author's own.
        returns: Live-outs in order of first binding; empty for an author's function.
        purpose: First line of the docstring.
        model: Candidate that it belongs to exclusively (`random_forest`), else empty.
        variable: Its name in the notebook, where an author's function had to be renamed; else empty.
        raises: (exception, when) pairs for the docstring and the guards: a missing data file and the like.
    """

    name: str
    module: str
    stage: Stage
    kind: Literal["stage", "author"]
    statements: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    returns: tuple[Returned, ...] = ()
    purpose: str = ""
    model: str = ""
    variable: str = ""
    raises: tuple[tuple[str, str], ...] = ()


class SavedModel(Frozen):
    """What training saves for evaluation and serving.

    Attributes:
        name: File stem and MLflow model name.
        variable: Notebook variable.
        function: The `FunctionPlan` that returns it.
        model: `ModelUse.name` where it is a model; empty for other fitted state (a scaler).
        served: It is logged as an MLflow model (at most one for each model).
        features: Variable with its input, for signature and input example; empty where unknown.
    """

    name: str
    variable: str
    function: str
    model: str = ""
    served: bool = False
    features: str = ""


class Change(Frozen):
    """A way in which the package differs from the notebook, to be reviewed.

    Attributes:
        kind: `seed`, `guard`, `rename`, `dropped-draw`, `repair`, `suppression`, `path`, `other`.
        message: One sentence.
        statement: Where; may be empty.
    """

    kind: str
    message: str
    statement: str = ""


class ExtractionPlan(Frozen):
    """The plan: the notebook's statements as functions of a package.

    Attributes:
        project: Name of the generated project in kebab case (from the notebook's title or file).
        summary: One sentence on what it is about.
        order: Ids of the kept statements in run order.
        decisions: One for every statement of the notebook.
        functions: Author's functions and stage functions; stage functions in the order in which training calls them.
        settings: In the order of the YAML file.
        saved: What training saves.
        models: Candidates that the configuration can choose from; the default ones in `default_models`.
        default_models: Those trained by default.
        evaluation: Names of the stage functions that evaluation runs, in order, with what training saved as inputs.
        data_files: (path in the package, path of the source relative to the notebook's folder or absolute) of data.
        local_modules: (path in the package, source relative to the notebook's folder) of the user's modules to carry.
        constraints: What was respected.
        changes: To be reviewed.
        seeded: Global generators (`numpy`, `random`, `torch`) that the notebook seeds first of all with the setting
            `seed`; the package's own seeding does it.
        questions: Things for a person to decide.
    """

    project: str
    summary: str = ""
    order: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    functions: tuple[FunctionPlan, ...] = ()
    settings: tuple[Setting, ...] = ()
    saved: tuple[SavedModel, ...] = ()
    models: tuple[str, ...] = ()
    default_models: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()
    data_files: tuple[tuple[str, str], ...] = ()
    local_modules: tuple[tuple[str, str], ...] = ()
    constraints: tuple[Constraint, ...] = ()
    changes: tuple[Change, ...] = ()
    seeded: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
