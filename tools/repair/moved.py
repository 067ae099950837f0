"""Names that moved: imports and dotted names of an old place become those of the new one."""

from collections.abc import Mapping, Sequence

import libcst as cst

from tools.repair.model import Change, Scope
from tools.repair.rewrite import expression, qualified, rewrite, text_of


def moved(names: Mapping[str, str]) -> Change:
    """Return a change of names.

    Args:
        names: New qualified name by old one, of modules (what lies in them moves with them) and of what lies in them;
            `builtins.float` for a builtin. A name without a new place (an empty one) is left as it is.
    """

    def change(code: str, scope: Scope) -> str:
        added: list[str] = []

        def rule(
            original: cst.CSTNode, updated: cst.CSTNode, failing: bool
        ) -> cst.CSTNode | cst.FlattenSentinel | None:  # type: ignore[type-arg]
            if isinstance(updated, cst.SimpleStatementLine):
                return _imports(updated, names)
            new = names.get(qualified(original, scope), "")
            return expression(named(new, scope, added)) if new else None

        changed = rewrite(code, scope, (cst.SimpleStatementLine, cst.Attribute), rule)
        return "".join(f"{line}\n" for line in dict.fromkeys(added)) + changed

    return change


def named(name: str, scope: Scope, added: list[str]) -> str:
    """Return how the notebook can write a qualified name; where no import reaches it, one is added to the list.

    Args:
        name: Such as `numpy.prod`, `builtins.float`, `-numpy.inf`.
        scope: Around the statement.
        added: Gets import statements that the statement needs in front.
    """
    if name.startswith("-"):
        return f"(-{named(name[1:], scope, added)})"
    module, _, attribute = name.rpartition(".")
    if module == "builtins":
        return attribute
    known = {found: bound for bound, found in reversed(list(scope.imports.items()))}
    if name in known:
        return known[name]
    if not module:
        added.append(f"import {name}")
        return name
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in known and (length == len(parts) - 1 or parts[0] in ("numpy", "scipy", "pandas")):
            return ".".join([known[prefix], *parts[length:]])
    if attribute in scope.names:
        added.append(f"import {module}")
        return name
    added.append(f"from {module} import {attribute}")
    return attribute


def new_name(name: str, names: Mapping[str, str]) -> str:
    """Return the new qualified name of a name, by itself or with the module it lies in; empty where it stays."""
    if name in names:
        return names[name]
    module, _, rest = name.rpartition(".")
    while module:
        if module in names:
            return f"{names[module]}.{rest}" if names[module] else ""
        module, _, last = module.rpartition(".")
        rest = f"{last}.{rest}"
    return ""


def _imports(
    line: cst.SimpleStatementLine, names: Mapping[str, str]
) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine] | None:
    statements: list[cst.BaseSmallStatement] = []
    for statement in line.body:
        if isinstance(statement, cst.Import):
            statements += _whole_modules(statement, names)
        elif isinstance(statement, cst.ImportFrom) and statement.module and not statement.relative:
            statements += _parts(statement, names)
        else:
            statements.append(statement)
    if all(new is old for new, old in zip(statements, line.body, strict=False)) and len(statements) == len(line.body):
        return None
    if len(line.body) > 1:
        return line.with_changes(body=statements)
    lines = [cst.SimpleStatementLine([statement]) for statement in statements]
    lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
    lines[-1] = lines[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return cst.FlattenSentinel(lines)


def _whole_modules(statement: cst.Import, names: Mapping[str, str]) -> Sequence[cst.BaseSmallStatement]:
    changed, aliases = False, []
    for alias in statement.names:
        new = new_name(text_of(alias.name).strip(), names)
        changed = changed or bool(new)
        bound = alias.asname or (cst.AsName(cst.Name(alias.name.value)) if isinstance(alias.name, cst.Name) else None)
        aliases.append(alias.with_changes(name=_dotted(new), asname=bound) if new else alias)
    return [statement.with_changes(names=aliases)] if changed else [statement]


def _parts(statement: cst.ImportFrom, names: Mapping[str, str]) -> Sequence[cst.BaseSmallStatement]:
    assert statement.module is not None
    module = text_of(statement.module).strip()
    if isinstance(statement.names, cst.ImportStar):
        new = new_name(module, names)
        return [statement.with_changes(module=_dotted(new))] if new else [statement]
    groups: dict[str, list[cst.ImportAlias]] = {}
    for alias in statement.names:
        attribute = text_of(alias.name)
        new = new_name(f"{module}.{attribute}", names)
        target, _, name = new.rpartition(".") if new else (module, "", attribute)
        bound = text_of(alias.asname.name).strip() if alias.asname else attribute
        as_name = None if bound == name else cst.AsName(cst.Name(bound))
        groups.setdefault(target, []).append(cst.ImportAlias(cst.Name(name), as_name))
    if list(groups) == [module] and all(
        text_of(a.name) == text_of(b.name) for a, b in zip(groups[module], statement.names, strict=True)
    ):
        return [statement]
    if len(groups) == 1 and "" not in groups:
        target, aliases = next(iter(groups.items()))
        kept = [
            old.with_changes(name=new.name, asname=new.asname)
            for old, new in zip(statement.names, aliases, strict=True)
        ]
        return [statement.with_changes(module=_dotted(target), names=kept)]
    made: list[cst.BaseSmallStatement] = []
    for target, aliases in groups.items():
        made.append(cst.ImportFrom(_dotted(target), aliases) if target else cst.Import(aliases))
    return made


def _dotted(name: str) -> cst.Attribute | cst.Name:
    found = expression(name)
    assert isinstance(found, cst.Attribute | cst.Name)
    return found
