"""Roles of cells: those of their statements, small side activities left out beside a main one."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from tools.analysis.knowledge.load import method_roles, role_of_name, roles_of
from tools.analysis.lineage import direct_sources
from tools.analysis.model import NotebookFacts, Role
from tools.analysis.role_rules import LEARNT
from tools.analysis.roles import ROLE_ORDER
from tools.notebook.model import Cell, MagicRecord, Statement

_SIDES = re.compile(r"\s*(?:X|x|y|Y|features?|targets?|labels?)(?!\w*(?:train|test|val))\w*\s*(?:,\s*\w+\s*)?=[^=]")
"""Taking features and target out of a frame, which serves the split that follows in the same cell."""
_ALWAYS: frozenset[Role] = frozenset({"train", "tune", "split", "load_data", "define_model", "evaluate", "export"})
_LEAST: dict[Role, float] = {
    "import": 0.15,
    "setup": 0.15,
    "explore": 0.2,
    "preprocess": 0.15,
    "feature_engineering": 0.15,
    "validate_data": 0.2,
    "visualize": 0.08,
}
"""The least share of a cell's weight from which a side activity counts; the main activities always count."""
_FETCHING = frozenset({"wget", "curl", "unzip", "tar", "gunzip", "gdown", "kaggle", "aria2c"})
_LOOKING = frozenset({"ls", "head", "tail", "cat", "wc", "nvidia-smi", "pwd", "who", "whos", "tree", "du", "file"})
_TAKING_UP = frozenset({"load_state_dict", "load_weights", "load_model", "load", "set_weights", "load_checkpoint"})


def roles_of_cells(facts: NotebookFacts) -> dict[int, tuple[Role, ...]]:
    """Return the roles of every cell by its number, most telling first."""
    handed_on = _handed_on(facts)
    magics: defaultdict[int, list[MagicRecord]] = defaultdict(list)
    for magic in facts.notebook.magics:
        magics[magic.cell].append(magic)
    return {cell.index: _cell_roles(facts, cell, magics[cell.index], handed_on) for cell in facts.notebook.cells}


def _cell_roles(
    facts: NotebookFacts, cell: Cell, magics: Sequence[MagicRecord], handed_on: Collection[str]
) -> tuple[Role, ...]:
    found = _shares(facts, cell)
    written = [line.strip() for line in cell.source.splitlines() if line.strip() and line.strip()[0] != "#"]
    if written and all(line[0] in "!%?" for line in written):
        return _shell_roles(written, magics)
    kept = _kept(facts, cell, found, handed_on)
    if any(magic.action == "download" for magic in magics):
        kept |= {"load_data"}
    return tuple(role for role in ROLE_ORDER if role in kept) or _largest(found) or ("other",)


def _shell_roles(lines: Sequence[str], magics: Sequence[MagicRecord]) -> tuple[Role, ...]:
    """Return the roles of a cell that holds nothing but shell lines and magics."""
    words = {re.split(r"[\s;|]", line.lstrip("!%"))[0] for line in lines}
    if words & _FETCHING or any(magic.action == "download" for magic in magics):
        return ("load_data",)
    return ("explore",) if words <= _LOOKING else ("setup",)


def _shares(facts: NotebookFacts, cell: Cell) -> dict[Role, float]:
    """Return the share of each role in the weight of a cell: of long statements more, but not by their length."""
    weights: defaultdict[Role, float] = defaultdict(float)
    total = 0.0
    splitting = any("split" in facts.statements[s.id].roles for s in cell.statements)
    bodies = any(facts.statements[s.id].kind in ("function", "class", "compound") for s in cell.statements)
    plots = any("visualize" in facts.statements[s.id].roles for s in cell.statements)
    loads = any("load_data" in facts.statements[s.id].roles for s in cell.statements)
    for statement in cell.statements:
        roles = facts.statements[statement.id].roles
        size = min(1 + statement.code.count("\n"), 6) ** 0.5
        if roles[0] == "import":
            size *= 0.35 if bodies else 0.6 if plots else 1.0
        elif roles[0] == "visualize":
            size *= 0.6
        if roles[0] == "preprocess" and splitting and _SIDES.match(statement.code):
            continue
        total += size
        if statement.displayed and len(cell.statements) > 1 and _only_names(statement.code) and not loads:
            continue
        for position, role in enumerate(roles):
            weights[role] += size if position == 0 else 0.7 * size
    return {role: weight / total for role, weight in weights.items() if role != "other"}


