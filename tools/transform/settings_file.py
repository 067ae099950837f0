"""configs/default.yaml and its typed schema, src/config.py."""

import ast
import re
from collections.abc import Mapping

import yaml

from tools.plan.meanings import meaning, section_meaning
from tools.plan.model import Setting
from tools.render.engine import render
from tools.transform.context import PackageContext
from tools.transform.signature import class_name

Tree = dict[str, "Tree | Setting"]


def settings_tree(package: PackageContext) -> Tree:
    """Return the settings nested by section, in the order of the plan."""
    tree: Tree = {}
    for setting in package.plan.settings:
        *sections, last = setting.key.split(".")
        place = tree
        for section in sections:
            inner = place.setdefault(section, {})
            assert isinstance(inner, dict)
            place = inner
        place[last] = setting
    return tree


def default_yaml(package: PackageContext) -> str:
    """Return configs/default.yaml: values and comments with the cells they come from."""
    lines = ["# Settings of the experiment. c4 is the fourth code cell of the notebook."]
    _yaml_lines(settings_tree(package), 0, lines)
    return "\n".join(lines) + "\n"


def _yaml_lines(tree: Mapping[str, object], depth: int, lines: list[str]) -> None:
    indent = "  " * depth
    for name, item in tree.items():
        if isinstance(item, Setting):
            value = ast.literal_eval(item.value)
            text = yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True).strip()
            text = text.removesuffix("\n...").removesuffix("...").strip()
            comment = f"  # {' '.join(item.comment.split())}" if item.comment else ""
            lines.append(f"{indent}{name}: {text}{comment}")
        elif isinstance(item, dict):
            if depth == 0:
                lines.append("")
            lines.append(f"{indent}{name}:")
            _yaml_lines(item, depth + 1, lines)


def config_module(package: PackageContext) -> str:
    """Return src/config.py: dataclasses for the sections, innermost first, and how settings are read."""
    classes: list[tuple[str, str, list[tuple[str, str, str]]]] = []
    _classes("", settings_tree(package), classes)
    sections = [{"name": name, "doc": section_meaning(section), "fields": fields} for section, name, fields in classes]
    annotations = " ".join(a for _, _, fields in classes for _, a, _ in fields)
    typing = ", ".join(name for name in ("Any", "cast") if name == "cast" or re.search(r"\bAny\b", annotations))
    first = next((s.key for s in package.plan.settings if not s.added), "seed")
    example = f"{first}={ast.literal_eval(package.settings[first].value)}".replace("%", "%%")
    return render("src/config.py.j2", sections=sections, typing=typing, example=example.replace('"', "'"))


def _classes(
    section: str, tree: Mapping[str, object], found: list[tuple[str, str, list[tuple[str, str, str]]]]
) -> None:
    fields: list[tuple[str, str, str]] = []
    for name, item in tree.items():
        if isinstance(item, Setting):
            fields.append((name, item.annotation, f"{meaning(item)}."))
        elif isinstance(item, dict):
            inner = f"{section}.{name}" if section else name
            _classes(inner, item, found)
            fields.append((name, class_name(inner), section_meaning(inner)))
    found.append((section, class_name(section) if section else "Config", fields))
