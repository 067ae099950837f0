"""What checks say: diagnostics that carry the step that owns them."""

from typing import Literal

from tools.frozen import Frozen

Step = Literal["extract", "structure", "harden", "test", "pipeline-config"]
STEPS: tuple[Step, ...] = ("extract", "structure", "harden", "test", "pipeline-config")


class Diagnostic(Frozen):
    """One finding.

    Attributes:
        code: Of the rule or tool: `F821`, `arg-type`, `equivalence`, `G003`, `pytest`.
        message: One sentence on what is wrong and what to do.
        severity: `error` blocks, `warning` does not.
        check: Name of the check that found it.
        file: Path in the generated repository; empty where it is about none.
        line: From 1; 0 where there is none.
        step: The step that must mend it.
        statement: Provenance: statement of the notebook that it comes from; may be empty.
    """

    code: str
    message: str
    severity: Literal["error", "warning"] = "error"
    check: str = ""
    file: str = ""
    line: int = 0
    step: Step = "structure"
    statement: str = ""


class CheckResult(Frozen):
    """The outcome of one check.

    Attributes:
        name: Of the check.
        status: `passed`, `failed`, or `skipped` (it could not run here: the summary says why; a skipped proof never
            gives the verdict `verified`).
        seconds: Wall time.
        summary: One line: "clean, 18 files", "42 of 42 values equal".
        diagnostics: Findings.
    """

    name: str
    status: Literal["passed", "failed", "skipped"]
    seconds: float = 0.0
    summary: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()


class Difference(Frozen):
    """One value that differs between notebook and package.

    Attributes:
        key: Capture key.
        message: One line that a person understands.
        statement: Statement of the notebook whose value it is.
        variable: Its variable.
    """

    key: str
    message: str
    statement: str = ""
    variable: str = ""


class ComparedValue(Frozen):
    """One row of the evidence table."""

    key: str
    function: str
    statement: str
    variable: str
    type: str
    shape: str
    digest: str
    equal: bool
    tolerance: str = "0"


class EquivalenceResult(Frozen):
    """Notebook, slice and package compared.

    Attributes:
        status: `proven`, `different`, `unproven` (could not be run).
        compared: Number of values compared, over all seeds.
        equal: Number equal.
        tolerance: Stated tolerance and its reason; `0` where all are exactly equal.
        seeds: Injected seeds.
        values: The evidence of the first seed.
        differences: Each one explained, first diverging value in data flow first.
        metrics_notebook: Flat metrics of the run as written (no injected seed).
        metrics_package: Flat metrics of the package under the same conditions.
        reason: Why unproven; else empty.
        seconds: Wall time.
    """

    status: Literal["proven", "different", "unproven"]
    compared: int = 0
    equal: int = 0
    tolerance: str = "0"
    seeds: tuple[int, ...] = ()
    values: tuple[ComparedValue, ...] = ()
    differences: tuple[Difference, ...] = ()
    metrics_notebook: dict[str, float] = {}
    metrics_package: dict[str, float] = {}
    reason: str = ""
    seconds: float = 0.0
