"""What a person changes in a plan: validated against facts and plan, and honoured as constraints of the next plan."""

import builtins
import keyword
import re
from collections.abc import Sequence

from tools.analysis.model import NotebookFacts
from tools.errors import UserError
from tools.frozen import Frozen
from tools.plan.model import Constraint, ExtractionPlan, FunctionPlan, Setting
from tools.plan.naming import RESERVED

SECTIONS = ("", "data", "preprocessing", "model", "training", "evaluation")
_ASKED = "a person asked for it"


class PlanEdits(Frozen):
    """What a person asks for, in names of the plan as it stands.

    Attributes:
        rename_functions: New name by old name.
        rename_settings: New dotted key by old key.
        keep: Statements (`c5.s2`) or whole cells (`c5`) that stay although nothing kept needs them.
        drop_models: Candidates (by name or variable) that are left out.
        describe_functions: First line of the docstring by the function's name.
    """

    rename_functions: dict[str, str] = {}
    rename_settings: dict[str, str] = {}
    keep: tuple[str, ...] = ()
    drop_models: tuple[str, ...] = ()
    describe_functions: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether anything is asked for."""
        return self != PlanEdits()

    def joined(self, later: "PlanEdits") -> "PlanEdits":
        """Return these edits with later ones added; a later name of the same thing wins."""
        return PlanEdits(
            rename_functions={**self.rename_functions, **later.rename_functions},
            rename_settings={**self.rename_settings, **later.rename_settings},
            keep=tuple(dict.fromkeys((*self.keep, *later.keep))),
            drop_models=tuple(dict.fromkeys((*self.drop_models, *later.drop_models))),
            describe_functions={**self.describe_functions, **later.describe_functions},
        )


def validated_edits(
    facts: NotebookFacts, plan: ExtractionPlan, edits: PlanEdits, reason: str = _ASKED
) -> tuple[Constraint, ...]:
    """Return the constraints that edits amount to, in names of the plan before any renaming.

    Args:
        facts: Of the notebook.
        plan: That was edited.
        edits: What is asked for.
        reason: Of the constraints.

    Raises:
        UserError: If anything in them cannot be honoured; says which, why and what could be.
    """
    from tools.plan.extraction import plan_extraction

    first = {kind: {new: old for old, new in renamed(plan.constraints, kind).items()} for kind in _RENAMES}
    found = [
        *_renamed_functions(facts, plan, edits, first["rename-function"]),
        *_renamed_settings(plan, edits, first["rename-setting"]),
        *_kept(facts, edits),
        *_dropped(facts, plan, edits),
        *_described(plan, edits, first["rename-function"]),
    ]
    new = [c for c in (c.model_copy(update={"reason": reason}) for c in found) if c not in plan.constraints]
    if any(c.kind == "drop-model" for c in new):
        _really_dropped(facts, plan_extraction(facts, (*plan.constraints, *new)))
    return tuple(new)


def renamed(constraints: Sequence[Constraint], kind: str) -> dict[str, str]:
    """Return new name by the planner's own name; of several renamings of one thing the last holds."""
    return dict(c.target.split(":", 1) for c in constraints if c.kind == kind and ":" in c.target)


def with_purposes(functions: Sequence[FunctionPlan], constraints: Sequence[Constraint]) -> tuple[FunctionPlan, ...]:
    """Return the functions with the first lines of docstrings that were asked for; of several the last one holds."""
    names = renamed(constraints, "rename-function")
    texts = dict(c.target.split(":", 1) for c in constraints if c.kind == "describe-function" and ":" in c.target)
    asked = {names.get(own, own): text for own, text in texts.items()}
    return tuple(f.model_copy(update={"purpose": asked[f.name]}) if f.name in asked else f for f in functions)


def dropped_models(constraints: Sequence[Constraint]) -> frozenset[str]:
    """Return the names of the models that a person left out."""
    return frozenset(c.target for c in constraints if c.kind == "drop-model")


def with_renamed_keys(settings: Sequence[Setting], constraints: Sequence[Constraint]) -> tuple[Setting, ...]:
    """Return the settings under the keys that a person gave them, by section."""
    names = renamed(constraints, "rename-setting")
    found = [s.model_copy(update={"key": names[s.key]}) if s.key in names else s for s in settings]
    return tuple(sorted(found, key=lambda s: SECTIONS.index(_section(s.key)))) if names else tuple(settings)


_RENAMES = ("rename-function", "rename-setting")


def _section(key: str) -> str:
    head = key.partition(".")[0]
    return head if "." in key and head in SECTIONS else ""


