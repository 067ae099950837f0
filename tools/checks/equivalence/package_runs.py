"""Runs of the generated package, with what its stage functions return recorded as in the notebook."""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from tools.checks.request import CheckRequest
from tools.checks.tracking import tracking_environment
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.sandbox import Completed, run
from tools.trace.job import put_probe
from tools.trace.model import Capture, Captured

DRIVER = Path(__file__).with_name("driver.py")
_LIBRARIES = ("mlflow", "structlog", "omegaconf", "joblib", "cloudpickle")


class PackageFailure(Frozen):
    """Why a run of the package ended early.

    Attributes:
        kind: Class name of the exception; `Timeout`, `ProcessEnded`.
        message: Its first line.
        file: Deepest file of the repository in the traceback; empty where it is none.
        line: Line there.
    """

    kind: str
    message: str
    file: str = ""
    line: int = 0

    def sentence(self, what: str) -> str:
        """Return what happened as a sentence."""
        place = f" in {self.file}:{self.line}" if self.file else ""
        return f"{what} ends with {self.kind}{place}: {self.message}"


class PackageRun(Frozen):
    """What one run of the package gave.

    Attributes:
        capture: Values of the stage functions by capture key.
        folder: With their details.
        metrics: Contents of metrics.json; None where it was not written.
        failure: Where it ended early.
    """

    capture: Capture
    folder: Path
    metrics: dict[str, float] | None = None
    failure: PackageFailure | None = None


def run_package(
    request: CheckRequest,
    plan: ExtractionPlan,
    tree: Path,
    folder: Path,
    *,
    mode: Literal["train", "evaluate", "import"],
    seed: int | None,
) -> PackageRun:
    """Train or evaluate in a scratch copy of the repository.

    Args:
        request: For interpreter and limits.
        plan: Names the stage functions, their live-outs and the candidate models.
        tree: A scratch copy; `evaluate` needs one in which `train` ran before.
        folder: Gets the details of the values.
        mode: What to run; `import` only imports every module.
        seed: Injected seed; None for a run as it is.
    """
    interpreter = request.environment.interpreter
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    put_probe(folder)
    forget_metrics(tree)
    shutil.copyfile(DRIVER, tree / "equivalence_driver.py")
    asked = {**_asked(plan), "mode": mode, "seed": seed, "folder": str(folder), "probe": str(folder)}
    (folder / "request.json").write_text(json.dumps(asked))
    done = run(
        [interpreter.path, "equivalence_driver.py", str(folder / "request.json")],
        cwd=tree,
        limits=request.limits,
        writable=[folder],
        readable=interpreter.folders(),
        env=tracking_environment(interpreter, tree) if mode != "evaluate" else _same_store(tree),
        loopback=True,
    )
    found = json.loads((folder / "results.json").read_text()) if (folder / "results.json").is_file() else {}
    failed = _failure(found, done)
    capture = Capture(
        seed=seed,
        status="failed" if failed else "ran",
        values={key: Captured.model_validate(value) for key, value in found.get("values", {}).items()},
        generators=found.get("generators", {}),
        seconds=done.seconds,
    )
    return PackageRun(capture=capture, folder=folder, metrics=read_metrics(tree), failure=failed)


def read_metrics(tree: Path) -> dict[str, float] | None:
    """Return the metrics that a run wrote, None where it wrote none or they are not flat numbers.

    Args:
        tree: The repository; `artifacts/metrics.json`, or the one metrics.json that there is.
    """
    for place in _metrics_files(tree)[:1]:
        try:
            found = json.loads(place.read_text())
            return {str(k): float(v) for k, v in found.items()} if isinstance(found, dict) else None
        except (ValueError, TypeError):
            return None
    return None


def forget_metrics(tree: Path) -> None:
    """Remove the metrics that an earlier run wrote, so that the next one cannot pass them off as its own.

    Args:
        tree: The repository.
    """
    for place in _metrics_files(tree):
        place.unlink()


def _metrics_files(tree: Path) -> list[Path]:
    first = tree / "artifacts" / "metrics.json"
    others = [path for path in sorted(tree.glob("*/**/metrics.json")) if path != first]
    return [path for path in (first, *others) if path.is_file()]


def _asked(plan: ExtractionPlan) -> dict[str, object]:
    stages = [f for f in plan.functions if f.kind == "stage"]
    several = plan.models and tuple(plan.default_models) != tuple(plan.models)
    return {
        "train": "src.training.train",
        "evaluate": "src.evaluation.evaluate",
        "modules": sorted({_dotted(f.module) for f in plan.functions} | {"src.evaluation.evaluate"}),
        "libraries": list(_LIBRARIES),
        "seeded": list(plan.seeded),
        "overrides": [f"training.models=[{','.join(plan.models)}]"] if several else [],
        "functions": [
            {
                "name": f.name,
                "module": _dotted(f.module),
                "returns": [{"name": r.name, "key": r.capture} for r in f.returns if r.capture],
            }
            for f in stages
        ],
    }


def _dotted(path: str) -> str:
    return re.sub(r"(/__init__)?\.py$", "", path).replace("/", ".")


def _same_store(tree: Path) -> dict[str, str]:
    return {"MLFLOW_TRACKING_URI": f"sqlite:///{tree / 'mlflow.db'}"}


def _failure(found: dict[str, object], done: Completed) -> PackageFailure | None:
    error = found.get("error")
    if isinstance(error, dict):
        return PackageFailure.model_validate({k: error[k] for k in ("kind", "message", "file", "line")})
    if found:
        return None
    if done.timed_out:
        return PackageFailure(kind="Timeout", message=f"still running after {done.seconds:.0f} s")
    lines: Sequence[str] = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
    return PackageFailure(kind="ProcessEnded", message=f"exit code {done.code}: {lines[-1][:300]}")
