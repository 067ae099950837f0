"""The configuration in force as text, each value with its origin."""

import json
from collections.abc import Iterator

from tools.team.model import TeamFiles


def config_lines(files: TeamFiles) -> list[str]:
    """Return one line a value: `budget.max_rounds: 3  # .architect.yaml:4`; then which files are in use."""
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}  # {_origin(files, key)}"
        for key, value in _flat(files.config.model_dump(mode="json"), "")
    ]
    lines += [f"pipeline.name: {json.dumps(files.pipeline.name)}"]
    lines += [
        f"pipeline.steps.{step.name}.{key}: {json.dumps(value, ensure_ascii=False)}"
        for step in files.pipeline.steps
        for key, value in step.model_dump(mode="json", exclude_defaults=True).items()
        if key != "name"
    ]
    lines += [f"{kind}: {path}" for kind, path in sorted(files.sources.items())]
    return lines


def _origin(files: TeamFiles, key: str) -> str:
    if key in files.origin:
        return files.origin[key]
    below = [origin for name, origin in files.origin.items() if name.startswith(key + ".")]
    return below[0] if below else "default"


def _flat(value: object, key: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            yield from _flat(item, f"{key}.{name}" if key else name)
    else:
        yield key, value