def _renamed_functions(
    facts: NotebookFacts, plan: ExtractionPlan, edits: PlanEdits, first: dict[str, str]
) -> list[Constraint]:
    names = [f.name for f in plan.functions]
    used = {n for f in facts.statements.values() for n in f.defines} | {f.name for f in facts.imports}
    found = []
    for old, new in edits.rename_functions.items():
        if old not in names:
            raise UserError(f"the plan has no function `{old}`: its functions are {', '.join(names)}")
        if new == old:
            continue
        if not new.isidentifier() or keyword.iskeyword(new) or not new.isascii():
            raise UserError(f"`{new}` (for `{old}`) is no name for a function: use letters, digits and underscores")
        planned = [edits.rename_functions.get(name, name) for name in names]
        if planned.count(new) > 1:
            raise UserError(f"two functions would be named `{new}`: give `{old}` another name")
        if new in RESERVED or hasattr(builtins, new) or new in used:
            raise UserError(f"`{new}` is taken (by the package, Python or the notebook): give `{old}` another name")
        found.append(Constraint(kind="rename-function", target=f"{first.get(old, old)}:{new}", reason=_ASKED))
    return found


def _renamed_settings(plan: ExtractionPlan, edits: PlanEdits, first: dict[str, str]) -> list[Constraint]:
    keys = {s.key: s for s in plan.settings}
    found = []
    for old, new in edits.rename_settings.items():
        if old not in keys:
            raise UserError(f"the plan has no setting `{old}`: its settings are {', '.join(keys)}")
        if new == old:
            continue
        if keys[old].added or old == "seed":
            raise UserError(f"setting `{old}` belongs to the package itself: its name stays")
        parts = new.split(".")
        if not all(p.isidentifier() and p.isascii() and not keyword.iskeyword(p) for p in parts) or len(parts) > 4:
            raise UserError(f"`{new}` (for `{old}`) is no key: use names joined by dots, such as `model.depth`")
        if len(parts) > 1 and parts[0] not in SECTIONS:
            raise UserError(f"`{new}` (for `{old}`): the section must be one of {', '.join(SECTIONS[1:])}")
        planned = [edits.rename_settings.get(key, key) for key in keys]
        near = [k for k in planned if k.startswith(new + ".") or new.startswith(k + ".")]
        if planned.count(new) > 1 or near:
            other = near[0] if near else new
            raise UserError(f"`{new}` (for `{old}`) meets the setting `{other}`: give it another key")
        found.append(Constraint(kind="rename-setting", target=f"{first.get(old, old)}:{new}", reason=_ASKED))
    return found


def _kept(facts: NotebookFacts, edits: PlanEdits) -> list[Constraint]:
    found = []
    for name in edits.keep:
        wanted = [i for i in facts.order if i == name or i.partition(".")[0] == name]
        if not wanted:
            what = "cell" if re.fullmatch(r"c\d+", name) else "statement"
            raise UserError(f"the notebook has no {what} `{name}` that runs: name a cell (`c5`) or statement (`c5.s2`)")
        found += [Constraint(kind="keep", target=i, reason=_ASKED) for i in wanted]
    return found


def _dropped(facts: NotebookFacts, plan: ExtractionPlan, edits: PlanEdits) -> list[Constraint]:
    order = set(plan.order)
    there = {m.name: m for m in facts.models if m.defined in order or order & set(m.trained)}
    found = []
    for wanted in edits.drop_models:
        model = next((m for m in there.values() if wanted in (m.name, m.variable)), None)
        if model is None:
            raise UserError(f"the plan has no model `{wanted}`: its models are {', '.join(there)}")
        found.append(Constraint(kind="drop-model", target=model.name, reason=_ASKED))
    if found and {c.target for c in found} >= set(there):
        raise UserError(f"no model would be left: keep one of {', '.join(there)}")
    return found


def _described(plan: ExtractionPlan, edits: PlanEdits, first: dict[str, str]) -> list[Constraint]:
    names = [f.name for f in plan.functions if f.kind == "stage"]
    found = []
    for name, text in edits.describe_functions.items():
        if name not in names:
            raise UserError(f"the plan makes no function `{name}`: those it makes are {', '.join(names)}")
        if not text.strip() or "\n" in text or len(text) > 100:
            raise UserError(f"what `{name}` is for must be one line of at most 100 characters")
        found.append(Constraint(kind="describe-function", target=f"{first.get(name, name)}:{text}", reason=_ASKED))
    return found


def _really_dropped(facts: NotebookFacts, plan: ExtractionPlan) -> None:
    """Raise where a model that was left out is still trained, since something kept reads it."""
    kept = set(plan.order)
    for name in sorted(dropped_models(plan.constraints)):
        model = next((m for m in facts.models if m.name == name), None)
        trained = [i for i in model.trained if i in kept] if model else []
        if model is None or not trained:
            continue
        readers = [i for i in plan.order if any(u.source in trained for u in facts.statements[i].uses)]
        other = next((i for i in readers if i not in trained), "")
        where = f"{other} reads it" if other else f"{trained[0]} is kept"
        raise UserError(f"model `{name}` cannot be left out: {where}, and what is kept needs that")
