"""Proposal: what a docstring says. Target: `path:function`; value: `Docstring`. The code stays as it is."""

import ast
import re
import textwrap
from collections.abc import Mapping

from agents.proposals.model import Kind, Material, Proposal, Refused, place_of, read, short
from agents.proposals.prose import checked_prose, known_of
from agents.specialists.shown_code import definition_text
from tools.frozen import Frozen

WIDTH = 108
_HEADS = ("Args", "Returns", "Raises", "Yields", "Attributes", "Example", "Note")


class Docstring(Frozen):
    """Parts of a docstring; what is empty stays as it is.

    Attributes:
        summary: First line.
        args: Text by name of an argument that the docstring has.
        returns: Text of the section Returns.
        raises: Text by name of an exception that the docstring has.
    """

    summary: str = ""
    args: dict[str, str] = {}
    returns: str = ""
    raises: dict[str, str] = {}


def _prepared(proposal: Proposal, material: Material) -> Proposal:
    path, name = place_of(proposal.target, material.tree)
    asked = read(proposal, Docstring)
    planned = next((f for f in material.plan.functions if (f.module, f.name) == (path, name)), None)
    if planned is None:
        raise Refused(f"`{name}` holds no code of the notebook: its docstring is the package's own")
    if asked.summary and planned.kind == "author":
        raise Refused(f"`{name}` is the author's own function: the first line of its docstring stays")
    known = known_of(material, definition_text(material.tree[path], name))
    checked = Docstring(
        summary=checked_prose(asked.summary, known, 100) if asked.summary else "",
        args={key: checked_prose(text, known, 300) for key, text in asked.args.items()},
        returns=checked_prose(asked.returns, known, 400) if asked.returns else "",
        raises={key: checked_prose(text, known, 200) for key, text in asked.raises.items()},
    )
    return proposal.model_copy(update={"value": checked.model_dump_json()})


def _changed(proposal: Proposal, files: Mapping[str, str]) -> dict[str, str]:
    path, name = place_of(proposal.target, files)
    asked = read(proposal, Docstring)
    text = files[path]
    node = _function(text, name)
    old = node.body[0] if node else None
    if node is None or not isinstance(old, ast.Expr) or not isinstance(old.value, ast.Constant):
        raise Refused(f"`{name}` has no docstring in {path}")
    written = ast.get_docstring(node) or ""
    new = _literal(_with_parts(written, asked), old.col_offset)
    lines = text.splitlines(keepends=True)
    first, last = old.lineno - 1, old.end_lineno or old.lineno
    if lines[last - 1].rstrip("\n")[(old.end_col_offset or 0) :].strip() or not lines[first].lstrip().startswith('"""'):
        raise Refused(f"the docstring of `{name}` does not stand alone on its lines")
    changed = "".join([*lines[:first], new, *lines[last:]])
    if code_without_docstrings(changed) != code_without_docstrings(text):
        raise Refused(f"more than the docstring of `{name}` would change")
    return {**files, path: changed}


def code_without_docstrings(text: str) -> str:
    """Return the syntax tree of a module, its docstrings left out, as text: equal code gives equal texts."""
    module = ast.parse(text)
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                first.value.value = ""
    return ast.dump(module)


def _function(text: str, name: str) -> ast.FunctionDef | None:
    module = ast.parse(text)
    return next((n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == name), None)


def _with_parts(written: str, asked: Docstring) -> str:
    """Return a Google-style docstring with some of its parts replaced."""
    head, sections = _sections(written)
    if asked.summary:
        head = [asked.summary, *head[1:]]
    for title, texts in (("Args", asked.args), ("Raises", asked.raises)):
        entries = _entries(sections.get(title, []))
        unknown = [key for key in texts if key not in entries]
        if unknown:
            raise Refused(f"the docstring has no `{unknown[0]}` under {title}")
        if texts:
            sections[title] = [line for key, text in (entries | texts).items() for line in _wrapped(f"{key}: {text}")]
    if asked.returns:
        if "Returns" not in sections:
            raise Refused("the docstring has no Returns")
        sections["Returns"] = _wrapped(asked.returns)
    lines = "\n".join(head).strip().split("\n")
    for title, body in sections.items():
        lines += ["", f"{title}:", *body]
    return "\n".join(lines)


def _sections(written: str) -> tuple[list[str], dict[str, list[str]]]:
    head: list[str] = []
    sections: dict[str, list[str]] = {}
    place = head
    for line in written.splitlines():
        title = line.rstrip().removesuffix(":")
        if line.endswith(":") and title in _HEADS:
            place = sections.setdefault(title, [])
        else:
            place.append(line)
    return head, {title: "\n".join(body).rstrip().split("\n") for title, body in sections.items()}


def _entries(lines: list[str]) -> dict[str, str]:
    """Return the texts of a section by the name in front of each."""
    found: dict[str, str] = {}
    last = ""
    for line in lines:
        match = re.match(r" {4}(\*{0,2}\w[\w.]*): ?(.*)", line)
        if match:
            last = match[1]
            found[last] = match[2]
        elif last:
            found[last] += f" {line.strip()}"
    return found


def _wrapped(text: str) -> list[str]:
    first, *rest = textwrap.wrap(text, WIDTH) or [""]
    return [f"    {first}", *(f"        {line}" for line in rest)]


def _literal(text: str, indent: int) -> str:
    escaped = text.replace("\\", "\\\\").replace('"""', "'''")
    body = escaped + "\n" if "\n" in escaped else escaped
    quoted = textwrap.indent(f'"""{body}"""', " " * indent, lambda line: bool(line.strip()))
    return f"{quoted}\n"


def _told(proposal: Proposal) -> str:
    value = Docstring.model_validate_json(proposal.value)
    parts = [
        *(["summary"] if value.summary else []),
        *value.args,
        *(["returns"] if value.returns else []),
        *value.raises,
    ]
    return short(f"docstring of `{proposal.target.partition(':')[2]}`: {', '.join(parts)}", 120)


DOCSTRING = Kind(step="harden", told=_told, prepared=_prepared, changed=_changed)
