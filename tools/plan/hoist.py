"""Which functions and classes of the author's own move to module level, and what they then need passed."""

import ast
from collections import Counter
from collections.abc import Mapping, Sequence

from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.plan.model import Constraint


class Hoisted(Frozen):
    """The author's definitions that stand at module level.

    Attributes:
        statements: Id of the definition by name.
        globals: Notebook variables that each needs passed, in order of name; those of the functions it calls included.
    """

    statements: dict[str, str] = {}
    globals: dict[str, tuple[str, ...]] = {}


def find_hoisted(
    facts: NotebookFacts, kept: Sequence[str], settings: frozenset[str], constraints: Sequence[Constraint]
) -> Hoisted:
    """Choose the definitions that can be moved without changing what they see.

    A definition stays where it is (nested in the function that uses it) if its name is bound more than once, what it
    keeps for itself is changed (a default argument, a class attribute: at module level a second call would find what
    the first left behind), it writes globals, it is a class whose body reads notebook variables, its decorators or
    defaults read any, it reads a variable that is bound anew after it was first used, or a constraint says so.

    Args:
        facts: Of the notebook.
        kept: Ids of the kept statements in run order.
        settings: Variables that are settings: constants that are passed and never change.
        constraints: Of kind `nest` name functions that stay.
    """
    nested = {c.target for c in constraints if c.kind == "nest"}
    if any(c.kind == "one-function" for c in constraints):
        return Hoisted()
    bound = Counter(name for i in kept for name in facts.statements[i].defines)
    changed = {name for i in kept for name in facts.statements[i].mutates}
    codes = {s.id: s.code for s in facts.notebook.statements()}
    written = frozenset(name for i in kept for name in _attributes_written(codes[i]))
    variables = _variables(facts, kept)
    candidates: dict[str, str] = {}
    for identifier in kept:
        found = facts.statements[identifier]
        if found.kind in ("function", "class") and len(found.defines) == 1:
            name = found.defines[0]
            remembers = name in written or (name in changed and _holds_state(codes[identifier]))
            stays = bound[name] > 1 or name in nested or remembers
            if not stays and not found.global_writes and not found.opaque:
                candidates[name] = identifier
    while True:
        needs = {name: _needs(facts, name, candidates, variables) for name in candidates}
        refused = {
            name for name in candidates if _unsafe(facts, kept, name, candidates[name], needs, settings, variables)
        }
        if not refused:
            return Hoisted(statements=candidates, globals=needs)
        candidates = {name: identifier for name, identifier in candidates.items() if name not in refused}


def _attributes_written(code: str) -> frozenset[str]:
    """Return the names of which a statement binds an attribute itself: `Net.rate = 1`, `count.calls += 1`."""
    return frozenset(
        part.value.id
        for part in ast.walk(ast.parse(code))
        if isinstance(part, ast.Attribute)
        and isinstance(part.ctx, (ast.Store, ast.Del))
        and isinstance(part.value, ast.Name)
    )


def _holds_state(code: str) -> bool:
    """Tell whether a definition has a default or a class attribute that can be changed in place."""
    definition = ast.parse(code).body[0]
    functions = [part for part in ast.walk(definition) if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]
    values = [d for part in functions for d in (*part.args.defaults, *part.args.kw_defaults) if d is not None]
    if isinstance(definition, ast.ClassDef):
        values += [
            s.value for s in definition.body if isinstance(s, (ast.Assign, ast.AnnAssign)) and s.value is not None
        ]
    return any(not isinstance(value, (ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp)) for value in values)


def _variables(facts: NotebookFacts, kept: Sequence[str]) -> frozenset[str]:
    """Return the names that kept statements bind, imports left out."""
    return frozenset(n for i in kept if facts.statements[i].kind != "import" for n in facts.statements[i].defines)


def _needs(
    facts: NotebookFacts, name: str, candidates: Mapping[str, str], variables: frozenset[str]
) -> tuple[str, ...]:
    found: set[str] = set()
    seen: set[str] = set()
    todo = [name]
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        for read in facts.statements[candidates[current]].body_reads:
            if read in candidates:
                todo.append(read)
            elif read in variables:
                found.add(read)
    return tuple(sorted(found, key=lambda n: (n.lower(), n)))


def _unsafe(
    facts: NotebookFacts,
    kept: Sequence[str],
    name: str,
    identifier: str,
    needs: Mapping[str, tuple[str, ...]],
    settings: frozenset[str],
    variables: frozenset[str],
) -> bool:
    found = facts.statements[identifier]
    if any(read in variables and read not in needs for read in found.own_reads):
        return True
    needed = [n for n in needs[name] if n not in settings]
    if found.kind == "class":
        return bool(needs[name]) or any(n in needs and needs[n] for n in found.body_reads)
    if needed and _used_as_value(facts, kept, name, identifier):
        return True
    return any(facts.statements[i].opaque and name in facts.statements[i].reads for i in kept)


def _used_as_value(facts: NotebookFacts, kept: Sequence[str], name: str, identifier: str) -> bool:
    """Tell whether a function is also passed around, and not only called by its name."""
    sources = {s.id: s.code for s in facts.notebook.statements()}
    for other in kept:
        if other == identifier or name not in sources[other]:
            continue
        tree = ast.parse(sources[other])
        called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        if any(isinstance(n, ast.Name) and n.id == name and id(n) not in called for n in ast.walk(tree)):
            return True
    return False
