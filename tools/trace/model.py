"""What one run of a notebook showed, statement by statement."""

from typing import Literal

from tools.frozen import Frozen


class ValueFacts(Frozen):
    """What is known of one value at one moment.

    Attributes:
        type: Public qualified name of its class, such as `pandas.DataFrame`, `builtins.int`, `__main__.Net`.
        bases: Qualified names of the classes it inherits from, nearest first, `object` left out.
        annotation: Type expression for generated code, such as `pd.DataFrame`, `dict[str, float]`,
            `npt.NDArray[np.float64]`; `Any` only where the depth needed is unknown.
        imports: Import statements that the annotation needs, such as `import pandas as pd`.
        shape: Of frames, series, arrays, tensors, sparse matrices.
        dtype: Of series, arrays and tensors.
        columns: Column name and dtype of frames, in order; cut at 500.
        length: `len()` where it has one.
        literal: `repr` where the value is a plain literal (numbers, strings, None, and short containers of them)
            that `ast.literal_eval` gives back; else None.
        number: The value as float where it is a number (also numpy scalars and one-element tensors), else None.
        fingerprint: Digest of its content; equal content has equal digests. Cost bounded on large data.
        fitted: It is an estimator (has `fit`) and has been fitted.
        callable: It can be called.
        schema: Kept small statistics per column for generated tests: `{column: {"dtype", "missing", "min", "max",
            "values"}}`; `values` at most 20 distinct values of a column with few. Empty where it is no frame.
    """

    type: str
    bases: tuple[str, ...] = ()
    annotation: str = "Any"
    imports: tuple[str, ...] = ()
    shape: tuple[int, ...] | None = None
    dtype: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    literal: str | None = None
    number: float | None = None
    fingerprint: str = ""
    fitted: bool = False
    callable: bool = False
    schema_: dict[str, dict[str, str | float | int | list[str] | None]] = {}


class TraceError(Frozen):
    """An exception that ended a statement.

    Attributes:
        statement: Where.
        kind: Class name, such as `FileNotFoundError`; `Timeout` or `Stopped` where a limit ended it.
        message: First line of its text.
        line: Line within the statement's code, from 1; 0 where unknown.
        traceback: Tail of the traceback, at most 2,000 characters, paths of this machine replaced by `<…>`.
    """

    statement: str
    kind: str
    message: str
    line: int = 0
    traceback: str = ""


class StatementTrace(Frozen):
    """What one statement did.

    Attributes:
        id: Its id.
        seconds: Wall time.
        bound: Names of the notebook's namespace that it bound or bound anew, with their values after it.
        mutated: Names whose value it changed without binding them (in place, through an alias, an attribute, …),
            with their values after it.
        deleted: Names that it removed.
        draws: Random generators that it advanced: `random`, `numpy`, `torch`, or the name of a variable that holds one.
        seeds: Global generators whose state it set to a fixed one (`random.seed(1)`), same names.
        reads: Files it opened for reading, relative to the notebook's folder where below it, else absolute.
        writes: Files it created or changed.
        environment: Process state that it changed: `cwd`, `environ`, `sys.path`, `warnings`, `pandas options`,
            `numpy print options`, `matplotlib rc`, `logging`.
        stdout: Text printed, cut at 20,000 characters.
        result: The value of its last expression, where it is an expression.
        result_text: `repr` of that value, cut at 2,000 characters.
        figures: Number of figures it opened.
        calls: Qualified names of the traced library calls whose receiver's class is known only at run time: pairs
            (call expression as written, qualified name), such as (`model.fit`, `sklearn.svm.SVC.fit`).
    """

    id: str
    seconds: float = 0.0
    bound: dict[str, ValueFacts] = {}
    mutated: dict[str, ValueFacts] = {}
    deleted: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    stdout: str = ""
    result: ValueFacts | None = None
    result_text: str = ""
    figures: int = 0
    calls: tuple[tuple[str, str], ...] = ()


class Trace(Frozen):
    """One run of a notebook.

    Attributes:
        status: `ran` to the end, `failed` at `error`, or `not run` (the static analysis is all there is).
        order: The statements in the order in which they ran.
        order_kind: `document`, `execution count` or `dependency`.
        order_reason: Why that order, in one sentence.
        statements: By id; those after a failure are missing.
        error: The failure, where there was one.
        seconds: Wall time of the run, start of the interpreter included.
        python: Version of the interpreter, such as `3.11.7`.
        packages: Version by distribution, of all distributions that the run imported anything from (direct imports
            by the notebook first need be told apart by `imports`).
        imports: Distribution by top-level module name, for the modules that the notebook's own code imports.
        star_names: Names that each `from m import *` brought, by statement id.
        local_modules: Python files of the user's that it imported, relative to the notebook's folder (may start `../`).
        input_files: sha256 by path of every file that it read, as in `StatementTrace.reads`.
        sandbox: Name of the sandbox layer that held it.
        signatures: Of the author's own functions, by qualified name (`Net.forward`), as they were called: imports by
            type expression, by argument; the result under `return`.
        aliases: Names that shared one changeable object, or one array's memory, at the end, in groups.
        repeats_saved_outputs: Whether printed text and results equal the saved outputs; None where none are saved.
    """

    status: Literal["ran", "failed", "not run"]
    order: tuple[str, ...] = ()
    order_kind: Literal["document", "execution count", "dependency"] = "document"
    order_reason: str = ""
    statements: dict[str, StatementTrace] = {}
    error: TraceError | None = None
    seconds: float = 0.0
    python: str = ""
    packages: dict[str, str] = {}
    imports: dict[str, str] = {}
    star_names: dict[str, tuple[str, ...]] = {}
    local_modules: tuple[str, ...] = ()
    input_files: dict[str, str] = {}
    sandbox: str = ""
    signatures: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {}
    aliases: tuple[tuple[str, ...], ...] = ()
    repeats_saved_outputs: bool | None = None


class CapturePoint(Frozen):
    """A value to record during a run.

    Attributes:
        key: Name under which it is recorded, unique in the request.
        statement: Record right after this statement …
        variable: … the value of this variable; or, where `span` is set, of an expression inside the statement.
        span: (line, column, end line, end column) of the expression within the statement's `code`, as `ast` counts
            (lines from 1, columns in UTF-8 bytes from 0). Evaluated in place, never twice; every value of a loop
            is kept.
    """

    key: str
    statement: str
    variable: str = ""
    span: tuple[int, int, int, int] | None = None


class Captured(Frozen):
    """A recorded value.

    Attributes:
        key: Of its capture point.
        value: Facts, with a fingerprint of the content.
        detail: Path within the capture folder of a pickled summary that explains differences; empty where none.
        number: As float where it is a number.
        numbers: All values in order where the expression ran several times, or the flat numbers of a small container
            by dotted name (`accuracy`, `0`, `1`, …).
    """

    key: str
    value: ValueFacts
    detail: str = ""
    number: float | None = None
    numbers: dict[str, float] = {}


class Capture(Frozen):
    """What one run under injected randomness gave.

    Attributes:
        seed: Seed injected; None for a run as written.
        status: Whether it ran to the end.
        values: By key; a missing key was never reached or never bound.
        generators: Digest of the state of each global generator at the end, by name.
        error: The failure, where there was one.
        seconds: Wall time.
    """

    seed: int | None
    status: Literal["ran", "failed"]
    values: dict[str, Captured] = {}
    generators: dict[str, str] = {}
    error: TraceError | None = None
    seconds: float = 0.0