def _kept(facts: NotebookFacts, cell: Cell, found: Mapping[Role, float], handed_on: Collection[str]) -> set[Role]:
    """Return the roles that count in a cell."""
    share = {role: found.get(role, 0.0) for role in ROLE_ORDER}
    kept = {role for role, weight in found.items() if role in _ALWAYS or weight >= _LEAST.get(role, 0)}
    if any(s.displayed and "explore" in facts.statements[s.id].roles for s in cell.statements) and share["explore"]:
        kept.add("explore")
    if share["visualize"] >= 0.3 or "export" in kept:
        lasting = {facts.statements[s.id].roles[0] for s in cell.statements if s.id in handed_on}
        kept -= {r for r in ("preprocess", "feature_engineering") if r not in lasting}
    if share["visualize"] >= 0.3:
        if not _expressed(facts, cell, "explore"):
            kept.discard("explore")
        if share["evaluate"] < 0.15 and not _expressed(facts, cell, "evaluate"):
            kept.discard("evaluate")
    if kept & {"visualize", "export"} and not _judges(facts, cell):
        kept.discard("evaluate")
    if share["evaluate"] >= 0.3 and not kept & {"train", "define_model"}:
        kept -= {r for r in ("preprocess",) if share[r] < 0.3}
    if "evaluate" in kept and "train" not in kept and _only_takes_up(facts, cell):
        kept.discard("define_model")
    if kept & {"train", "evaluate", "define_model", "export"} and share["tune"] < 0.5 and not _tunes(facts, cell):
        kept.discard("tune")
    if "tune" in kept and share["evaluate"] < 0.35 and not _calls(facts, cell, "evaluate"):
        kept.discard("evaluate")
    if "load_data" in kept and share["setup"] < 0.6:
        kept.discard("setup")
    if kept & {"load_data", "evaluate"} and share["preprocess"] < 0.3:
        kept.discard("preprocess")
    if kept & {"train", "tune", "evaluate", "visualize", "export", "define_model"} and share["explore"] < 0.4:
        kept.discard("explore")
    looks = any("explore" in _look(name) for s in cell.statements for name in facts.statements[s.id].calls)
    changes = kept & {"preprocess", "feature_engineering", "split"}
    if changes and not looks and "load_data" not in kept and share["explore"] < 0.6:
        kept.discard("explore")
    if "split" in kept:
        if share["explore"] < 0.4:
            kept.discard("explore")
        if kept & {"train", "tune", "evaluate"} and share["split"] < 0.4 and not _splits_by_library(facts, cell):
            kept.discard("split")
    if "visualize" in kept and share["export"] < 0.2:
        kept.discard("export")
    if not found.keys() - {"setup", "import"} and share["setup"] >= 0.05:
        kept.add("setup")
    if kept - {"setup", "import"} and share["setup"] <= (0.65 if "visualize" in kept else 0.5):
        kept.discard("setup")
    return kept


def _handed_on(facts: NotebookFacts) -> frozenset[str]:
    """Return the statements whose values another cell works on, not only shows or saves."""
    cells = {s.id: s.cell for s in facts.notebook.statements()}
    return frozenset(
        source
        for identifier, found in facts.statements.items()
        if not {"visualize", "explore", "export"} & set(found.roles)
        for source in direct_sources(found)
        if cells.get(source) != cells.get(identifier)
    )


def _with(facts: NotebookFacts, cell: Cell, role: Role) -> list[Statement]:
    return [s for s in cell.statements if role in facts.statements[s.id].roles]


def _calls(facts: NotebookFacts, cell: Cell, role: Role) -> bool:
    """Tell whether a cell calls something that is known to be for a role, beside what its context makes of it."""
    return any(
        role in (roles_of(name) or method_roles(name.rpartition(".")[2]) or role_of_name(name.rpartition(".")[2]))
        for statement in _with(facts, cell, role)
        for name in facts.statements[statement.id].calls
    )


def _expressed(facts: NotebookFacts, cell: Cell, role: Role) -> bool:
    """Tell whether a cell shows something of a role: prints it, or ends with it."""
    return any(s.displayed or facts.statements[s.id].kind == "expression" for s in _with(facts, cell, role))


def _judges(facts: NotebookFacts, cell: Cell) -> bool:
    """Tell whether a cell computes or shows how good a model is, beside passing results on to a plot or a file."""
    learnt = any(word in s.code for s in _with(facts, cell, "evaluate") for word in LEARNT)
    return learnt or _expressed(facts, cell, "evaluate") or _calls(facts, cell, "evaluate")


def _tunes(facts: NotebookFacts, cell: Cell) -> bool:
    loops = any(facts.statements[s.id].kind == "compound" for s in _with(facts, cell, "tune"))
    return loops or _calls(facts, cell, "tune")


def _only_takes_up(facts: NotebookFacts, cell: Cell) -> bool:
    """Tell whether the models of a cell are read from what was saved, not defined."""
    defining = _with(facts, cell, "define_model")
    called = [{n.rpartition(".")[2] for n in facts.statements[s.id].calls} for s in defining]
    return bool(defining) and all(names & _TAKING_UP for names in called)


def _splits_by_library(facts: NotebookFacts, cell: Cell) -> bool:
    return any(".train_test_split" in name for s in cell.statements for name in facts.statements[s.id].calls)


def _look(name: str) -> tuple[Role, ...]:
    method = name.rpartition(".")[2]
    found = method_roles(method) or roles_of(name) or ()
    return ("explore",) if "validate_data" in found else found


def _only_names(code: str) -> bool:
    """Tell whether an expression is a bare name or attribute: looking at what the cell has just made."""
    return code.replace(".", "").replace("_", "").replace(",", "").replace(" ", "").isalnum()


def _largest(found: Mapping[Role, float]) -> tuple[Role, ...]:
    return (max(sorted(found), key=lambda role: found[role]),) if found else ()
