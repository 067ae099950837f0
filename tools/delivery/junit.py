"""The checks of a run as JUnit XML, for the test view of a CI."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from tools.checks.model import CheckResult, Diagnostic
from tools.errors import printable
from tools.secrets import redact

_MOST = 50


def junit(verdict: str, reason: str, results: Sequence[CheckResult], diagnostics: Sequence[Diagnostic]) -> str:
    """Return one test case for each check, and one for the verdict.

    Args:
        verdict: Of the run.
        reason: Why it is not `verified`.
        results: Of the checks; a skipped one is told as skipped, not as passed.
        diagnostics: Findings of the checks.
    """
    suite = ET.Element("testsuite", name="ml-productionize")
    for result in results:
        found = [d for d in (*result.diagnostics, *diagnostics) if d.check == result.name and d.severity == "error"]
        lines = [_line(d) for d in dict.fromkeys(found)]
        _case(suite, result.name, result.status, result.summary, "\n".join(lines[:_MOST]), result.seconds)
    status = {"verified": "passed", "unproven": "skipped"}.get(verdict, "failed")
    _case(suite, "verdict", status, f"{verdict}: {reason}" if reason else verdict, "", 0.0)
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("skipped", "skipped")):
        suite.set(name, str(sum(1 for case in cases if case.find(tag) is not None)))
    suite.set("errors", "0")
    suite.set("time", f"{sum(result.seconds for result in results):.3f}")
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suite, encoding="unicode")}\n'


def _case(suite: ET.Element, name: str, status: str, summary: str, text: str, seconds: float) -> None:
    case = ET.SubElement(suite, "testcase", classname="ml-productionize", name=name, time=f"{seconds:.3f}")
    if status == "failed":
        ET.SubElement(case, "failure", message=_clean(summary)).text = _clean(text or summary)
    elif status == "skipped":
        ET.SubElement(case, "skipped", message=_clean(summary))


def _clean(text: str) -> str:
    """Return a text that XML can hold, without secrets."""
    return printable(redact(text))


def _line(found: Diagnostic) -> str:
    place = f"{found.file}:{found.line}: " if found.line else f"{found.file}: " if found.file else ""
    return f"{place}{found.code} {found.message}"
