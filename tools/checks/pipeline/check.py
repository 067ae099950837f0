"""The pipelines of the generated repository really run: MLflow project, registry, Kubeflow steps, make targets."""

import os
import shutil
import time
from pathlib import Path

from tools.checks.equivalence.package_runs import forget_metrics, read_metrics
from tools.checks.equivalence.tolerance import same_number
from tools.checks.model import CheckResult, Diagnostic
from tools.checks.owner import owner
from tools.checks.pipeline import kubeflow, served
from tools.checks.request import CheckRequest, Outcome
from tools.checks.scratch import scratch_copy
from tools.checks.tracking import tracking_environment
from tools.frozen import Frozen
from tools.sandbox import Completed, run

TARGETS = ("train", "evaluate", "test", "lint")


class Part(Frozen):
    """What one part of the check found.

    Attributes:
        done: Clause for the summary where it passed.
        findings: Where it did not.
        skipped: Why it could not run; empty where it did.
    """

    done: str = ""
    findings: tuple[Diagnostic, ...] = ()
    skipped: str = ""


def check_pipeline(request: CheckRequest) -> Outcome:
    """Run both entry points of MLproject, load what was logged, and run the compiled Kubeflow steps.

    Args:
        request: What to check.
    """
    began = time.monotonic()
    missing = request.environment.missing
    if "mlflow" in missing:
        return _outcome([Part(skipped=f"mlflow {missing['mlflow']}")], began)
    if request.facts and request.facts.trace.status == "failed":
        return _outcome([Part(skipped="the notebook does not run here, and neither does its pipeline")], began)
    if request.plan and any(not (request.tree / path).exists() for path, _ in request.plan.data_files):
        return _outcome([Part(skipped="the data is missing")], began)
    with scratch_copy(request.tree) as tree:
        runner = _Runner(request, tree)
        parts: list[Part] = []
        for part in (runner.make_targets, runner.project, runner.logged_models, runner.compiled, runner.steps):
            parts.append(part())
            if parts[-1].findings:
                break
    return _outcome(parts, began)


