"""What one run of a generated package showed: the evidence behind each generated assertion."""

from collections.abc import Sequence

from tools.frozen import Frozen
from tools.secrets import scrubbed

Figures = dict[str, float | str]
Schemas = dict[str, dict[str, dict[str, int | float | str | list[int | float | str | bool]]]]


class Recorded(Frozen):
    """What a stage function returned.

    Attributes:
        summary: Its figures, as `tests/summary.py` makes them.
        seconds: Wall time of the call.
        type: Class of the value.
        changed_arguments: Paths of the results that it changed in place.
        overwritten: A later function changed the value in place.
        shapes: Shape by path of each live-out that has one.
        isolated: A second call gives the same in whatever state the global generators are.
    """

    summary: Figures = {}
    seconds: float = 0.0
    type: str = ""
    changed_arguments: tuple[str, ...] = ()
    overwritten: bool = False
    shapes: dict[str, tuple[int, ...]] = {}
    isolated: bool = False


class Arrival(Frozen):
    """How a changed setting is seen in what a function returns.

    Attributes:
        override: Such as `data.test_size=0.1`.
        mode: `parameter` (of an estimator), `differs` (other figures) or `none`.
        name: Of the parameter.
        value: Of the parameter.
    """

    override: str
    mode: str
    name: str = ""
    value: int | float | str | bool | None = None


class Refused(Frozen):
    """An input that a function refused.

    Attributes:
        function: Its name.
        kind: `file` (not there), `column` (missing), `value` (unknown).
        path: Of the result that was spoilt; empty for a file.
        overrides: Settings under which it was called.
        column: The spoilt column.
        exception: Class name.
        message: Its text.
    """

    function: str
    kind: str
    path: str = ""
    overrides: tuple[str, ...] = ()
    column: str = ""
    exception: str = ""
    message: str = ""


class Output(Frozen):
    """What a model gave for five rows.

    Attributes:
        shape: Of the output.
        finite: No value is infinite or missing.
        sums: The rows sum to 1.
        repeats: A second call gave the same.
        low: Least value.
        high: Greatest value.
    """

    shape: tuple[int, ...] = ()
    finite: bool = False
    sums: bool = False
    repeats: bool = False
    low: float = 0.0
    high: float = 0.0


class ModelRecord(Frozen):
    """What the served model did.

    Attributes:
        predict: Output of `predict`.
        proba: Output of `predict_proba`.
        forward: Output of a network.
        features: Where the rows are found that it was given.
        mode: `rows` of a table, an array or a tensor, or the first batch of a `loader`.
        predictions: Figures of its output for all rows; empty for a loader.
        baseline: `model` and `constant`: share of right labels, or mean squared error, on the rows of the training.
        unfitted: Exception of a prediction before the training; empty where there was none.
    """

    predict: Output | None = None
    proba: Output | None = None
    forward: Output | None = None
    features: str = ""
    mode: str = "rows"
    predictions: Figures = {}
    baseline: dict[str, float] = {}
    unfitted: str = ""


class Losses(Frozen):
    """Losses seen during a training: their number, and the means of the first and the last fifth."""

    count: int
    first: float
    last: float


class Recording(Frozen):
    """One run.

    Attributes:
        status: `ran`, `failed`, or `not run`.
        error: Why not.
        results: By function.
        settings: By function.
        refused: Inputs that were refused.
        disjoint: Pairs of results without a common row.
        heads: First index labels by path.
        model: Of the served model.
        losses: By function.
        schemas: Of the data files, where the stages run on rows that are made up from them.
        trouble: Attempts that failed.
    """

    status: str = "not run"
    error: str = ""
    results: dict[str, Recorded] = {}
    settings: dict[str, tuple[Arrival, ...]] = {}
    refused: tuple[Refused, ...] = ()
    disjoint: tuple[tuple[str, str], ...] = ()
    heads: dict[str, tuple[int | str | float, ...]] = {}
    model: ModelRecord = ModelRecord()
    losses: dict[str, Losses] = {}
    schemas: Schemas = {}
    trouble: tuple[str, ...] = ()


def without_secrets(recording: Recording, values: Sequence[str]) -> Recording:
    """Return a recording in which no secret stands: a result that is or holds one is compared by no test.

    Args:
        recording: Of a run of the package.
        values: Of the secrets that the run was given.
    """
    if not values:
        return recording
    results = {
        name: found.model_copy(update={"summary": {}}) if _holds(found, values) else found
        for name, found in recording.results.items()
    }
    kept = recording.model_copy(update={"results": results})
    return Recording.model_validate_json(scrubbed(kept.model_dump_json(), values))


def _holds(found: Recorded, values: Sequence[str]) -> bool:
    return any(scrubbed(str(figure), values) != str(figure) for figure in found.summary.values())
