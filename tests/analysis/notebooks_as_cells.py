"""Notebooks for tests: one string for each cell, cells parted by `# %%` lines."""

import ast
import textwrap

from tools.notebook.model import Cell, Notebook, Statement


def notebook_of(text, counts=()):
    """Read percent-format text; `counts` are the execution counts of the cells."""
    sources = [part.strip("\n") for part in textwrap.dedent(text).split("# %%") if part.strip()]
    cells = []
    for index, source in enumerate(sources, start=1):
        statements = []
        for number, node in enumerate(ast.parse(source).body, start=1):
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            code = "\n".join(source.split("\n")[first - 1 : node.end_lineno])
            statements.append(
                Statement(
                    id=f"c{index}.s{number}", cell=index, number=number, source=code, code=code, line=first,
                    end_line=node.end_lineno or first,
                )
            )  # fmt: skip
        count = counts[index - 1] if counts else None
        cells.append(
            Cell(
                index=index, id=f"cell-{index}", position=index - 1, source=source, statements=tuple(statements),
                execution_count=count,
            )
        )  # fmt: skip
    return Notebook(path="/nowhere/notebook.ipynb", sha256="", cells=tuple(cells))
