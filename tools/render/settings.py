"""The settings of a generated repository, as its other files quote them."""

import re
from collections.abc import Mapping

from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan, Setting
from tools.plan.settings import literal

DEFAULTS = "configs/default.yaml"
NUMBERS = ("int", "float")
_SPECIAL = frozenset("{}[]:,#&*!|>'\"%@`$\\\n")


class JobParameter(Frozen):
    """A parameter of the MLflow job.

    Attributes:
        name: The setting's key with `_` for `.`.
        key: Of the setting that it sets.
        type: `float` or `string`, as MLflow has them.
        default: The default as YAML source.
    """

    name: str
    key: str
    type: str
    default: str


def flat(settings: object, prefix: str = "") -> dict[str, object]:
    """Return nested settings by dotted key, in order."""
    if not isinstance(settings, dict):
        return {prefix: settings}
    found: dict[str, object] = {}
    for key, value in settings.items():
        name = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, dict) and value:
            found |= flat(value, name)
        else:
            found[name] = value
    return found


def defaults(plan: ExtractionPlan, tree: Mapping[str, str]) -> dict[str, object]:
    """Return the default of each setting: as the repository's YAML file has it, else as planned."""
    import yaml

    if DEFAULTS in tree:
        try:
            read = yaml.safe_load(tree[DEFAULTS])
        except yaml.YAMLError:
            read = None
        if isinstance(read, dict):
            return flat(read)
    return {setting.key: literal(setting) for setting in plan.settings}


def scalar(value: object) -> str | None:
    """Return a value as one YAML scalar that also survives a command line, or None where it has no such form."""
    import yaml

    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        text = re.sub(r"^(-?\d+)e", r"\1.0e", repr(value))
        return text if yaml.safe_load(text) == value else None
    if isinstance(value, str):
        plain = (
            value and value == value.strip() and not any(character in value for character in "{}[]:,#&*!|>'\"%@`$\\\n")
        )
        return value if plain and yaml.safe_load(value) == value else None
    if isinstance(value, list) and value:
        parts = [scalar(item) for item in value]
        return f"[{', '.join(str(part) for part in parts)}]" if None not in parts else None
    return None


def job_parameters(plan: ExtractionPlan, tree: Mapping[str, str]) -> tuple[JobParameter, ...]:
    """Return the parameters of the MLflow job: each setting of one value, and the choice of models; no output paths."""
    values = defaults(plan, tree)
    parameters = []
    for setting in plan.settings:
        value = values.get(setting.key, literal(setting))
        text = scalar(value)
        choice = setting.key.endswith(".models")
        if text is None or (isinstance(value, list) and not choice) or is_output(setting):
            continue
        number = isinstance(value, int | float) and not isinstance(value, bool) and setting.annotation in NUMBERS
        parameters.append(
            JobParameter(
                name=setting.key.replace(".", "_"),
                key=setting.key,
                type="float" if number else "string",
                default=text if number or not needs_quotes(text) else f'"{text}"',
            )
        )
    return tuple(parameters)


def needs_quotes(text: str) -> bool:
    """Say whether a scalar must be quoted to stay a string (MLflow formats its parameters as strings)."""
    import yaml

    return not isinstance(yaml.safe_load(text), str)


def is_output(setting: Setting) -> bool:
    """Say whether a setting names something that the package writes."""
    last = setting.key.rsplit(".", 1)[-1]
    return setting.added and last.endswith(("_dir", "_path"))


def key_of(plan: ExtractionPlan, last: str) -> str:
    """Return the key of the setting whose last part is given, empty where there is none."""
    return next((setting.key for setting in plan.settings if setting.key.rsplit(".", 1)[-1] == last), "")


def data_keys(plan: ExtractionPlan) -> tuple[str, ...]:
    """Return the keys of the settings that name the files of the user's data."""
    files = [path for path, _ in plan.data_files]
    return tuple(setting.key for setting in plan.settings if literal(setting) in files)
