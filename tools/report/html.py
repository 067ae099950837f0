"""report.html: the notebook beside the generated code, with the evidence, in one file that needs nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.repair.tell import baseline, told
from tools.report.diagram import diagram
from tools.report.markdown import about, price, verdict_line
from tools.report.model import CellRow, MetricRow, Report, StatementRow
from tools.report.syntax import coloured

SETTINGS = "configs/default.yaml"
TEMPLATES = Path(__file__).parent / "templates"
_FIRST = ("src/data/", "src/models/", "src/training/", "src/evaluation/", "configs/default.yaml", "src/")


def html(report: Report, tree: Mapping[str, str]) -> str:
    """Return the report as one self-contained HTML page.

    Args:
        report: What to show.
        tree: Text of the generated files by path.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    statements = [s for cell in report.cells for s in cell.statements]
    return environment.get_template("report.html.j2").render(
        report=report,
        style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        script=(TEMPLATES / "report.js").read_text(encoding="utf-8"),
        opening=verdict_line(report).partition("** ")[2],
        baseline=baseline(report.repairs) if report.repairs else "",
        repaired=told(report.repairs) if report.repairs else "",
        passed=sum(1 for check in report.checks if check.status == "passed"),
        kept=sum(1 for s in statements if s.kept),
        total=len(statements),
        mutants=_mutants(report),
        headline=_headline(report),
        cells=[_cell(cell) for cell in report.cells],
        files=_files(report, tree),
        warnings=_warnings(report),
        diagram=diagram(report.stages),
        about=about,
        price=price,
        number=lambda value: "" if value is None else f"{value:.4g}",
        exact=lambda value: "" if value is None else repr(value),
    )


def _cell(cell: CellRow) -> dict[str, Any]:
    owners: dict[int, StatementRow] = {}
    for statement in cell.statements:
        for number in range(statement.line, statement.end_line + 1):
            owners.setdefault(number, statement)
    lines = []
    for number, code in enumerate(coloured(cell.source), start=1):
        owner = owners.get(number)
        kind = "" if owner is None else "kept" if owner.kept else "gone"
        title = "" if owner is None else _title(owner)
        name = owner.id if owner and owner.kept else ""
        lines.append({"number": number, "code": code, "kind": kind, "title": title, "statement": name})
    dropped = [s for s in cell.statements if not s.kept]
    gone = len(dropped) == len(cell.statements)
    reasons: dict[str, list[str]] = {}
    for statement in dropped:
        reasons.setdefault(statement.reason or "not needed", []).append(statement.id.partition(".")[2])
    told = [("dropped" if gone else f"{' '.join(ids)} dropped:", reason) for reason, ids in reasons.items()]
    return {
        "label": f"c{cell.index}",
        "heading": cell.heading,
        "note": cell.note,
        "gone": gone,
        "lines": lines,
        "reasons": told,
    }


def _title(statement: StatementRow) -> str:
    places = ", ".join(f"{p.file}:{p.line}" for p in statement.places)
    where = f" → {places}" if places else f": {statement.reason}" if statement.reason else ""
    return f"{statement.id}{where}"


def _files(report: Report, tree: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the generated files to show, with the statements that each line comes from."""
    owners: dict[str, dict[int, list[str]]] = {}
    for cell in report.cells:
        for statement in cell.statements:
            for place in statement.places if statement.kept else ():
                for number in range(place.line, place.end_line + 1):
                    owners.setdefault(place.file, {}).setdefault(number, []).append(statement.id)
    for setting in report.settings:
        if setting.line and setting.statements:
            owners.setdefault(SETTINGS, {}).setdefault(setting.line, []).extend(setting.statements)
    paths = [p for p in sorted(tree) if p in owners or (p.startswith("src/") and p.endswith(".py"))]
    paths = [p for p in paths if tree[p].count("\n") > 2]
    paths.sort(key=lambda p: (next((n for n, top in enumerate(_FIRST) if p.startswith(top)), len(_FIRST)), p))
    return [
        {
            "path": path,
            "id": f"file-{number}",
            "lines": [
                {"number": n, "code": code, "statements": " ".join(dict.fromkeys(owners.get(path, {}).get(n, [])))}
                for n, code in enumerate(coloured(tree[path]), start=1)
            ],
        }
        for number, path in enumerate(paths)
    ]


def _warnings(report: Report) -> list[dict[str, str]]:
    found: dict[tuple[str, str, str], None] = {}
    for warning in report.warnings:
        place = warning.statement or (f"{warning.file}:{warning.line}" if warning.line else warning.file)
        found.setdefault((place, warning.message, warning.check))
    return [{"place": place, "message": message, "check": check} for place, message, check in found]


def _headline(report: Report) -> list[MetricRow]:
    """Return up to three metrics for the top of the page: those that differ, then the ones with the plainest names."""
    both = [m for m in report.metrics if m.notebook is not None and m.package is not None]
    return sorted(both, key=lambda m: (m.equal, m.name.count(".")))[:3]


def _mutants(report: Report) -> str:
    for check in report.checks:
        if check.name == "mutation" and check.status != "skipped":
            killed, _, rest = check.summary.partition(" of ")
            return f"{killed} / {rest.split(' ', 1)[0]}" if rest else ""
    return ""
