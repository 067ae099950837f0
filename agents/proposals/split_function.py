"""Proposal: some statements of a long function become a function of their own.

Target: `path:function`; value: `Split`. What goes in and comes out is computed here, never taken from the model.
"""

import ast
import re
import symtable
from collections.abc import Mapping, Sequence

from agents.proposals.model import Kind, Material, Proposal, Refused, place_of, read
from agents.proposals.prose import checked_prose, known_of
from agents.proposals.rename_local import checked_name, inner_tables
from tools.frozen import Frozen
from tools.plan.values import Values, annotation_of, described, imports_of

LEAST = 2
_REFUSED = (
    *(ast.Return, ast.Yield, ast.YieldFrom, ast.Await, ast.Global, ast.Nonlocal, ast.Delete, ast.Import),
    *(ast.ImportFrom, ast.NamedExpr, ast.Lambda, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef),
)
_PART = re.compile(r"_?[a-z][a-z0-9_]{3,50}")


class Split(Frozen):
    """Statements of a function.

    Attributes:
        first: First line of the first statement that moves, as it stands.
        last: First line of the last one.
        name: Of the new function.
        purpose: First line of its docstring.
        annotations: Type by variable that crosses, as the run showed them; filled in by the engine.
        described: What each of them is, likewise.
        imports: That the types need, likewise.
    """

    first: str
    last: str
    name: str
    purpose: str
    annotations: dict[str, str] = {}
    described: dict[str, str] = {}
    imports: tuple[str, ...] = ()


def _prepared(proposal: Proposal, material: Material) -> Proposal:
    path, name = place_of(proposal.target, material.tree)
    asked = read(proposal, Split)
    function = next((f for f in material.plan.functions if (f.module, f.name) == (path, name)), None)
    if function is None or function.kind != "stage":
        raise Refused(f"`{name}` is no function that holds statements of the notebook")
    if not _PART.fullmatch(asked.name):
        raise Refused(f"`{asked.name[:60]}` is no name for a function")
    checked_name(asked.name.lstrip("_"), material.tree[path])
    text = material.tree[path]
    cut = _cut(text, name, asked)
    values = Values(material.facts)
    annotations: dict[str, str] = {}
    texts: dict[str, str] = {}
    imports: dict[str, None] = {}
    for variable in dict.fromkeys((*cut.takes, *cut.gives)):
        found = [v for i in reversed(function.statements) if (v := values.at(variable, i)) is not None]
        value = found[0] if found else values.before(variable, function.statements[0])
        annotations[variable] = annotation_of(value)
        texts[variable] = described(value, variable)
        imports |= dict.fromkeys(imports_of(value))
    completed = asked.model_copy(
        update={
            "purpose": checked_prose(asked.purpose, known_of(material, text), 100),
            "annotations": annotations,
            "described": texts,
            "imports": tuple(imports),
        }
    )
    return proposal.model_copy(update={"value": completed.model_dump_json()})


def _changed(proposal: Proposal, files: Mapping[str, str]) -> dict[str, str]:
    path, name = place_of(proposal.target, files)
    asked, text = read(proposal, Split), files[path]
    if re.search(rf"\b{asked.name}\b", text):
        raise Refused(f"`{asked.name}` is taken in the module")
    cut = _cut(text, name, asked)
    node, lines = cut.node, text.splitlines()
    hardened = node.returns is not None
    own = {a.arg: ast.unparse(a.annotation) for a in node.args.args if a.annotation is not None}
    typed = {v: own.get(v) or asked.annotations.get(v, "Any") for v in dict.fromkeys((*cut.takes, *cut.gives))}
    first, last = cut.statements[0], cut.statements[-1]
    top = _first_line(lines, node, first)
    body = lines[top - 1 : last.end_lineno]
    indent = " " * first.col_offset
    call = f"{asked.name}({', '.join(cut.takes)})"
    made = f"{indent}{', '.join(cut.gives)} = {call}" if cut.gives else f"{indent}{call}"
    part = [_head(asked, cut, typed) if hardened else f"def {asked.name}({', '.join(cut.takes)}):"]
    part += [_docstring(asked, cut)] if hardened else []
    part += body
    part += [f"{indent}return {', '.join(cut.gives)}"] if cut.gives else []
    start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    joined = [*lines[: start - 1], *part, "", "", *lines[start - 1 : top - 1], made, *lines[last.end_lineno or 0 :]]
    changed = "\n".join(joined) + "\n"
    return {**files, path: _with_imports(changed, asked.imports) if hardened else changed}


class _Cut(Frozen):
    model_config = {"arbitrary_types_allowed": True, "frozen": True}
    node: ast.FunctionDef
    statements: tuple[ast.stmt, ...]
    takes: tuple[str, ...]
    gives: tuple[str, ...]


