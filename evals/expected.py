"""What a person read off a sample's notebook: `expected.yaml`."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from tools.analysis.model import Role
from tools.errors import UserError
from tools.frozen import Frozen

SEPARATOR = "|"


class ExpectedMetric(Frozen):
    """A metric's value as the notebook shows it, and how far the package's may be from it."""

    value: float
    tolerance: float = Field(default=1e-9, ge=0)


class ExpectedSetting(Frozen):
    """A constant that must end up in the configuration."""

    name: str
    value: str | int | float | bool | list[str | int | float | None] | None


class Expected(Frozen):
    """What must come out for one sample. Whatever is not named is not judged.

    Attributes:
        verdict: Of the run.
        models: Names of the models (`ModelUse.name`) that must be found; alternatives are separated by `|`.
        metrics: Values that the package must give; a name may hold alternatives.
        hyperparameters: Constants that must be configuration.
        kept: Statements (`c7.s1`) or whole cells (`c5`) that must be in the package.
        dropped: Statements or whole cells that must not be.
        roles: Roles of cells.
        warnings: Codes of warnings that the plan must carry, such as `leakage`.
        order: Run order that must be chosen; None where any will do.
        seconds: The notebook's own running time as a rule of thumb; 0 where unknown.
    """

    verdict: Literal["verified", "unproven", "failed"] | None = None
    models: tuple[str, ...] = ()
    metrics: dict[str, ExpectedMetric] = {}
    hyperparameters: tuple[ExpectedSetting, ...] = ()
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    roles: dict[str, tuple[Role, ...]] = {}
    warnings: tuple[str, ...] = ()
    order: Literal["document", "execution count", "dependency"] | None = None
    seconds: float = 0.0


def alternatives(name: str) -> tuple[str, ...]:
    """Return the names that a name with `|` stands for, in lower case."""
    return tuple(part.strip().lower() for part in name.split(SEPARATOR))


def load_expected(path: Path) -> Expected | None:
    """Read an `expected.yaml`.

    Args:
        path: Of the file.

    Returns:
        None where there is no such file.

    Raises:
        UserError: If it does not hold what `Expected` says.
    """
    import yaml

    if not path.is_file():
        return None
    try:
        return Expected.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as error:
        raise UserError(f"{path} is no YAML: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UserError(f"{path}: `{where}` is wrong: {first['msg']}.") from error
