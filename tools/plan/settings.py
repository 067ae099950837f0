"""Settings: the constants of kept statements as keys of configs/default.yaml."""

import ast
from collections.abc import Sequence
from pathlib import PurePosixPath

from tools.analysis.hyperparameters import annotation_of
from tools.analysis.model import Hyperparameter, NotebookFacts
from tools.plan.model import Change, Setting

_ORDER = ("", "data", "preprocessing", "model", "training", "evaluation")


def find_settings(facts: NotebookFacts, kept: frozenset[str]) -> tuple[Setting, ...]:
    """Return the settings of the kept statements, by section; equal keys are one setting with several places."""
    found: dict[str, Setting] = {}
    for item in facts.hyperparameters:
        if item.statement not in kept:
            continue
        key = f"{item.section}.{item.key}" if item.section else item.key
        value = _configured_value(item)
        old = found.get(key)
        if old is not None and old.value != value:
            continue
        places = (*(old.places if old else ()), (item.statement, item.span))
        cell = item.statement.partition(".")[0]
        comment = f"{cell}: {item.comment}" if item.comment else cell
        found[key] = Setting(
            key=key,
            value=value,
            annotation=_annotation(item, value),
            places=places,
            variable=(old.variable if old else "") or item.variable,
            comment=old.comment if old else comment,
        )
    return tuple(sorted(_without_conflicts(found), key=lambda s: _ORDER.index(_section(s.key))))


def literal(setting: Setting) -> object:
    """Return the value of a setting; its source where it is no literal."""
    try:
        return ast.literal_eval(setting.value)
    except (ValueError, SyntaxError):
        return setting.value


def added_settings(settings: Sequence[Setting]) -> tuple[tuple[Setting, ...], tuple[Change, ...]]:
    """Return the settings that the package adds, and the changes to be reviewed."""
    keys = {setting.key for setting in settings}
    added: list[Setting] = []
    changes: list[Change] = []
    if "seed" not in keys:
        added.append(
            Setting(key="seed", value="42", annotation="int", comment="added: the notebook sets none", added=True)
        )
        changes.append(Change(kind="seed", message="The package sets a seed (`seed`); the notebook sets none."))
    added.append(Setting(key="training.output_dir", value="'artifacts'", annotation="str", added=True))
    added.append(
        Setting(
            key="evaluation.metrics_path", value="'${training.output_dir}/metrics.json'", annotation="str", added=True
        )
    )
    return tuple(added), tuple(changes)


def data_files(facts: NotebookFacts, kept: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return (path in the package, path of the source) of the files that kept statements read.

    A file named by a literal moves to where its setting says; one whose path is computed stays where it was.
    """
    sources = [s for s in facts.data_sources if s.kind == "file" and s.exists and s.statement in kept]
    found: dict[str, str] = {package_path(s.path): s.path for s in sources if s.span}
    literal = {PurePosixPath(s.path).name for s in sources if s.span}
    for identifier in facts.order:
        for path in _reads(facts, identifier) if identifier in kept else ():
            pure = PurePosixPath(path)
            if pure.name not in literal and not pure.is_absolute() and ".." not in pure.parts:
                found.setdefault(path, path)
    return tuple(sorted(found.items()))


def package_path(path: str) -> str:
    """Return where a file of the notebook lies in the package: as it was in a folder below it, else in `data/`."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or len([p for p in pure.parts if p != "."]) == 1:
        return f"data/{pure.name}"
    return pure.as_posix()


def _reads(facts: NotebookFacts, identifier: str) -> tuple[str, ...]:
    traced = facts.trace.statements.get(identifier)
    return tuple(path for path in (traced.reads if traced else ()) if path in facts.trace.input_files)


def _configured_value(item: Hyperparameter) -> str:
    if item.kind == "path" and item.section == "data":
        return repr(package_path(str(ast.literal_eval(item.value)))) if item.key.startswith("path") else item.value
    return item.value


def _annotation(item: Hyperparameter, value: str) -> str:
    return annotation_of(ast.literal_eval(value)) or item.annotation


def _section(key: str) -> str:
    head = key.partition(".")[0]
    return head if head in _ORDER and "." in key else ""


def _without_conflicts(found: dict[str, Setting]) -> list[Setting]:
    """Leave out a setting whose key is the section of another (`model.svc` beside `model.svc.C`)."""
    return [s for key, s in found.items() if not any(other.startswith(key + ".") for other in found)]