def _cut(text: str, name: str, asked: Split) -> _Cut:
    """Return the statements that move, what they read from before, and what is read of them later."""
    node = next((n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == name), None)
    if node is None:
        raise Refused(f"there is no function `{name}`")
    lines = text.splitlines()
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    start, end = (_place(body, lines, line) for line in (asked.first, asked.last))
    before, moved, after = body[:start], body[start : end + 1], body[end + 1 :]
    if len(moved) < LEAST or not after or (len(after) == 1 and isinstance(after[0], ast.Return) and not before):
        raise Refused(f"at least {LEAST} statements must move, and something must stay")
    for found in (n for statement in moved for n in ast.walk(statement)):
        if isinstance(found, _REFUSED):
            raise Refused(f"the statements hold `{type(found).__name__}`, which cannot move")
        if isinstance(found, ast.Name) and found.id in ("locals", "globals", "vars", "eval", "exec", "super"):
            raise Refused(f"the statements look variables up by name (`{found.id}`)")
    bound_before = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    bound_before += [n for statement in before for n in _stored(statement)]
    stored = list(dict.fromkeys(n for statement in moved for n in _stored(statement)))
    read_later = {n for statement in after for n in _loaded(statement)}
    gives = [n for n in stored if n in read_later]
    sure = {n for statement in moved for n in _surely_stored(statement)}
    unsure = [n for n in gives if n not in sure]
    if any(n not in bound_before for n in unsure):
        raise Refused(f"`{unsure[0]}` may have no value at the end of the statements")
    loaded = dict.fromkeys(n for statement in moved for n in _loaded(statement))
    takes = [n for n in dict.fromkeys(bound_before) if n in loaded or n in unsure]
    for inner in (n for statement in (*before, *after) for n in ast.walk(statement)):
        if isinstance(inner, ast.FunctionDef | ast.Lambda) and set(stored) & set(_loaded(inner)):
            raise Refused("a function within it reads what the statements bind")
    return _Cut(node=node, statements=tuple(moved), takes=tuple(takes), gives=tuple(gives))


def _place(body: Sequence[ast.stmt], lines: Sequence[str], wanted: str) -> int:
    found = [n for n, s in enumerate(body) if lines[s.lineno - 1].strip() == wanted.strip()]
    if len(found) != 1:
        raise Refused(f"`{wanted.strip()[:60]}` is not the first line of exactly one statement")
    return found[0]


def _stored(node: ast.AST) -> list[str]:
    """Return the names that code binds; the variables of comprehensions are their own."""
    return [s.get_name() for s in _table(node).get_symbols() if s.is_assigned()]


def _loaded(node: ast.AST) -> list[str]:
    """Return the names that code reads, in inner functions and comprehensions too; what `x += 1` changes it reads."""
    table = _table(node)
    names = [s.get_name() for s in table.get_symbols() if s.is_referenced()]
    names += [s.get_name() for inner in inner_tables(table) for s in inner.get_symbols() if s.is_global()]
    changed = [n.target for n in ast.walk(node) if isinstance(n, ast.AugAssign)]
    return list(dict.fromkeys((*names, *(t.id for t in changed if isinstance(t, ast.Name)))))


def _table(node: ast.AST) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(node), "code", "exec")


def _surely_stored(statement: ast.stmt) -> list[str]:
    """Return the names that a statement binds whatever happens."""
    if isinstance(statement, ast.Assign):
        return [n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
    if isinstance(statement, ast.AugAssign) or (isinstance(statement, ast.AnnAssign) and statement.value is not None):
        return [statement.target.id] if isinstance(statement.target, ast.Name) else []
    if isinstance(statement, ast.With):
        return [n for inner in statement.body for n in _surely_stored(inner)]
    return []


def _first_line(lines: Sequence[str], node: ast.FunctionDef, first: ast.stmt) -> int:
    """Return the line at which a statement begins with its comments above."""
    top = first.lineno
    while top - 1 > node.lineno and lines[top - 2].strip().startswith("#"):
        top -= 1
    return top


def _head(asked: Split, cut: _Cut, typed: Mapping[str, str]) -> str:
    arguments = ", ".join(f"{name}: {typed[name]}" for name in cut.takes)
    kinds = [typed[name] for name in cut.gives]
    result = "None" if not kinds else kinds[0] if len(kinds) == 1 else f"tuple[{', '.join(kinds)}]"
    return f"def {asked.name}({arguments}) -> {result}:"


def _docstring(asked: Split, cut: _Cut) -> str:
    lines = [asked.purpose]
    if cut.takes:
        lines += ["", "Args:", *(f"    {n}: {asked.described.get(n) or 'As in the notebook.'}" for n in cut.takes)]
    if len(cut.gives) == 1:
        lines += ["", "Returns:", f"    {asked.described.get(cut.gives[0]) or f'`{cut.gives[0]}`.'}"]
    elif cut.gives:
        names = [f"`{n}`" for n in cut.gives]
        lines += ["", "Returns:", f"    {', '.join(names[:-1])} and {names[-1]}."]
    text = "\n    ".join(line.replace("\\", "\\\\").replace('"""', "'''") for line in lines)
    return f'    """{text}\n    """' if len(lines) > 1 else f'    """{text}"""'


def _with_imports(text: str, imports: Sequence[str]) -> str:
    """Add imports behind the first one; those that are there already are merged when the file is formatted."""
    nodes = [n for n in ast.parse(text).body if isinstance(n, ast.Import | ast.ImportFrom)]
    bound = {a.asname or a.name.partition(".")[0] for n in nodes for a in n.names}
    new = [line for line in imports if line.rsplit(" ", 1)[-1] not in bound]
    at = (nodes[0].end_lineno or nodes[0].lineno) if nodes else 0
    lines = text.splitlines()
    return "\n".join([*lines[:at], *new, *lines[at:]]) + "\n"


def _told(proposal: Proposal) -> str:
    value = Split.model_validate_json(proposal.value)
    return f"split `{value.name}` off `{proposal.target.partition(':')[2]}`"


SPLIT_FUNCTION = Kind(step="structure", told=_told, prepared=_prepared, changed=_changed)
