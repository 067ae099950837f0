"""REPORT.md: what a reviewer reads first."""

import re
from collections.abc import Sequence
from itertools import groupby

from tools.checks.model import ComparedValue
from tools.repair.tell import baseline, told
from tools.report.model import ConventionRow, ModelRow, Report, StatementRow

_OPENING = {
    "verified": "All checks pass, and every value that crosses a stage equals the notebook's",
    "unproven": "All checks that ran pass, but it is not proven that the package computes what the notebook computes",
    "failed": "Some check still fails",
}


def markdown(report: Report) -> str:
    """Return the report as Markdown.

    Args:
        report: What to tell.
    """
    parts = [
        f"# Report\n\n{verdict_line(report)}",
        _repairs(report),
        _checks(report),
        _section("Errors", [_finding(d.file, d.line, d.code, d.message) for d in report.errors]),
        _section(
            "Differences", [f"{d.statement}: {d.message}" if d.statement else d.message for d in report.differences]
        ),
        _evidence(report),
        _metrics(report),
        _places(report),
        _dropped(report),
        _settings(report),
        _changes(report),
        _section("Questions", list(report.questions)),
        _section(
            "Warnings", list(dict.fromkeys(_warning(d.statement, d.file, d.line, d.message) for d in report.warnings))
        ),
        _conventions(report),
        _chat(report),
        _steps(report),
        _environment(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def verdict_line(report: Report) -> str:
    """Return the verdict and what it rests on, in one paragraph."""
    after = f" after {told(report.repairs)}" if report.repairs else ""
    text = f"**Verdict: {report.verdict}{after}.** {_OPENING.get(report.verdict, '')}"
    if report.compared:
        tolerance = f"tolerance {report.tolerance}"
        text += f": {report.equal} of {report.compared} compared, {tolerance}"
        if report.seeds:
            text += f", under {len(report.seeds)} injected seeds"
    return f"{text}." + (f" {_sentence(report.reason)}" if report.reason else "")


def _repairs(report: Report) -> str:
    if not report.repairs:
        return ""
    rows = [
        (r.statement, f"`{r.code}`", r.release, f"`{_code(r.before)}`", f"`{_code(r.after)}`") for r in report.repairs
    ]
    reasons = {r.code: f"- `{r.code}`: {_sentence(r.reason)} Evidence: {_sentence(r.evidence)}" for r in report.repairs}
    parts = [
        "## Repairs",
        _sentence(baseline(report.repairs)),
        _table(("statement", "repair", "broken by", "as written", "repaired"), rows),
        "\n".join(reasons.values()),
    ]
    return "\n\n".join(parts)


def _checks(report: Report) -> str:
    rows = [("notebook", report.order)]
    rows += [(c.name, c.summary if c.status == "passed" else f"{c.status}: {c.summary}") for c in report.checks]
    return "## Checks\n\n" + _table(("check", "result"), rows)


def _evidence(report: Report) -> str:
    if not report.evidence:
        return ""
    rows: list[Sequence[str]] = []
    for function, values in groupby(report.evidence, key=lambda v: v.function):
        for number, value in enumerate(values):
            rows.append((f"`{function}`" if not number else "", *_value(value)))
    head = ("stage boundary", "statement", "value", "shape", "digest", "")
    text = "Digests are of the values, rows and column names included; those of the first seed are shown."
    return f"## Evidence\n\n{text}\n\n" + _table(head, rows)


def _value(value: ComparedValue) -> tuple[str, ...]:
    equal = "equal" if value.tolerance == "0" else "equal within tolerance"
    return value.statement, f"`{value.variable}`", value.shape, value.digest, equal if value.equal else "**different**"


def _metrics(report: Report) -> str:
    if not report.metrics:
        return ""
    rows = [(m.name, _number(m.notebook), "equal" if m.equal else _number(m.package)) for m in report.metrics]
    return "## Metrics\n\n" + _table(("metric", "notebook", "package"), rows)


def _places(report: Report) -> str:
    rows = [
        (f"{s.id} `{_code(s.source)}`", ", ".join(f"{p.file}:{p.line}" for p in s.places))
        for cell in report.cells
        for s in cell.statements
        if s.kept and s.places and "import" not in s.roles
    ]
    return "## Where each statement went\n\n" + _table(("statement", "line"), rows) if rows else ""


def _dropped(report: Report) -> str:
    groups: dict[str, list[str]] = {}
    for cell in report.cells:
        dropped = [s for s in cell.statements if not s.kept]
        for reason in dict.fromkeys(s.reason for s in dropped):
            names = _cell_names([s for s in dropped if s.reason == reason], len(cell.statements), cell.index)
            groups.setdefault(reason or "not needed", []).extend(names)
        if cell.note:
            groups.setdefault(cell.note, []).append(f"c{cell.index}")
    rows = [(" ".join(names), reason) for reason, names in groups.items()]
    return "## Dropped\n\n" + _table(("cells", "reason"), rows) if rows else ""


def _cell_names(statements: Sequence[StatementRow], total: int, index: int) -> list[str]:
    return [f"c{index}"] if len(statements) == total else [s.id for s in statements]


def _settings(report: Report) -> str:
    rows = [
        (f"`{s.key}` {_code(s.value)}", ", ".join(s.statements) or "added", str(s.line) if s.line else "")
        for s in report.settings
    ]
    head = ("setting", "notebook", "line of configs/default.yaml")
    return "## Settings\n\n" + _table(head, rows) if rows else ""


def _changes(report: Report) -> str:
    items = [f"{_sentence(c.message)}" + (f" ({c.statement})" if c.statement else "") for c in report.changes]
    return _section("Changes to review", items, numbered=True)


def _conventions(report: Report) -> str:
    rows = [(str(r.line), r.text, ", ".join(r.rules) or "no rule checks this", _held(r)) for r in report.conventions]
    return "## Conventions of the team\n\n" + _table(("line", "convention", "rule", ""), rows) if rows else ""


def _held(row: ConventionRow) -> str:
    return "" if not row.rules else f"{row.broken} places break it" if row.broken else "holds"


def _chat(report: Report) -> str:
    """Tell what chat models were asked, what that cost, and what became of their proposals."""
    if not report.models:
        return ""
    rows = [
        (
            m.agent,
            m.model,
            str(m.questions),
            f"{about(m)}{m.input_tokens}",
            f"{about(m)}{m.output_tokens}",
            price(m),
            m.problem,
        )
        for m in report.models
    ]
    parts = [
        "## Chat models",
        "What they proposed was tried on a package that had passed; what spoiled anything was taken back.",
        _table(("agent", "model", "questions", "tokens in", "tokens out", "cost", "problem"), rows),
    ]
    if report.proposals:
        found = [(p.agent, p.proposal, p.status, p.reason) for p in report.proposals]
        parts.append(_table(("agent", "proposal", "", "reason"), found))
    return "\n\n".join(parts)


def about(row: ModelRow) -> str:
    """Return the word in front of a count of tokens that is an estimate."""
    return "about " if row.estimated else ""


def price(row: ModelRow) -> str:
    """Return what a model cost, for people."""
    return "price unknown" if row.usd is None else f"${row.usd:.4f}"


def _steps(report: Report) -> str:
    rows = [(s.name, str(s.attempts), s.summary) for s in report.steps]
    return "## Steps\n\n" + _table(("step", "attempts", "last result"), rows) if rows else ""


def _environment(report: Report) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in report.environment.items() if version)
    return f"## Environment of the proof\n\n{versions}" if versions else ""


def _section(title: str, items: Sequence[str], *, numbered: bool = False) -> str:
    if not items:
        return ""
    lines = [f"{n}. {item}" if numbered else f"- {item}" for n, item in enumerate(items, start=1)]
    return f"## {title}\n\n" + "\n".join(lines)


def _finding(file: str, line: int, code: str, message: str) -> str:
    place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
    return f"{place}{code}: {message}"


def _warning(statement: str, file: str, line: int, message: str) -> str:
    place = statement or (f"{file}:{line}" if line else file)
    return f"{place}: {message}" if place else message


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def _code(text: str) -> str:
    text = re.sub(r"\s+", " ", text).replace("`", "'")
    return text if len(text) <= 60 else f"{text[:59]}…"