class _Runner:
    """Runs the parts in one scratch copy."""

    def __init__(self, request: CheckRequest, tree: Path) -> None:
        self.request, self.tree = request, tree
        self.interpreter = request.environment.interpreter
        self.env = tracking_environment(self.interpreter, tree)
        own = str(Path(self.interpreter.path).parent)
        self.env["PATH"] = f"{own}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        self.metrics: dict[str, float] | None = None

    def run(self, *argv: str, cwd: Path | None = None) -> Completed:
        """Run a command in the sandbox, where `python` is the package's."""
        program = self.interpreter.path if argv[0] in ("python", "python3") else argv[0]
        return run(
            [program, *argv[1:]],
            cwd=cwd or self.tree,
            limits=self.request.limits,
            readable=self.interpreter.folders(),
            writable=[self.tree],
            env=self.env,
            loopback=True,
        )

    def make_targets(self) -> Part:
        """See that every target is there, without running it."""
        if shutil.which("make") is None:
            return Part()
        for target in TARGETS:
            done = self.run("make", "-n", target)
            if done.code:
                return _failed("Makefile", f"`make {target}` does not work: {_last_line(done)}")
        return Part(done="make targets")

    def project(self) -> Part:
        """Run the entry points as `mlflow run` does."""
        for entry in ("train", "evaluate"):
            forget_metrics(self.tree)
            done = self.run(self.interpreter.path, "-m", "mlflow", "run", ".", "--env-manager", "local", "-e", entry)
            if done.code:
                return _failed("MLproject", f"`mlflow run . -e {entry}` fails: {_last_line(done)}", done)
            metrics = read_metrics(self.tree)
            if metrics is None:
                return _failed(
                    "", f"`mlflow run . -e {entry}` writes no metrics.json of flat numbers", step_file="src/"
                )
            before = self.metrics or {}
            if any(not same_number(before[n], metrics[n]) for n in before if n in metrics) or not metrics:
                return _failed(
                    "", "evaluation of the saved model gives other metrics than its training", step_file="src/"
                )
            self.metrics = metrics
        return Part(done="mlflow run train and evaluate")

    def logged_models(self) -> Part:
        """Load each logged model, predict on its input example, register it, and load it by an alias."""
        found, problem = served.try_models(self.run, self.interpreter.path, self.tree)
        if problem:
            return _failed("src/training/train.py", problem, step_file="src/")
        wanted = [s.name for s in self.request.plan.saved if s.served] if self.request.plan else []
        if not found and wanted:
            return _failed(
                "src/training/train.py", f"no model was logged to MLflow: {wanted[0]} should be", step_file="src/"
            )
        return Part(done=f"{len(found)} logged {'model' if len(found) == 1 else 'models'} served and registered")

    def compiled(self) -> Part:
        """Compile the Kubeflow pipeline again and compare."""
        if not (self.tree / kubeflow.SOURCE).is_file():
            return _failed(kubeflow.SOURCE, "there is no source of the Kubeflow pipeline")
        if not kubeflow.sdk_is_there():
            return Part(skipped="the Kubeflow pipeline was not compiled: kfp is not installed")
        problem = kubeflow.compiles_to(self.tree, self.request.limits)
        return _failed(kubeflow.COMPILED, problem) if problem else Part(done="Kubeflow pipeline compiles")

    def steps(self) -> Part:
        """Run the commands of the Kubeflow steps with their placeholders filled in."""
        if not (self.tree / kubeflow.COMPILED).is_file():
            return Part(skipped="" if not kubeflow.sdk_is_there() else "there is no compiled Kubeflow pipeline")
        shutil.rmtree(self.tree / "artifacts", ignore_errors=True)
        problem, number, metrics = kubeflow.run_steps(self.tree, self.tree / ".kubeflow", self.run)
        if problem:
            return _failed(kubeflow.SOURCE, problem)
        if metrics is not None and metrics != self.metrics:
            return _failed(kubeflow.SOURCE, "the Kubeflow steps give other metrics than `mlflow run`")
        return Part(done=f"its {number} steps run")


def _failed(file: str, message: str, done: Completed | None = None, step_file: str = "") -> Part:
    raised = _raised_in(done) if done else ""
    return Part(
        findings=(
            Diagnostic(
                code="pipeline",
                message=message,
                check="pipeline",
                file=raised or file,
                step=owner("pipeline", "pipeline", step_file or file, message, raised),
            ),
        )
    )


def _raised_in(done: Completed) -> str:
    """Return the deepest file of the package in a traceback, empty where there is none."""
    found = ""
    for line in done.stderr.splitlines():
        _, mark, rest = line.partition('File "')
        path = rest.partition('"')[0]
        if mark and "/src/" in path and "-packages" not in path:
            found = "src/" + path.partition("/src/")[2]
    return found


def _last_line(done: Completed) -> str:
    if done.timed_out:
        return f"still running after {done.seconds:.0f} s"
    lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    told = [line for line in lines if "=== Run" not in line and not line.startswith("make:")]
    named = [line for line in told if "Error" in line.partition(":")[0]]
    return (named or told or lines or ["no message"])[-1][:300]


def _outcome(parts: list[Part], began: float) -> Outcome:
    findings = tuple(found for part in parts for found in part.findings)
    skipped = [part.skipped for part in parts if part.skipped]
    done = [part.done for part in parts if part.done]
    status = "failed" if findings else "skipped" if skipped else "passed"
    summary = findings[0].message if findings else "; ".join([*done, *skipped])
    values = {"name": "pipeline", "status": status, "summary": summary, "diagnostics": findings}
    return Outcome(result=CheckResult.model_validate({**values, "seconds": time.monotonic() - began}))
