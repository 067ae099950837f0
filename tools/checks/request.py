"""What every check is given."""

from collections.abc import Callable
from pathlib import Path

from tools.analysis.model import NotebookFacts
from tools.checks.model import CheckResult, EquivalenceResult
from tools.environment import Interpreter, PackageEnvironment
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.sandbox import Limits
from tools.team.model import ChecksConfig


class CheckRequest(Frozen):
    """One tree to check, and what it is checked against.

    Attributes:
        tree: A scratch copy of the generated repository; a check that runs foreign code works on a copy of this copy.
        facts: About the notebook; None where only the repository is known (`review DIR`).
        plan: The plan that the tree was made from; None likewise.
        environment: In which the package runs.
        notebook_interpreter: In which the notebook runs; None for the package's.
        limits: Bounds of each run of foreign code.
        cache: Folder that keeps what later rounds need again (captures of the notebook); None for no caching.
        conventions: The team's conventions file; empty where there is none.
        config: Which checks run, and what they demand.
        seconds: Wall time that mutation testing may take; 0 leaves it out.
    """

    tree: Path
    facts: NotebookFacts | None = None
    plan: ExtractionPlan | None = None
    environment: PackageEnvironment
    notebook_interpreter: Interpreter | None = None
    limits: Limits
    cache: Path | None = None
    conventions: str = ""
    config: ChecksConfig = ChecksConfig()
    seconds: float = 180.0


class Outcome(Frozen):
    """What one check gave.

    Attributes:
        result: The check's result.
        equivalence: The comparison behind it, where the check is that proof.
    """

    result: CheckResult
    equivalence: EquivalenceResult | None = None


Check = Callable[[CheckRequest], Outcome]
