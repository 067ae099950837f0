"""What the generated sources offer: functions, their signatures, their classes, their imports."""

import ast
from collections.abc import Iterator, Mapping

from tools.frozen import Frozen


class Argument(Frozen):
    """One argument of a function of the generated package.

    Attributes:
        name: Its name.
        annotation: Source of its type; empty where there is none.
        default: Source of its default; empty where it has none.
    """

    name: str
    annotation: str = ""
    default: str = ""


class Function(Frozen):
    """A top-level function of the generated package.

    Attributes:
        name: Its name.
        module: Path of its file.
        arguments: In order.
        returns: Source of the return type; empty where there is none.
        raises: Names of the exceptions that its own `raise` statements name.
    """

    name: str
    module: str
    arguments: tuple[Argument, ...] = ()
    returns: str = ""
    raises: tuple[str, ...] = ()


class Record(Frozen):
    """A class whose body is annotated fields: a named tuple or a data class.

    Attributes:
        name: Its name.
        module: Path of its file.
        bases: Source of its base classes.
        fields: Name and type of each field, in order.
    """

    name: str
    module: str
    bases: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


class Sources(Frozen):
    """The Python files of a tree, as far as generated code refers to them.

    Attributes:
        functions: By (path, name).
        records: By (path, name).
        imports: Top-level module names that each file imports, by path; those of the tree itself left out.
        bound: Import statement that binds a name, by path and name.
        assigned: Names that each file assigns at its top level, by path.
    """

    functions: dict[str, dict[str, Function]] = {}
    records: dict[str, dict[str, Record]] = {}
    imports: dict[str, tuple[str, ...]] = {}
    bound: dict[str, dict[str, str]] = {}
    assigned: dict[str, tuple[str, ...]] = {}

    def function(self, module: str, name: str) -> Function | None:
        """Return a function, or None where the file has none of this name."""
        return self.functions.get(module, {}).get(name)

    def record(self, module: str, name: str) -> Record | None:
        """Return a class of fields that a file defines or imports from the package, or None."""
        found = self.records.get(module, {}).get(name)
        if found is None:
            found = next((records[name] for records in self.records.values() if name in records), None)
        return found


def parsed(tree: Mapping[str, str]) -> Iterator[tuple[str, ast.Module]]:
    """Yield path and syntax tree of each Python file that parses, in the order of the paths."""
    for path in sorted(tree):
        if path.endswith(".py"):
            try:
                yield path, ast.parse(tree[path])
            except SyntaxError:
                continue


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, module: str) -> Function:
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(spec.defaults)) + list(spec.defaults)
    pairs = [*zip(positional, defaults, strict=True), *zip(spec.kwonlyargs, spec.kw_defaults, strict=True)]
    arguments = tuple(
        Argument(
            name=argument.arg,
            annotation=ast.unparse(argument.annotation) if argument.annotation else "",
            default=ast.unparse(default) if default else "",
        )
        for argument, default in pairs
    )
    raises = {
        raised.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Raise) and inner.exc
        for raised in [inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc]
        if isinstance(raised, ast.Name)
    }
    returns = ast.unparse(node.returns) if node.returns else ""
    return Function(name=node.name, module=module, arguments=arguments, returns=returns, raises=tuple(sorted(raises)))


def _record(node: ast.ClassDef, module: str) -> Record:
    fields = tuple(
        (inner.target.id, ast.unparse(inner.annotation))
        for inner in node.body
        if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name)
    )
    return Record(name=node.name, module=module, bases=tuple(ast.unparse(b) for b in node.bases), fields=fields)


def _bound(module: ast.Module) -> dict[str, str]:
    bound: dict[str, str] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound[alias.asname or alias.name.split(".")[0]] = ast.unparse(ast.Import(names=[alias]))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                statement = ast.ImportFrom(module=node.module, names=[alias], level=0)
                bound[alias.asname or alias.name] = ast.unparse(statement)
    return bound


def imported(module: ast.Module) -> set[str]:
    """Return the top-level names of the modules that a file imports, `__future__` left out."""
    names = {
        name.split(".")[0]
        for node in ast.walk(module)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    return names - {"", "__future__"}


def read_sources(tree: Mapping[str, str]) -> Sources:
    """Read the Python files of a tree; files that do not parse are left out."""
    own = {path.split("/")[0].removesuffix(".py") for path in tree if path.endswith(".py")}
    functions: dict[str, dict[str, Function]] = {}
    records: dict[str, dict[str, Record]] = {}
    imports: dict[str, tuple[str, ...]] = {}
    bound: dict[str, dict[str, str]] = {}
    assigned: dict[str, tuple[str, ...]] = {}
    for path, module in parsed(tree):
        functions[path] = {
            node.name: _function(node, path)
            for node in module.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        records[path] = {node.name: _record(node, path) for node in module.body if isinstance(node, ast.ClassDef)}
        imports[path] = tuple(sorted(imported(module) - own))
        bound[path] = _bound(module)
        assigned[path] = tuple(
            target.id
            for node in module.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        )
    return Sources(functions=functions, records=records, imports=imports, bound=bound, assigned=assigned)


def dotted(path: str) -> str:
    """Return the module name of a path: `src.data.loader` of `src/data/loader.py`."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
