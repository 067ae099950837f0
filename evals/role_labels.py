"""Roles of cells against labels made by others: `python -m evals.role_labels LABELS.json NOTEBOOKS`.

LABELS.json holds, by notebook, the roles that a person gave its code cells (numbered from 1 over code cells; a cell
that is not named is not judged): `{"titanic": {"1": ["import"], "4": ["load_data", "explore"]}}`. The notebook
`titanic` is `NOTEBOOKS/titanic.ipynb` (or `.py`); none is executed.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from tools.analysis.model import Role
from tools.errors import UserError
from tools.frozen import Frozen

Labels = Mapping[str, Mapping[str, tuple[Role, ...]]]
"""Roles by cell number, by notebook."""


class CellRoles(Frozen):
    """The roles of one cell: those that a person gave it, and those that were found.

    Attributes:
        notebook: Its name in the labels.
        cell: Its number.
        wanted: From the labels.
        found: By the static analysis.
    """

    notebook: str
    cell: int
    wanted: frozenset[Role]
    found: frozenset[Role]


class Agreement(Frozen):
    """How often a role was found where it is, where it is not, and not where it is."""

    right: int
    excess: int
    missed: int

    @property
    def f1(self) -> float:
        """Return twice the right ones over all that were wanted and all that were found; 1 where there are none."""
        everything = 2 * self.right + self.excess + self.missed
        return 2 * self.right / everything if everything else 1.0


def read_labels(path: Path) -> Labels:
    """Read a file of labels.

    Raises:
        UserError: If it cannot be read or holds something else.
    """
    try:
        return TypeAdapter(Labels).validate_json(path.read_bytes())
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][:3])
        raise UserError(
            f"{path}: `{where}` is wrong: {first['msg']}. The roles are {', '.join(get_args(Role))}."
        ) from None


def compare(labels: Labels, notebooks: Path) -> list[CellRoles]:
    """Plan each labelled notebook without running it, and put the found roles beside the labels.

    Raises:
        UserError: If a notebook is missing or has no such cell.
    """
    return [pair for name in sorted(labels) for pair in _of_notebook(name, labels[name], notebooks)]


def agreement(cells: Sequence[CellRoles], role: Role | None = None) -> Agreement:
    """Count over pairs of cell and role, of one role or of all; `other` stands for no role and is not counted."""
    counts: Counter[str] = Counter()
    for cell in cells:
        for one in (cell.wanted | cell.found) - {"other"}:
            if role in (None, one):
                counts[
                    "right" if one in cell.wanted & cell.found else "missed" if one in cell.wanted else "excess"
                ] += 1
    return Agreement(right=counts["right"], excess=counts["excess"], missed=counts["missed"])


def _of_notebook(name: str, labels: Mapping[str, tuple[Role, ...]], folder: Path) -> list[CellRoles]:
    from graph.planning import make_plan
    from tools.analysis.cell_roles import roles_of_cells

    path = next((p for suffix in (".ipynb", ".py") if (p := folder / f"{name}{suffix}").is_file()), None)
    if path is None:
        raise UserError(f"{folder / name}.ipynb is missing, which the labels name.")
    facts, _ = make_plan(path, "", execute=False)
    count = len(facts.notebook.cells)
    wrong = [cell for cell in labels if not cell.isdecimal() or not 1 <= int(cell) <= count]
    if wrong:
        raise UserError(f"{path} has {count} code cells; the labels name cell {wrong[0]}.")
    found = roles_of_cells(facts)
    return [
        CellRoles(notebook=name, cell=int(c), wanted=frozenset(roles), found=frozenset(found[int(c)]))
        for c, roles in sorted(labels.items(), key=lambda item: int(item[0]))
    ]


def main(arguments: Sequence[str]) -> int:
    """Print the cells that differ, then F1 by role, by notebook and over all."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m evals.role_labels LABELS.json NOTEBOOKS\n")
        return 2
    try:
        cells = compare(read_labels(Path(arguments[0])), Path(arguments[1]))
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for cell in cells:
        missed, excess = sorted(cell.wanted - cell.found), sorted(cell.found - cell.wanted - {"other"})
        if missed or excess:
            print(f"{cell.notebook} cell {cell.cell}: missed {missed or '-'}, not in the labels {excess or '-'}")
    for role in get_args(Role):
        print(_line(role, agreement(cells, role)))
    for name in sorted({cell.notebook for cell in cells}):
        print(_line(name, agreement([cell for cell in cells if cell.notebook == name])))
    print(json.dumps({"cells": len(cells), "micro_f1": round(agreement(cells).f1, 4)}))
    return 0


def _line(name: str, found: Agreement) -> str:
    return f"{name:20} F1 {found.f1:.3f}  right {found.right}  missed {found.missed}  excess {found.excess}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
