"""YAML read with the line of every key, so that an error can say where; nested depth and aliases are bounded."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from tools.errors import UserError

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_NODES = 20_000
KeyPath = tuple[str | int, ...]


def read_yaml(path: Path) -> tuple[object, dict[KeyPath, int]]:
    """Read a YAML file.

    Returns:
        Its content as plain objects, and the line (from 1) of each key path.

    Raises:
        UserError: If it cannot be read, is no YAML, or is built to exhaust memory.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(f"{path}: larger than {MAX_BYTES:,} bytes: this is no team file")
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: cannot be read ({error})") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "nested too deeply"
        raise UserError(f"{path}{where}: not valid YAML: {problem}") from error
    if root is None:
        return {}, {}
    lines: dict[KeyPath, int] = {}
    counter = [0]
    return _value(root, (), lines, path, counter), lines


def line_of(lines: dict[KeyPath, int], key: Sequence[str | int]) -> int:
    """Return the line of a key path, or of its nearest parent that has one; 0 where nothing is known."""
    for end in range(len(key), -1, -1):
        if tuple(key[:end]) in lines:
            return lines[tuple(key[:end])]
    return 0


def _value(node: yaml.Node, key: KeyPath, lines: dict[KeyPath, int], path: Path, counter: list[int]) -> object:
    counter[0] += 1
    line = node.start_mark.line + 1
    if counter[0] > MAX_NODES or len(key) > MAX_DEPTH:
        raise UserError(f"{path}:{line}: too many or too deeply nested values (are there aliases that multiply?)")
    lines.setdefault(key, line)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for name_node, value_node in node.value:
            if not isinstance(name_node, yaml.ScalarNode):
                raise UserError(f"{path}:{name_node.start_mark.line + 1}: a key must be plain text")
            name = str(name_node.value)
            if name in found:
                raise UserError(f"{path}:{name_node.start_mark.line + 1}: the key {name!r} stands here twice")
            lines[(*key, name)] = name_node.start_mark.line + 1
            found[name] = _value(value_node, (*key, name), lines, path, counter)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*key, index), lines, path, counter) for index, item in enumerate(node.value)]
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node)
    except yaml.YAMLError as error:
        raise UserError(f"{path}:{line}: {node.value!r} has an unknown type") from error
    finally:
        loader.dispose()
