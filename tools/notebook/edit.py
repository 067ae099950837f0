"""A notebook with another source in one cell: what a repair or a person's edit gives."""

from tools.notebook.magics import rewrite_cell
from tools.notebook.model import Notebook
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
