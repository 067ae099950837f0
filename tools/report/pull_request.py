"""The text of a pull request that brings the generated repository."""

from tools.repair.tell import baseline
from tools.report.markdown import verdict_line
from tools.report.model import Report

_MOST = 10


def pull_request_text(report: Report) -> tuple[str, str]:
    """Return title and body, in Markdown: what it is, what was proven, what to look at.

    Args:
        report: Of the run.
    """
    title = f"Productionize {report.notebook}: {report.title}"
    parts = [
        report.summary,
        verdict_line(report),
        _repairs(report),
        _metrics(report),
        _evidence(report),
        _checks(report),
        _review(report),
        _how(report),
    ]
    return title[:100], "\n\n".join(part for part in parts if part) + "\n"


def _repairs(report: Report) -> str:
    if not report.repairs:
        return ""
    named = {r.code: f"- `{r.code}` ({r.release}): {r.reason}" for r in report.repairs}
    return "\n".join(["**Repaired before the proof**", "", f"{baseline(report.repairs)}.", "", *named.values()])


def _metrics(report: Report) -> str:
    if not report.metrics:
        return ""
    rows = [
        f"| {m.name} | {'' if m.notebook is None else repr(m.notebook)} | "
        f"{'equal' if m.equal else '' if m.package is None else repr(m.package)} |"
        for m in report.metrics
    ]
    return "\n".join(["| metric | notebook | package |", "|---|---|---|", *rows])


def _evidence(report: Report) -> str:
    """Return how many of the values that each function gives are equal; REPORT.md has them one by one."""
    if not report.evidence:
        return ""
    functions = dict.fromkeys(value.function for value in report.evidence)
    rows = []
    for function in functions:
        values = [value for value in report.evidence if value.function == function]
        names = ", ".join(dict.fromkeys(f"`{value.variable}`" for value in values))
        rows.append(f"| `{function}` | {names} | {sum(value.equal for value in values)} of {len(values)} |")
    return "\n".join(["| function | values compared | equal |", "|---|---|---|", *rows])


def _checks(report: Report) -> str:
    marks = {"passed": "x", "failed": " ", "skipped": " "}
    lines = [
        f"- [{marks[c.status]}] {c.name}: {c.summary}" + (f" ({c.status})" if c.status != "passed" else "")
        for c in report.checks
    ]
    return "\n".join(lines)


def _review(report: Report) -> str:
    items = [c.message for c in report.changes if c.kind != "repair"] + list(report.questions)
    items += [f"{w.statement}: {w.message}" if w.statement else w.message for w in report.warnings]
    items = list(dict.fromkeys(items))
    more = [f"- and {len(items) - _MOST} more in REPORT.md"] if len(items) > _MOST else []
    return "\n".join(["**To review**", "", *(f"- {item}" for item in items[:_MOST]), *more]) if items else ""


def _how(report: Report) -> str:
    kept = sum(1 for cell in report.cells for s in cell.statements if s.kept)
    total = sum(len(cell.statements) for cell in report.cells)
    return (
        f"{kept} of the notebook's {total} statements are kept. `report.html` shows where each line went; "
        "`make test`, `make train` and `make evaluate` work after `make install`."
    )
