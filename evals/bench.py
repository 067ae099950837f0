"""Speed targets as ratios: `python -m evals.bench [NOTEBOOK]`. A ratio of 1 just meets its target, less is better."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from evals.samples import OWN_SAMPLES
from tools.frozen import Frozen

_ROOT = Path(__file__).parent.parent
_PROGRAM = (sys.executable, "-m", "graph.cli")


class Target(Frozen):
    """One target and what was measured.

    Attributes:
        name: What is measured.
        seconds: Best of the repetitions.
        allowed: What the target allows.
        error: Why nothing was measured; empty where something was.
    """

    name: str
    seconds: float
    allowed: float
    error: str = ""

    @property
    def ratio(self) -> float:
        """Return the time used over the time allowed."""
        return self.seconds / self.allowed


def measure(notebook: Path, large: Path, repeats: int = 3) -> list[Target]:
    """Measure all targets.

    Args:
        notebook: For a whole run.
        large: For the plan without running, of about 200 cells.
        repeats: How often the short ones are measured.

    Returns:
        `--help` in 0.3 s, a plan of 200 cells in 1 s after start-up, a whole run in three times the notebook's own
        time plus 30 s.
    """
    start_up, failed = _best([*_PROGRAM, "--help"], repeats)
    plan, plan_failed = _best([*_PROGRAM, "plan", str(large), "--no-execute", "--json"], repeats)
    own = own_seconds(notebook)
    with tempfile.TemporaryDirectory() as folder:
        whole, run_failed = _best([*_PROGRAM, "run", str(notebook), "--out", f"{folder}/package", "--json"], 1)
    return [
        Target(name="--help", seconds=start_up, allowed=0.3, error=failed),
        Target(
            name="plan of 200 cells after start-up", seconds=max(0.0, plan - start_up), allowed=1.0, error=plan_failed
        ),
        Target(name=f"whole run (notebook alone: {own:.1f} s)", seconds=whole, allowed=3 * own + 30, error=run_failed),
    ]


def own_seconds(notebook: Path) -> float:
    """Return how long the notebook's statements take as one script, in their folder, start of Python included."""
    from tools.notebook.read import read_notebook

    statements = "\n".join(statement.code for statement in read_notebook(notebook).statements())
    preamble = "import matplotlib; matplotlib.use('Agg')\ndisplay = print\n"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "notebook.py"
        script.write_text(preamble + statements, encoding="utf-8")
        copy = Path(folder) / "data"
        _copy(notebook.parent, copy)
        start = time.perf_counter()
        subprocess.run([sys.executable, str(script)], cwd=copy, capture_output=True, check=False)
        return time.perf_counter() - start


def main(arguments: Sequence[str]) -> int:
    """Print each target's ratio; return 1 where one is missed."""
    notebook = Path(arguments[0]) if arguments else OWN_SAMPLES / "breast_cancer" / "experiment.ipynb"
    found = measure(notebook.absolute(), OWN_SAMPLES / "long_experiment" / "experiment.ipynb")
    for target in found:
        told = target.error or f"{target.seconds:.2f} s of {target.allowed:.2f} s allowed: {target.ratio:.2f}"
        print(f"{target.name}: {told}")
    return int(any(target.error or target.ratio > 1 for target in found))


def _best(command: Sequence[str], repeats: int) -> tuple[float, str]:
    """Return the shortest wall time and, where the command gives nothing to use, its last line."""
    best, error = float("inf"), ""
    for _ in range(repeats):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)
        best = min(best, time.perf_counter() - start)
        if "--json" in command and not _is_object(done.stdout):
            error = (done.stderr.strip().splitlines() or ["it printed no object"])[-1]
    return best, error


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.ipynb", ".*"))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
