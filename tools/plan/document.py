"""The plan for people (EXTRACTION_PLAN.md) and for programs (`plan --json`)."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from tools.analysis.cell_roles import roles_of_cells
from tools.analysis.model import NotebookFacts
from tools.notebook.model import Cell
from tools.plan.model import Constraint, Decision, ExtractionPlan, FunctionPlan
from tools.repair.tell import baseline


def plan_markdown(facts: NotebookFacts, plan: ExtractionPlan) -> str:
    """Return EXTRACTION_PLAN.md."""
    notebook = facts.notebook
    lines = ["# Extraction plan", "", _opening(facts), ""]
    if notebook.repairs:
        repairs = [[r.statement, f"`{r.code}`", r.release, _code(r.before), _code(r.after)] for r in notebook.repairs]
        head = ["statement", "repair", "broken by", "as written", "repaired"]
        lines += ["## Repairs", "", f"{baseline(notebook.repairs)}.", "", *_table(head, repairs), ""]
    lines += ["## Kept because of", "", *_table(["criterion", "statement"], _criteria(facts, plan)), ""]
    rows = [_function_row(f, facts) for f in plan.functions]
    lines += ["## Functions", "", *_table(["function", "file", "statements", "takes", "gives"], rows), ""]
    settings = [[f"`{s.key}`", _cell(s.value), _places(s.places)] for s in plan.settings]
    lines += ["## Settings", "", *_table(["setting", "value", "statement"], settings), ""]
    roles = roles_of_cells(facts)
    decided = {d.statement: d for d in plan.decisions}
    cells = [[f"c{c.index}", ", ".join(roles[c.index]), _decision(c, decided)] for c in notebook.cells]
    lines += ["## Cells", "", *_table(["cell", "roles", "decision"], cells), ""]
    if facts.notebook.magics:
        magics = [[f"c{m.cell}", f"`{_cell(m.source)}`", f"{m.action}: {m.detail}"] for m in notebook.magics]
        lines += ["## Magics", "", *_table(["cell", "as written", "what became of it"], magics), ""]
    notes = [f"* {w.statement + ': ' if w.statement else ''}{w.message}." for w in facts.warnings]
    notes += [f"* {c.message}" for c in plan.changes]
    notes += [f"* {_constraint(c)}" for c in plan.constraints if c.kind != "suppress"]
    if notes:
        lines += ["## To look at", "", *dict.fromkeys(notes), ""]
    return "\n".join(lines).rstrip() + "\n"


def plan_json(facts: NotebookFacts, plan: ExtractionPlan) -> dict[str, Any]:
    """Return the plan as one JSON-able object (design, section 7)."""
    decided = {d.statement: d for d in plan.decisions}
    stages = {i: f.stage for f in plan.functions for i in f.statements}
    roles = roles_of_cells(facts)
    cells = []
    for cell in facts.notebook.cells:
        found = [decided[s.id] for s in cell.statements]
        kept = any(d.kept for d in found)
        reasons = [d.reason for d in found if d.kept == kept]
        cells.append(
            {
                "index": cell.index,
                "id": cell.id,
                "roles": list(roles[cell.index]),
                "kept": kept,
                "reason": cell.error or (reasons[0] if reasons else "empty"),
            }
        )
    return {
        "cells": cells,
        "statements": [
            {
                "id": s.id,
                "roles": list(facts.statements[s.id].roles),
                "kept": decided[s.id].kept,
                "reason": decided[s.id].reason,
                "stage": stages.get(s.id, facts.statements[s.id].stage),
            }
            for s in facts.notebook.statements()
        ],
        "hyperparameters": [
            {"name": s.key, "value": s.value, "statement": s.places[0][0] if s.places else ""}
            for s in plan.settings
            if not s.added
        ],
        "data_sources": [d.model_dump() for d in facts.data_sources],
        "models": [m.model_dump() for m in facts.models],
        "metrics": [m.model_dump() for m in facts.metrics],
        "functions": [
            {
                "name": f.name,
                "file": f.module,
                "statements": list(f.statements),
                "takes": [p.name for p in f.parameters],
                "gives": [r.name for r in f.returns],
            }
            for f in plan.functions
        ],
        "order": {"kind": facts.trace.order_kind, "reason": facts.trace.order_reason, "statements": list(facts.order)},
        "warnings": [w.model_dump() for w in facts.warnings],
        "magics": [m.model_dump() for m in facts.notebook.magics],
        "repairs": [r.model_dump() for r in facts.notebook.repairs],
    }


def _opening(facts: NotebookFacts) -> str:
    name = PurePath(facts.notebook.path).name
    count = len(facts.notebook.cells)
    if facts.trace.status == "ran":
        run = f"run in {facts.trace.order_kind} order ({facts.trace.order_reason})"
    elif facts.trace.status == "failed" and facts.trace.error:
        error = facts.trace.error
        run = f"not run to its end: {error.kind} at {error.statement} ({error.message})"
    else:
        run = "not run"
    return f"`{name}`: {count} code cells, {run}. c5.s1 is the first statement of the fifth code cell."


def _criteria(facts: NotebookFacts, plan: ExtractionPlan) -> list[list[str]]:
    kept = set(plan.order)
    rows = []
    for model in facts.models:
        found = [i for i in (model.defined, *model.trained) if i in kept]
        if found:
            what = f"`{model.variable or model.name}`: {'the default, ' if model.final else ''}`{model.name}`"
            rows.append([what, " ".join(dict.fromkeys(found))])
    named = {r.capture: r.metric for f in plan.functions for r in f.returns if r.metric}
    if named:
        where = [i for m in facts.metrics if (i := m.statement) in kept]
        rows.append([", ".join(dict.fromkeys(named.values())), " ".join(dict.fromkeys(where))])
    rows += [[f"saved: `{_cell(a.path)}`", a.statement] for a in facts.artefacts if a.kind != "figure"]
    return rows


def _function_row(function: FunctionPlan, facts: NotebookFacts) -> list[str]:
    shapes = {}
    for identifier in function.statements:
        traced = facts.trace.statements.get(identifier)
        for name, value in {**traced.bound, **traced.mutated}.items() if traced else ():
            if value.shape is not None:
                shapes[name] = "(" + ", ".join(map(str, value.shape)) + ("," if len(value.shape) == 1 else "") + ")"
    gives = [f"`{r.name}`" + (f" {shapes[r.variable]}" if r.variable in shapes else "") for r in function.returns]
    takes = ", ".join(f"`{p.name}`" for p in function.parameters)
    return [f"`{function.name}`", function.module, " ".join(function.statements), takes, ", ".join(gives)]


def _decision(cell: Cell, decided: Mapping[str, Decision]) -> str:
    if cell.error:
        return f"left out: {_cell(cell.error)}"
    groups: list[tuple[bool, str, list[str]]] = []
    for statement in cell.statements:
        found = decided[statement.id]
        if groups and groups[-1][:2] == (found.kept, found.reason):
            groups[-1][2].append(f"s{statement.number}")
        else:
            groups.append((found.kept, found.reason, [f"s{statement.number}"]))
    if not groups:
        return "nothing to keep: magics and comments"
    if all(kept for kept, _, _ in groups):
        return "kept: " + _cell(groups[0][1])
    parts = [f"{'' if len(groups) == 1 else ', '.join(n) + ' '}{'kept' if k else 'dropped'}: {r}" for k, r, n in groups]
    return _cell("; ".join(parts))


def _constraint(constraint: Constraint) -> str:
    if constraint.kind in ("rename-function", "rename-setting"):
        old, new = constraint.target.split(":", 1)
        return f"Renamed: `{old}` is `{new}` ({constraint.reason})."
    if constraint.kind == "describe-function":
        name, text = constraint.target.split(":", 1)
        return f"Described: `{name}`: {text} ({constraint.reason})."
    if constraint.kind == "drop-model":
        return f"Left out: the model `{constraint.target}` ({constraint.reason})."
    return f"Kept by a constraint: {constraint.kind} {constraint.target} ({constraint.reason})."


def _places(places: Sequence[tuple[str, object]]) -> str:
    return " ".join(dict.fromkeys(statement for statement, _ in places)) or "added"


def _cell(text: str, most: int = 300) -> str:
    line = " ".join(text.replace("|", "\\|").split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _code(text: str) -> str:
    return f"`{_cell(text, 160).replace('`', chr(39))}`"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows)]
