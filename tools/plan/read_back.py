"""Reads an edited EXTRACTION_PLAN.md back: what differs from the plan as it was written is what a person asks for."""

import re
from collections.abc import Sequence

from tools.analysis.model import NotebookFacts
from tools.errors import UserError
from tools.plan.document import plan_markdown
from tools.plan.edits import PlanEdits
from tools.plan.model import ExtractionPlan

Rows = list[list[str]]
HOW = """<!-- What can be changed here, and is read back:
  Functions   the name in the first column
  Settings    the key in the first column (values are the notebook's: override them when the package runs)
  Cells       `dropped` to `kept` in the last column, for a cell or for single statements (s1, s2)
  Kept because of   remove the line of a model to leave this candidate out
-->
"""


def edits_in(text: str, facts: NotebookFacts, plan: ExtractionPlan) -> PlanEdits:
    """Return what a person changed in the document of a plan.

    Args:
        text: Of the edited document.
        facts: Of the notebook.
        plan: As it stands.

    Raises:
        UserError: If something was changed that cannot be honoured; says where, and what can be.
    """
    before, after = _tables(plan_markdown(facts, plan)), _tables(text)
    missing = [name for name in before if name not in after]
    if missing:
        raise UserError(f"the section `{missing[0]}` is gone from the plan: leave all sections in place")
    functions = _renamed("Functions", before, after, {1: "its file", 2: "its statements", 3: "takes", 4: "gives"})
    settings = _renamed("Settings", before, after, {1: "its value", 2: "its statements"})
    for name in sorted(set(before) - {"Functions", "Settings", "Cells", "Kept because of"}):
        if before[name] != after[name]:
            raise UserError(f"section `{name}` only informs: what is changed there cannot be honoured")
    return PlanEdits(
        rename_functions=functions,
        rename_settings=settings,
        keep=_kept(before["Cells"], after["Cells"], facts),
        drop_models=_dropped(before["Kept because of"], after["Kept because of"]),
    )


def _tables(text: str) -> dict[str, Rows]:
    """Return the rows of each section's table, its head left out, by the section's title."""
    found: dict[str, Rows] = {}
    rows: Rows = []
    for line in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).splitlines():
        if line.startswith("## "):
            rows = found.setdefault(line[3:].strip(), [])
        elif line.lstrip().startswith("|") and not re.fullmatch(r"[|\s:-]+", line):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))])
    return {name: rows[1:] for name, rows in found.items() if rows}


def _renamed(section: str, before: dict[str, Rows], after: dict[str, Rows], fixed: dict[int, str]) -> dict[str, str]:
    old, new = before.get(section, []), after.get(section, [])
    if len(old) != len(new):
        raise UserError(f"section `{section}`: a line was added or removed; only names can be changed there")
    names: dict[str, str] = {}
    for was, now in zip(old, new, strict=True):
        if len(was) != len(now):
            raise UserError(f"section `{section}`: the line of {was[0]} has another number of columns than before")
        for column, what in fixed.items():
            if was[column] != now[column]:
                raise UserError(
                    f"section `{section}`: {what} of {was[0]} cannot be changed here ({was[column]}); its name can"
                )
        if was[0] != now[0]:
            names[was[0].strip("`")] = now[0].strip("` ")
    return names


def _kept(before: Rows, after: Rows, facts: NotebookFacts) -> tuple[str, ...]:
    changed = {row[0]: row[-1] for row in after}
    found: list[str] = []
    for row in before:
        cell, old = row[0], row[-1]
        new = changed.get(cell)
        if new is None:
            raise UserError(f"section `Cells`: the line of {cell} is gone; write `dropped` or `kept` in it instead")
        if new == old:
            continue
        was, now = _decisions(old, cell, facts), _decisions(new, cell, facts)
        lost = [i for i, kept in was.items() if kept and not now.get(i, True)]
        if lost:
            raise UserError(
                f"section `Cells`: {lost[0]} cannot be dropped by hand, the package would no longer compute what the "
                "notebook computes; remove the line of a model under `Kept because of` to leave that model out"
            )
        asked = [i for i, kept in now.items() if kept and not was.get(i, True)]
        if not asked:
            raise UserError(f"section `Cells`: {cell}: write `kept` where `dropped` stood; {new!r} says neither")
        found += asked
    return tuple(found)


def _decisions(text: str, cell: str, facts: NotebookFacts) -> dict[str, bool]:
    """Return what a cell's decision says of each of its statements."""
    statements = [s.id for s in facts.notebook.statements() if s.id.partition(".")[0] == cell]
    found: dict[str, bool] = {}
    for names, word in re.findall(r"(?:^|; )((?:s\d+(?:, )?)*) ?(kept|keep|dropped|drop)\b", text):
        named = [f"{cell}.{name}" for name in re.findall(r"s\d+", names)] or statements
        found |= dict.fromkeys(named, word in ("kept", "keep"))
    return found


def _dropped(before: Rows, after: Rows) -> tuple[str, ...]:
    found = []
    for row in before:
        if row in after:
            continue
        match = re.fullmatch(r"`(.+?)`: .*", row[0])
        if match is None or row[0].startswith("saved:"):
            raise UserError(f"section `Kept because of`: only lines of models can be removed, not that of {row[0]}")
        found.append(match[1])
    if [row for row in after if row not in before]:
        raise UserError("section `Kept because of`: lines can be removed there, not added or changed")
    return tuple(found)


def edits_in_words(reason: str, plan: ExtractionPlan, facts: NotebookFacts) -> PlanEdits:
    """Return what the words of a person ask for, as far as they are in the few forms that need no chat model.

    Args:
        reason: Such as "keep c5, rename train_model to fit_forest; drop svc".
        plan: As it stands.
        facts: Of the notebook.
    """
    functions, settings = {f.name for f in plan.functions}, {s.key for s in plan.settings}
    models = {name for m in facts.models for name in (m.name, m.variable) if name}
    edits = PlanEdits()
    for part in re.split(r"[;\n]|, (?=keep|rename|drop)|\band (?=keep|rename|drop)", reason):
        words = part.strip(" .").replace("`", "")
        if match := re.fullmatch(r"keep ((?:c\d+(?:\.s\d+)?(?:, ?| and )?)+)", words):
            edits = edits.joined(PlanEdits(keep=tuple(re.findall(r"c\d+(?:\.s\d+)?", match[1]))))
        elif match := re.fullmatch(r"rename ([\w.]+) (?:to|as) ([\w.]+)", words):
            if match[1] in functions:
                edits = edits.joined(PlanEdits(rename_functions={match[1]: match[2]}))
            elif match[1] in settings:
                edits = edits.joined(PlanEdits(rename_settings={match[1]: match[2]}))
        elif (match := re.fullmatch(r"drop (?:model )?(\w+)", words)) and match[1] in models:
            edits = edits.joined(PlanEdits(drop_models=(match[1],)))
    return edits


UNDERSTOOD: Sequence[str] = ("keep c5 (or c5.s2)", "rename NAME to NAME (a function or a setting)", "drop MODEL")
"""The forms that `edits_in_words` knows, for people."""
