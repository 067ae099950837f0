"""Repairs cells that do not parse, before anything is run."""

from collections.abc import Mapping

from tools.notebook.edit import replace_source
from tools.notebook.model import Cell, Notebook, Repair, Statement
from tools.repair.model import Codemod, Scope
from tools.repair.registry import REPAIRS


def repair_cells(notebook: Notebook, versions: Mapping[str, str]) -> Notebook:
    """Return the notebook with the cells that do not parse rewritten where a repair makes them parse.

    Args:
        notebook: As read.
        versions: Installed version by distribution, and of `python`.
    """
    for cell in notebook.cells:
        if cell.error:
            notebook = _repaired(notebook, cell, versions)
    return notebook


def _repaired(notebook: Notebook, cell: Cell, versions: Mapping[str, str]) -> Notebook:
    source, used = cell.source, list[Codemod]()
    for codemod in REPAIRS:
        if codemod.unit != "cell" or not any(word in source for word in codemod.mentions):
            continue
        changed = codemod.change(source, Scope(versions=versions))
        if changed == source:
            continue
        source, used = changed, [*used, codemod]
        candidate = replace_source(notebook, cell.index, source)
        if candidate.cells[cell.index - 1].error is None:
            return _recorded(candidate, cell, used)
    return notebook


def _recorded(notebook: Notebook, written: Cell, used: list[Codemod]) -> Notebook:
    """Return the notebook with the cell's source as it was written, and what was changed in its statements."""
    lines = written.source.split("\n")
    codemod = used[-1]
    statements, repairs = [], []
    for statement in notebook.cells[written.index - 1].statements:
        before = _as_written(lines, statement)
        if _words(before) == _words(statement.code):
            statements.append(statement)
            continue
        statements.append(statement.model_copy(update={"original": before}))
        repairs.append(
            Repair(
                code=codemod.code,
                statement=statement.id,
                before=before,
                after=statement.code,
                reason=codemod.reason,
                release=codemod.release(),
                evidence=(written.error or "").rstrip("."),
            )
        )
    cell = notebook.cells[written.index - 1].model_copy(
        update={"source": written.source, "statements": tuple(statements)}
    )
    cells = tuple(cell if other.index == cell.index else other for other in notebook.cells)
    return notebook.model_copy(update={"cells": cells, "repairs": (*notebook.repairs, *repairs)})


def _as_written(lines: list[str], statement: Statement) -> str:
    return "\n".join(lines[statement.line - 1 : statement.end_line])


def _words(code: str) -> str:
    return "".join(code.split("#")[0].split()) if "\n" not in code else "".join(code.split())
