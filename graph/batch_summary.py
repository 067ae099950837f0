"""The summary page of a batch, as Markdown and as one self-contained HTML file."""

import html
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from graph.batch_table import Row


def counts(rows: Sequence[Row]) -> str:
    """Return "3 verified, 1 unproven, 1 without a verdict"."""
    found = Counter(row.verdict or "without a verdict" for row in rows)
    order = ("verified", "unproven", "failed", "without a verdict")
    return ", ".join(f"{found[name]} {name}" for name in order if found[name]) or "nothing"


def write_summary(rows: Sequence[Row], out: Path) -> None:
    """Write `summary.md` and `summary.html` into the folder of a batch."""
    head = ["notebook", "verdict", "exit code", "attempts", "seconds", "repository", ""]
    cells = [
        [
            Path(row.notebook).name,
            row.verdict or "-",
            "" if row.code is None else str(row.code),
            str(row.attempts),
            f"{row.seconds:.1f}",
            Path(row.out).name,
            row.message,
        ]
        for row in rows
    ]
    lines = [
        "# Batch",
        "",
        f"{len(rows)} notebooks: {counts(rows)}.",
        "",
        "| " + " | ".join(head) + " |",
        "|---" * 7 + "|",
    ]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]
    (out / "summary.md").write_text("\n".join(lines) + "\n")
    (out / "summary.html").write_text(_page(rows, head, cells))


def _page(rows: Sequence[Row], head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    header = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join(
        f'<tr class="{html.escape(row.verdict or "none")}">'
        + "".join(f"<td>{html.escape(c)}</td>" for c in line)
        + "</tr>"
        for row, line in zip(rows, cells, strict=True)
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Batch</title><style>'
        "body{font:15px system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}td,th{padding:.3rem .7rem;"
        "border-bottom:1px solid #ddd;text-align:left}.verified td:nth-child(2){color:#15803d}"
        ".unproven td:nth-child(2){color:#b45309}.failed td:nth-child(2),.none td:nth-child(2){color:#b91c1c}</style>"
        f"<h1>Batch</h1><p>{len(rows)} notebooks: {counts(rows)}.</p><table><tr>{header}</tr>{body}</table></html>\n"
    )
