"""Validation of team files: each error says file, line, key path and the nearest known key."""

import difflib
from pathlib import Path
from typing import TypeVar, cast, get_args

from pydantic import BaseModel, ValidationError

from tools.errors import UserError
from tools.team.yaml_lines import KeyPath, line_of

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], content: object, lines: dict[KeyPath, int], path: Path) -> Model:
    """Return the content as a model.

    Raises:
        UserError: With one line for each wrong key or value.
    """
    if not isinstance(content, dict):
        raise UserError(f"{path}:1: expected keys and values, found {type(content).__name__}")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = [_sentence(model, lines, path, cast(dict[str, object], item)) for item in error.errors()]
        raise UserError("\n".join(found)) from error


def _sentence(model: type[BaseModel], lines: dict[KeyPath, int], path: Path, item: dict[str, object]) -> str:
    location = cast(tuple[str | int, ...], item["loc"])
    dotted = ".".join(str(part) for part in location)
    where = f"{path}:{line_of(lines, location)}"
    if item["type"] == "extra_forbidden":
        known = sorted(_keys(model, location[:-1]))
        near = difflib.get_close_matches(str(location[-1]), known, n=1, cutoff=0.5)
        hint = f"did you mean `{near[0]}`?" if near else f"known keys are {', '.join(known)}"
        return f"{where}: unknown key `{dotted}`: {hint}"
    message = str(item["msg"]).removeprefix("Value error, ")
    shown = repr(item.get("input"))
    return f"{where}: `{dotted}`: {message} (found {shown if len(shown) < 60 else shown[:57] + '...'})"


def _keys(model: type[BaseModel], location: tuple[str | int, ...]) -> set[str]:
    """Return the field names of the model at a location inside another."""
    current: object = model
    for part in location:
        if isinstance(current, type) and issubclass(current, BaseModel) and isinstance(part, str):
            field = current.model_fields.get(part)
            current = field.annotation if field else None
        current = _item(current)
    inner = _item(current)
    return set(inner.model_fields) if isinstance(inner, type) and issubclass(inner, BaseModel) else set()


def _item(annotation: object) -> object:
    """Return the model inside `tuple[X, ...]`, `dict[str, X]` or `X | None`, else the annotation itself."""
    for argument in get_args(annotation):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            return argument
    return annotation
