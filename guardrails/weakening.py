"""What an edit of a chat model may not bring into a file: silenced checkers, skipped tests, new doors out, secrets."""

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Mapping, Sequence

from guardrails.code_rules import broken_rules
from tools.secrets import MASK, find_secrets
from tools.team.model import CodeRule

_SILENCER = re.compile(
    r"#\s*(noqa|type:\s*ignore|pragma:\s*no|mypy:|ruff:|flake8:|pylint:|pyright:|pytype:|fmt:|isort:|nosec)",
    re.IGNORECASE,
)
_SKIPPING = frozenset({"skip", "skipif", "skipIf", "skipUnless", "xfail", "importorskip", "expectedFailure", "exit"})
_DYNAMIC = frozenset({"exec", "eval", "compile", "__import__", "globals", "locals", "setattr", "delattr"})
_OUTWARD = frozenset(
    {"asyncio", "atexit", "builtins", "code", "ctypes", "ftplib", "gc", "http", "importlib", "inspect", "marshal"}
    | {"multiprocessing", "pickle", "pty", "runpy", "shutil", "signal", "site", "smtplib", "socket", "socketserver"}
    | {"ssl", "subprocess", "tempfile", "urllib", "webbrowser", "xmlrpc"}
)
"""Modules by which code reaches other processes, the network or the interpreter itself."""


def weakened(path: str, before: str, after: str, tree: Mapping[str, str], rules: Sequence[CodeRule]) -> str:
    """Say what an edit brings in that it may not, or return an empty string.

    Args:
        path: Of the file.
        before: Its text; empty for a new file.
        after: Its text with the edit.
        tree: Text files of the repository before the edit; what they import is no new dependency.
        rules: The team's code rules.
    """
    if len(find_secrets(after)) > len(find_secrets(before)) or after.count(MASK) > before.count(MASK):
        return "it holds a key, token or password, or the mask of one"
    if not path.endswith(".py"):
        return _broken(path, before, after, rules)
    try:
        new = ast.parse(after)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        return f"line {line} would be no Python: {str(error)[:200]}"
    old = _parsed(before)
    silenced = _silencers(after) - _silencers(before)
    if silenced:
        return f"it silences a checker (`# {min(silenced)}`): mend the cause"
    more = _named(new, _DYNAMIC) - _named(old, _DYNAMIC)
    if more:
        return f"it runs code from text or reaches into names (`{min(more)}`)"
    imports = _new_imports(new, [old, *map(_parsed, _modules(tree))])
    return imports or (_weak_test(new) if path.startswith("tests/") else "") or _broken(path, before, after, rules)


def _modules(tree: Mapping[str, str]) -> list[str]:
    return [text for path, text in sorted(tree.items()) if path.endswith(".py")]


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def _silencers(text: str) -> Counter[str]:
    """Count the comments that silence a checker; a text that looks like one inside of a string is none."""
    found: Counter[str] = Counter()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found.update(re.sub(r"\s+", " ", match[1].lower()) for match in _SILENCER.finditer(token.string))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        found.update(match[1].lower() for match in _SILENCER.finditer(text))
    return found


def _named(module: ast.Module, names: frozenset[str]) -> Counter[str]:
    return Counter(n.id for n in ast.walk(module) if isinstance(n, ast.Name) and n.id in names)


def _weak_test(module: ast.Module) -> str:
    """Say what is wrong with tests that are skipped, or that have no assertion that can fail."""
    for node in ast.walk(module):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        name = node.name if isinstance(node, ast.alias) else name
        if name in _SKIPPING:
            return f"it skips tests (`{name}`)"
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test") and not _can_fail(node):
            return f"test {node.name} has no assertion that can fail"
    return ""


def _can_fail(test: ast.FunctionDef) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Assert) and any(isinstance(n, ast.Name) for n in ast.walk(node.test)):
            return True
        if isinstance(node, ast.Attribute) and node.attr == "raises":
            return True
    return False


def _new_imports(new: ast.Module, old: Sequence[ast.Module]) -> str:
    known = {name for module in old for name in _imported(module)}
    for name in sorted(_imported(new) - known):
        if name not in sys.stdlib_module_names or name in _OUTWARD:
            return f"it imports `{name}`, which nothing in the package imports yet"
    return ""


def _imported(module: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def _broken(path: str, before: str, after: str, rules: Sequence[CodeRule]) -> str:
    old = Counter(found.message for found in broken_rules({path: before}, rules, {}) if found.severity == "error")
    for found in broken_rules({path: after}, rules, {}):
        if found.severity == "error":
            old[found.message] -= 1
            if old[found.message] < 0:
                return f"line {found.line} breaks a rule of the team: {found.message}"
    return ""
