"""`{name}` and `$name` in magics and shell lines, as Python expressions."""

import ast
import re
import string
from collections.abc import Iterator

_DOLLAR = re.compile(r"\$(\$|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)")


def python_string(text: str, names: frozenset[str]) -> str:
    """Return a Python expression for a text in which IPython fills in Python values.

    Args:
        text: Such as `python train.py --lr {lr} --out $folder`.
        names: Names that the notebook binds: `$HOME` stays as it is, `$folder` is filled in.

    Returns:
        A string literal where nothing is filled in, else an f-string or a sum of strings.
    """
    parts = _merge(_fields(text, names))
    if not any(is_code for _, is_code in parts):
        return repr("".join(part for part, _ in parts))
    if not any(set(part) & set("\"'\\\n") or part.startswith("{") for part, is_code in parts if is_code):
        literal = repr(
            "".join(f"{{{part}}}" if is_code else part.replace("{", "{{").replace("}", "}}") for part, is_code in parts)
        )
        return f"f{literal}"
    return " + ".join(f"str({part})" if is_code else repr(part) for part, is_code in parts)


def _fields(text: str, names: frozenset[str]) -> list[tuple[str, bool]]:
    try:
        return list(_braces(text, names))
    except ValueError:
        return [(text, False)]


def _braces(text: str, names: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether it is an expression); ValueError where IPython would leave the whole text alone."""
    for literal, name, format_spec, conversion in string.Formatter().parse(text):
        yield from _dollars(literal, names)
        if name is None:
            continue
        if conversion or format_spec:
            raise ValueError(text)
        try:
            ast.parse(name.strip(), mode="eval")
        except (SyntaxError, ValueError) as error:
            raise ValueError(text) from error
        yield name.strip(), True


def _dollars(literal: str, names: frozenset[str]) -> Iterator[tuple[str, bool]]:
    position = 0
    for found in _DOLLAR.finditer(literal):
        name = found.group(1)
        if name != "$" and name.split(".")[0] not in names:
            continue
        yield literal[position : found.start()], False
        yield ("$", False) if name == "$" else (name, True)
        position = found.end()
    yield literal[position:], False


def _merge(parts: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    merged: list[tuple[str, bool]] = []
    for part, is_code in parts:
        if merged and not is_code and not merged[-1][1]:
            merged[-1] = (merged[-1][0] + part, False)
        elif part:
            merged.append((part, is_code))
    return merged
