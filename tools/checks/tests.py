"""The generated tests, run by pytest in the sandbox."""

import ast
import re
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tools.checks.model import CheckResult, Diagnostic
from tools.checks.owner import owner
from tools.checks.request import CheckRequest, Outcome
from tools.checks.scratch import scratch_copy
from tools.checks.tracking import tracking_environment
from tools.sandbox import Completed, run

_FRAME = re.compile(r"^((?:src|tests|pipelines|configs)/[\w/.]+\.py):(\d+): ", re.MULTILINE)
_EXCEPTION = re.compile(r"^E\s+(?:\w+\.)*(\w+(?:Error|Exception|Exit|Warning|Interrupt)|Failed)\b", re.MULTILINE)
REPORT = "pytest-report.xml"


def check_tests(request: CheckRequest) -> Outcome:
    """Run the generated tests; each one that fails is a finding.

    Args:
        request: What to check.
    """
    began = time.monotonic()
    if "pytest" in request.environment.missing:
        return _outcome("skipped", f"pytest {request.environment.missing['pytest']}", (), began)
    if not sorted((request.tree / "tests").glob("test_*.py")):
        finding = Diagnostic(code="pytest", message="there are no tests", check="pytest", file="tests/", step="test")
        return _outcome("failed", "no tests", (finding,), began)
    with scratch_copy(request.tree) as tree:
        done = run_pytest(request, tree)
        report = tree / REPORT
        cases = _cases(report) if report.is_file() else []
    if not cases:
        return _outcome("failed", "the tests could not be run", (_not_run(done),), began)
    failed = [case for case in cases if _failure(case) is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    passed = len(cases) - len(failed) - len(skipped)
    diagnostics = [_diagnostic(case) for case in failed]
    if done.timed_out:
        diagnostics.append(_not_run(done))
    summary = f"{passed} passed" + (f", {len(failed)} failed" if failed else "")
    summary += f", {len(skipped)} skipped" if skipped else ""
    return _outcome("failed" if diagnostics else "passed", summary, tuple(diagnostics), began)


def failed_tests(request: CheckRequest, file: str) -> dict[str, str]:
    """Return why tests of one file fail or do not run, by name; those that pass are missing.

    Args:
        request: With a scratch copy of the repository.
        file: Path of the test file.
    """
    with scratch_copy(request.tree) as tree:
        done = run_pytest(request, tree, file)
        report = tree / REPORT
        cases = _cases(report) if report.is_file() else []
    found: dict[str, str] = {}
    for case in cases:
        name = (case.get("name") or "").partition("[")[0]
        if _failure(case) is not None:
            found.setdefault(name, f"it fails on the package: {_diagnostic(case).message}")
        elif case.find("skipped") is not None:
            found.setdefault(name, "it is skipped")
    ran = {(case.get("name") or "").partition("[")[0] for case in cases}
    module = ast.parse((request.tree / file).read_text(encoding="utf-8"))
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test") and node.name not in ran:
            found[node.name] = f"it did not run: {_not_run(done).message}"
    return found


def run_pytest(request: CheckRequest, tree: Path, *arguments: str) -> Completed:
    """Run pytest in a scratch copy of the repository.

    Args:
        request: For interpreter and limits.
        tree: The scratch copy.
        arguments: Further arguments.
    """
    interpreter = request.environment.interpreter
    argv = [interpreter.path, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short", f"--junit-xml={REPORT}"]
    argv += ["-o", "junit_family=xunit1", *arguments]
    env = tracking_environment(interpreter, tree)
    return run(argv, cwd=tree, limits=request.limits, readable=interpreter.folders(), env=env, loopback=True)


def _cases(report: Path) -> list[ElementTree.Element]:
    try:
        return list(ElementTree.parse(report).getroot().iter("testcase"))
    except ElementTree.ParseError:
        return []


def _failure(case: ElementTree.Element) -> ElementTree.Element | None:
    failure = case.find("failure")
    return failure if failure is not None else case.find("error")


def _diagnostic(case: ElementTree.Element) -> Diagnostic:
    failure = _failure(case)
    text = (failure.text or "") if failure is not None else ""
    message = (failure.get("message") or "").strip().splitlines() if failure is not None else []
    frames = _FRAME.findall(text)
    raised_in = frames[-1][0] if frames else ""
    kinds = _EXCEPTION.findall(text)
    exception = kinds[-1] if kinds else "AssertionError"
    file = case.get("file") or f"{(case.get('classname') or 'tests').replace('.', '/')}.py"
    name = case.get("name") or ""
    first = message[0][:300] if message else "failed"
    place = f" (raised in {frames[-1][0]}:{frames[-1][1]})" if raised_in.startswith("src/") else ""
    return Diagnostic(
        code=exception if raised_in.startswith("src/") else "pytest",
        message=f"{file}::{name}: {first}{place}",
        check="pytest",
        file=file,
        line=int(case.get("line") or -1) + 1,
        step=owner("pytest", "pytest", file, first, raised_in, exception),
    )


def _not_run(done: Completed) -> Diagnostic:
    lines = [line for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    if done.timed_out:
        reason = f"they were still running after {done.seconds:.0f} s: make them smaller"
    else:
        reason = (lines or ["no reason given"])[-1][:300]
    return Diagnostic(
        code="pytest", message=f"the tests did not end: {reason}", check="pytest", file="tests/", step="test"
    )


def _outcome(status: str, summary: str, diagnostics: tuple[Diagnostic, ...], began: float) -> Outcome:
    seconds = time.monotonic() - began
    values = {"name": "pytest", "status": status, "seconds": seconds, "summary": summary, "diagnostics": diagnostics}
    return Outcome(result=CheckResult.model_validate(values))
