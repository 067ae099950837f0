"""Templates for everything that is not the author's own code."""

import json
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tools.render"),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quoted"] = quoted
    environment.filters["python"] = _python
    environment.filters["toml"] = _toml
    return environment


def quoted(text: str) -> str:
    """Return a Python string literal in double quotes."""
    return json.dumps(text, ensure_ascii=False) if text.isprintable() else repr(text)


def _python(value: object) -> str:
    """Return a value as Python source."""
    return quoted(value) if isinstance(value, str) else repr(value)


def _toml(values: tuple[str, ...]) -> str:
    """Return a TOML list; one item a line where it is long."""
    items = [json.dumps(value) for value in values]
    line = f"[{', '.join(items)}]"
    return line if len(line) <= 90 else "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def render(template: str, **context: object) -> str:
    """Fill a template; a name that the context lacks is an error, never an empty string.

    Args:
        template: File name below `templates/`.
        context: What the template reads.
    """
    return _environment().get_template(template).render(**context)
