"""A notebook with other code in one cell or one statement: what a repair or a person's edit gives."""

import ast

from tools.notebook.magics import rewrite_cell
from tools.notebook.model import Notebook, Statement
from tools.notebook.rewrite import Context, bound_names
from tools.notebook.statements import split_statements


def replace_source(notebook: Notebook, index: int, source: str) -> Notebook:
    """Return the notebook with one code cell's source replaced and its statements split anew.

    Args:
        notebook: As read.
        index: Number of the code cell, from 1.
        source: New source; magics are allowed, other files are not looked at.

    Returns:
        A new notebook. Its other cells, and the digest of the file, stay as they are.
    """
    everything = "\n".join(source if cell.index == index else cell.source for cell in notebook.cells)
    code = rewrite_cell(source, index, Context(names=bound_names(everything), source=everything))
    split = split_statements(code, index)
    changed = {"source": source, "statements": split.statements, "error": split.error}
    cells = tuple(cell.model_copy(update=changed) if cell.index == index else cell for cell in notebook.cells)
    old_error = next((cell.error for cell in notebook.cells if cell.index == index), None)
    prefix = f"Cell {index}, line "
    warnings = [w for w in notebook.warnings if w != old_error and not w.startswith(prefix)]
    warnings.extend((*code.warnings, *([split.error] if split.error else ())))
    magics = tuple(
        sorted((*(m for m in notebook.magics if m.cell != index), *code.records), key=lambda m: (m.cell, m.line))
    )
    return notebook.model_copy(update={"cells": cells, "magics": magics, "warnings": tuple(warnings)})


def replace_code(notebook: Notebook, identifier: str, code: str) -> Notebook:
    """Return the notebook with the code of one statement replaced; its comments, its id and its place stay.

    Args:
        notebook: As read.
        identifier: Of the statement.
        code: One statement or several, of which the last takes the old one's place; those before it become statements
            of their own with the next free numbers of the cell.
    """
    cells = tuple(
        cell.model_copy(update={"statements": _replaced(cell.statements, identifier, code)})
        if any(statement.id == identifier for statement in cell.statements)
        else cell
        for cell in notebook.cells
    )
    return notebook.model_copy(update={"cells": cells})


def _replaced(statements: tuple[Statement, ...], identifier: str, code: str) -> tuple[Statement, ...]:
    found: list[Statement] = []
    free = max(statement.number for statement in statements) + 1
    for statement in statements:
        if statement.id != identifier:
            found.append(statement)
            continue
        original = statement.original or statement.code
        *added, last = _pieces(code)
        for number, piece in enumerate(added, free):
            name = f"c{statement.cell}.s{number}"
            update = {"id": name, "number": number, "code": piece, "source": piece, "original": original}
            found.append(statement.model_copy(update={**update, "displayed": False}))
        source = statement.source.replace(statement.code, last, 1)
        found.append(statement.model_copy(update={"code": last, "source": source, "original": original}))
    return tuple(found)


def _pieces(code: str) -> list[str]:
    """Return the statements of a text, each with its decorators, without the comments between them."""
    lines = code.encode().split(b"\n")
    found = []
    for node in ast.parse(code).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        last, end = node.end_lineno or first, node.end_col_offset or 0
        start = node.col_offset if first == node.lineno else 0
        if first == last:
            found.append(lines[first - 1][start:end].decode())
        else:
            body = (lines[first - 1][start:], *lines[first : last - 1], lines[last - 1][:end])
            found.append(b"\n".join(body).decode())
    return found
