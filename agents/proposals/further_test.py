"""Proposal: a further test. Target: `tests/test_further.py:test_name`; value: `FurtherTest`."""

import ast
import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from agents.proposals.model import Kind, Material, Proposal, Refused, place_of, read
from tools.frozen import Frozen

FILE = "tests/test_further.py"
_TITLE = '"""Further tests: each notices a fault that no other test does."""'
_NAME = re.compile(r"test_[a-z0-9_]{3,80}")
_MODULES = {"math", "re", "json", "pathlib", "dataclasses", "collections", "itertools", "typing", "copy", "pytest"}
_FORBIDDEN = {"skip", "skipif", "xfail", "importorskip", "exit", "usefixtures", "filterwarnings", "eval", "exec"}
_FORBIDDEN |= {"__import__", "compile", "globals", "locals", "setattr", "delattr", "monkeypatch", "breakpoint", "open"}
_FORBIDDEN |= {"unlink", "rmdir", "rename", "chmod", "symlink_to", "hardlink_to", "home", "expanduser", "cwd", "rmtree"}
_FORBIDDEN |= {"read_pickle", "to_pickle", "system", "popen", "Popen", "environ", "getenv", "urlopen", "pytestconfig"}
_OUTSIDE = re.compile(r"^(?:[/~\\]|[A-Za-z]:[/\\])|\.\.[/\\]|://")
MOST_LINES = 40


class FurtherTest(Frozen):
    """One test.

    Attributes:
        imports: Import statements that it needs.
        source: The function, decorators included.
    """

    imports: tuple[str, ...] = ()
    source: str


def _prepared(proposal: Proposal, material: Material) -> Proposal:
    asked = read(proposal, FurtherTest)
    node = _function(asked.source)
    name = proposal.target.partition(":")[2]
    if proposal.target != f"{FILE}:{name}" or node.name != name or not _NAME.fullmatch(name):
        raise Refused(f"the function `{node.name[:60]}` is not named `test_` and what it shows")
    if len(asked.source.splitlines()) > MOST_LINES:
        raise Refused(f"`{name}` has more than {MOST_LINES} lines")
    existing = {
        d.name for path, text in material.tree.items() if path.startswith("tests/test_") for d in _functions(text)
    }
    if name in existing:
        raise Refused(f"there is a test `{name}` already")
    fixtures = {d.name for d in _functions(material.tree.get("tests/conftest.py", ""))} | {"tmp_path"}
    parametrized = _parametrized(node)
    unknown = [a.arg for a in node.args.args if a.arg not in fixtures | parametrized]
    if unknown:
        raise Refused(f"`{name}` wants the fixture `{unknown[0]}`: there are {', '.join(sorted(fixtures))}")
    _only_tests(node)
    imports = tuple(_checked_import(line, material.tree) for line in asked.imports)
    return proposal.model_copy(update={"value": FurtherTest(imports=imports, source=asked.source).model_dump_json()})


def _changed(proposal: Proposal, files: Mapping[str, str]) -> dict[str, str]:
    asked = read(proposal, FurtherTest)
    place_of(proposal.target, {**files, FILE: ""})
    text = files.get(FILE, f"{_TITLE}\n")
    lines = text.splitlines()
    module = ast.parse(text)
    imports = [ast.unparse(n) for n in module.body if isinstance(n, ast.Import | ast.ImportFrom)]
    functions = [_with_decorators(lines, n) for n in module.body if isinstance(n, ast.FunctionDef)]
    if proposal.target.partition(":")[2] in [n.name for n in _functions(text)]:
        raise Refused("there is a test of this name already")
    together = sorted(dict.fromkeys((*imports, *asked.imports)))
    body = "\n\n\n".join((*functions, asked.source.strip("\n")))
    return {**files, FILE: f"{_TITLE}\n\n" + "\n".join(together) + f"\n\n\n{body}\n"}


def _function(source: str) -> ast.FunctionDef:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise Refused(f"the test does not parse: {error}") from error
    if len(body) != 1 or not isinstance(body[0], ast.FunctionDef):
        raise Refused("the source of a test must be one function and nothing else")
    return body[0]


def _functions(text: str) -> list[ast.FunctionDef]:
    try:
        return [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)]
    except SyntaxError:
        return []


def _parametrized(node: ast.FunctionDef) -> set[str]:
    """Return the arguments that a test is parametrized over, the only decoration it may have."""
    found: set[str] = set()
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "pytest.mark.parametrize":
            raise Refused("the only decorator of a test may be `pytest.mark.parametrize`")
        try:
            names = ast.literal_eval(decorator.args[0])
        except (ValueError, IndexError) as error:
            raise Refused("the names that a test is parametrized over must be literal") from error
        found |= {name.strip() for name in (names.split(",") if isinstance(names, str) else names)}
    return found


def _only_tests(node: ast.FunctionDef) -> None:
    for found in ast.walk(node):
        name = found.id if isinstance(found, ast.Name) else found.attr if isinstance(found, ast.Attribute) else ""
        if name in _FORBIDDEN or (name.startswith("__") and name.endswith("__")):
            raise Refused(f"a test may not use `{name}`")
        if isinstance(found, ast.Constant) and isinstance(found.value, str) and _OUTSIDE.search(found.value):
            raise Refused(f"a test may not name the place `{found.value[:40]}`")
        if isinstance(found, ast.Try | ast.TryStar | ast.Global | ast.Import | ast.ImportFrom):
            raise Refused("a test may not hold `try`, `global` or `import`: it fails where something fails")
    asserts = any(isinstance(n, ast.Assert) for n in ast.walk(node))
    raises = any(isinstance(n, ast.Attribute) and n.attr == "raises" for n in ast.walk(node))
    if not asserts and not raises:
        raise Refused("the test asserts nothing")


def _checked_import(line: str, tree: Mapping[str, str]) -> str:
    """Return an import statement of the package, its tests, or a library that the package uses."""
    try:
        body = ast.parse(line).body
    except SyntaxError as error:
        raise Refused(f"`{line[:60]}` is no import") from error
    if len(body) != 1 or not isinstance(body[0], ast.Import | ast.ImportFrom):
        raise Refused(f"`{line[:60]}` is no import")
    node = body[0]
    if isinstance(node, ast.ImportFrom):
        modules = [node.module or ""]
        if node.level or any(a.name == "*" for a in node.names):
            raise Refused(f"`{line[:60]}` imports all, or relatively")
    else:
        modules = [a.name for a in node.names]
    for module in modules:
        top = module.partition(".")[0]
        own = str(PurePosixPath(*module.split("."))) + ".py" in tree
        if not own and top not in _MODULES | _libraries(tree):
            raise Refused(f"`{module}` is no module of the package or a library that it uses")
    return ast.unparse(node)


def _libraries(tree: Mapping[str, str]) -> set[str]:
    standard = {"os", "sys", "subprocess", "shutil", "socket", "importlib", "src", "tests", "pickle", "cloudpickle"}
    found: set[str] = set()
    for path, text in tree.items():
        if path.startswith("src/") and path.endswith(".py"):
            for node in ast.parse(text).body:
                if isinstance(node, ast.Import):
                    found |= {a.name.partition(".")[0] for a in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.partition(".")[0])
    return found - standard


def _with_decorators(lines: list[str], node: ast.FunctionDef) -> str:
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return "\n".join(lines[first - 1 : node.end_lineno])


def _told(proposal: Proposal) -> str:
    return f"test `{proposal.target.partition(':')[2]}`"


FURTHER_TEST = Kind(step="test", told=_told, prepared=_prepared, changed=_changed)
