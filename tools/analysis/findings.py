"""What a reviewer of the notebook should know. One function a finding; the registry is `FINDINGS`."""

import ast
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tools.analysis.knowledge.load import is_transformer
from tools.analysis.lineage import upstream
from tools.analysis.model import Metric, ModelUse, NotebookWarning, StatementFacts
from tools.analysis.qualified import Call
from tools.analysis.undefined import undefined_names
from tools.notebook.model import Cell, Notebook
from tools.trace.model import Trace

_KEY = re.compile(
    r"(?i)(?:api_?key|secret|token|passw(?:or)?d)\w*[\"']?\s*\]?\s*[:=]\s*[\"'](?P<value>[^\"'\s]{8,})[\"']"
)
_TOKEN = re.compile(
    r"AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30,}|hf_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{30,}|AIza[0-9A-Za-z_-]{35}|"
    r"xox[abp]-[0-9A-Za-z-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@\"']+:[^/\s:@\"'{}]{3,}@"
)
_HARMLESS = ("LabelEncoder", "LabelBinarizer", "FunctionTransformer", "Normalizer", "Binarizer")
_SEEDERS = {
    "numpy": ("numpy.random.seed",),
    "random": ("random.seed",),
    "torch": ("torch.manual_seed", "torch.random.manual_seed"),
    "tensorflow": (
        "tensorflow.random.set_seed",
        "tensorflow.set_random_seed",
        "tensorflow.keras.utils.set_random_seed",
    ),
}
_ABSOLUTE = re.compile(r"^(?:/(?:home|Users|content|kaggle|mnt|data|root|tmp)/|[A-Za-z]:[\\/])")


@dataclass(frozen=True)
class Seen:
    """What the findings look at."""

    notebook: Notebook
    trace: Trace
    trees: Mapping[str, ast.Module]
    order: Sequence[str]
    facts: Mapping[str, StatementFacts]
    calls: Mapping[str, Sequence[Call]]
    metrics: Sequence[Metric]
    models: Sequence[ModelUse]


def leakage(seen: Seen) -> Iterator[NotebookWarning]:
    """A transformer is fitted, or rows are resampled, on data that is split only later."""
    splits = [i for i in seen.order for c in seen.calls[i] if c.name.endswith(".train_test_split") and not c.nested]
    if not splits:
        return
    first = splits[0]
    reaching = upstream(seen.order, seen.facts, [first])
    for identifier in seen.order[: seen.order.index(first)]:
        for call in seen.calls[identifier]:
            base, _, method = call.name.rpartition(".")
            learns = method in ("fit", "fit_transform", "fit_resample", "fit_sample") and is_transformer(base)
            if not learns or call.nested or identifier not in reaching or base.endswith(_HARMLESS):
                continue
            what = "resamples" if "resample" in method or "sample" in method else "learns from"
            message = f"`{ast.unparse(call.node.func)}` {what} all rows before {first} splits them: leakage"
            yield NotebookWarning(code="leakage", message=message, statement=identifier)
    for identifier in splits:
        for call in seen.calls[identifier]:
            if call.name.endswith(".train_test_split"):
                inner = [c for c in ast.walk(call.node) if isinstance(c, ast.Call) and c is not call.node]
                if any(isinstance(c.func, ast.Attribute) and c.func.attr == "fit_transform" for c in inner):
                    message = "a transformer learns from all rows in the very call that splits them: leakage"
                    yield NotebookWarning(code="leakage", message=message, statement=identifier)


def target_in_features(seen: Seen) -> Iterator[NotebookWarning]:
    """The column that is predicted is still among the features that the model is fitted on."""
    columns = {
        name: value.columns
        for identifier in seen.order
        if (traced := seen.trace.statements.get(identifier))
        for name, value in {**traced.bound, **traced.mutated}.items()
        if value.columns
    }
    targets: dict[str, tuple[str, str]] = {}
    bound: dict[str, int] = {}
    since: dict[str, int] = {}
    for number, identifier in enumerate(seen.order):
        node = seen.trees[identifier].body[0]
        bound.update(dict.fromkeys((*seen.facts[identifier].defines, *seen.facts[identifier].mutates), number))
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            frame, column = _column(node.value)
            if column:
                targets[node.targets[0].id] = (frame, column)
                since[node.targets[0].id] = number
        for call in seen.calls[identifier]:
            if not call.name.endswith((".train_test_split", ".fit")) or len(call.node.args) < 2:
                continue
            features, target = call.node.args[0], call.node.args[1]
            frame, column = _column(target)
            if not column and isinstance(target, ast.Name):
                frame, column = targets.get(target.id, ("", ""))
            name = features.id if isinstance(features, ast.Name) else ""
            read = since.get(target.id, number) if isinstance(target, ast.Name) else number
            same = bool(frame) and name == frame and bound.get(name, -1) <= read
            known = {c for c, _ in columns.get(name, ())}
            if column and (column in known if known else same):
                message = f"the target `{column}` is still among the columns of `{name}` that the model is fitted on"
                yield NotebookWarning(code="target-in-features", message=message, statement=identifier)


def training_metric(seen: Seen) -> Iterator[NotebookWarning]:
    """A model is judged on the rows that it was trained on, and on no others."""
    held_out = {metric.model for metric in seen.metrics if not metric.name.startswith("train_")}
    fitted = {(m.name, m.features) for m in seen.models if m.features}
    told: set[str] = set()
    for metric in seen.metrics:
        if metric.statement in told:
            continue
        if metric.name.startswith("train_"):
            told.add(metric.statement)
            alone = "" if metric.model in held_out else ", and nothing is computed on others"
            yield NotebookWarning(
                code="metric-on-training-data",
                message=f"{metric.name.removeprefix('train_')} is computed on the rows used for training{alone}",
                statement=metric.statement,
            )
        elif metric.function.endswith(".score"):
            for call in seen.calls[metric.statement]:
                given = tuple(ast.unparse(a) for a in call.node.args[:2])
                if call.name == metric.function and (metric.model, given) in fitted and metric.statement not in told:
                    told.add(metric.statement)
                    message = f"`{ast.unparse(call.node)}` judges the model on the rows that it was fitted on"
                    yield NotebookWarning(code="metric-on-training-data", message=message, statement=metric.statement)


def hidden_state(seen: Seen) -> Iterator[NotebookWarning]:
    """Cells were executed out of order, or read what only a later or a deleted cell defines."""
    counts = [cell.execution_count for cell in seen.notebook.cells if cell.execution_count is not None]
    if counts != sorted(counts):
        cell = next(
            (
                c.index
                for c, later in pairwise(_counted(seen))
                if (c.execution_count or 0) > (later.execution_count or 0)
            ),
            0,
        )
        message = f"the saved execution counts are not in document order (after cell c{cell})"
        yield NotebookWarning(code="hidden-state", message=message)
    document = [s.id for s in seen.notebook.statements()]
    defined: set[str] = set()
    where: dict[str, str] = {}
    for identifier in document:
        for name in seen.facts[identifier].defines if identifier in seen.facts else ():
            where.setdefault(name, identifier)
    for identifier in document:
        if identifier not in seen.facts:
            continue
        facts = seen.facts[identifier]
        early = sorted(n for n in facts.own_reads if n in where and n not in defined and where[n] != identifier)
        for name in early:
            message = f"`{name}` is read before {where[name]} defines it in document order"
            yield NotebookWarning(code="hidden-state", message=message, statement=identifier)
        defined.update(facts.defines)


def undefined(seen: Seen) -> Iterator[NotebookWarning]:
    """A name is read that no cell defines; a notebook that was seen to run has none."""
    if seen.trace.status == "ran":
        return
    lost = [str(cell.index) for cell in seen.notebook.cells if cell.error]
    which = "cell " if len(lost) == 1 else "cells "
    hint = f"; {which}{', '.join(lost)} could not be read and may have defined it" if lost else ""
    for name, identifier in undefined_names(seen.notebook.statements()):
        message = f"reads `{name}`, which nothing defines{hint}"
        yield NotebookWarning(code="undefined-name", message=message, statement=identifier)


def unseeded(seen: Seen) -> Iterator[NotebookWarning]:
    """A global generator is drawn from that nobody seeded before."""
    told: set[str] = set()
    seeded: set[str] = set()
    for identifier in seen.order:
        facts = seen.facts[identifier]
        traced = seen.trace.statements.get(identifier)
        seeded.update(traced.seeds if traced else ())
        for call in seen.calls[identifier]:
            for name, seeders in _SEEDERS.items():
                if call.name in seeders and (call.node.args or call.node.keywords):
                    seeded.add(name)
        for name in facts.draws:
            if name not in told and name not in seeded:
                told.add(name)
                message = f"draws from the generator of {name}, which is not seeded: figures differ from run to run"
                yield NotebookWarning(code="unseeded", message=message, statement=identifier)


def absolute_paths(seen: Seen) -> Iterator[NotebookWarning]:
    """A path only exists on its author's machine."""
    for identifier in seen.order:
        for node in ast.walk(seen.trees[identifier]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ABSOLUTE.match(node.value):
                message = (
                    f"{node.value[:200]!r} exists on its author's machine only: use a path relative to the notebook"
                )
                yield NotebookWarning(code="absolute-path", message=message, statement=identifier)


def credentials(seen: Seen) -> Iterator[NotebookWarning]:
    """A key or password stands in the code: by what it is called, by the form of known keys, or by its randomness."""
    for statement in seen.notebook.statements():
        for secret in seen.notebook.secrets:
            if secret.cell == statement.cell and secret.name in statement.code:
                message = (
                    f"a key or password ({secret.kind}) stands in the code: "
                    f"the package reads it from {secret.name} instead"
                )
                yield NotebookWarning(code="credential", message=message, statement=statement.id)
        named = [m["value"] for m in _KEY.finditer(statement.code)]
        if _TOKEN.search(statement.code) or any(_random(value) or _password(statement.code, value) for value in named):
            yield NotebookWarning(
                code="credential",
                message="a key or password stands in the code: take it from an environment variable",
                statement=statement.id,
            )


def _random(text: str) -> bool:
    """Tell whether a text looks drawn at random: many different characters, letters and digits mixed."""
    counts = Counter(text)
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return entropy > 3.0 and any(c.isdigit() for c in text) and any(c.isalpha() for c in text)


def _password(code: str, value: str) -> bool:
    low = value.lower()
    placeholder = any(word in low for word in ("your", "xxxx", "example", "<", "****", "enter", "change", "password"))
    return "passw" in code.lower() and not placeholder


def _column(node: ast.expr) -> tuple[str, str]:
    """Return frame and column of `df["y"]` or `df.y`; empty where it is neither."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and isinstance(node.slice, ast.Constant):
        return node.value.id, str(node.slice.value)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id, node.attr
    return "", ""


def _counted(seen: Seen) -> list[Cell]:
    return [cell for cell in seen.notebook.cells if cell.execution_count is not None]


def unparsable(seen: Seen) -> Iterator[NotebookWarning]:
    """A cell does not parse and is left out."""
    for cell in seen.notebook.cells:
        if cell.error:
            yield NotebookWarning(code="unparsable-cell", message=cell.error)


def opaque(seen: Seen) -> Iterator[NotebookWarning]:
    """Code that is not known before it runs."""
    for identifier in seen.order:
        if seen.facts[identifier].opaque:
            message = "runs code that cannot be read beforehand (exec, eval, globals): kept whole"
            yield NotebookWarning(code="opaque", message=message, statement=identifier)


def disagreement(seen: Seen) -> Iterator[NotebookWarning]:
    """The run saw a change that the code does not show; the union is kept."""
    for identifier in seen.order:
        traced = seen.trace.statements.get(identifier)
        hidden = sorted(set(traced.mutated) - set(seen.facts[identifier].mutates)) if traced else []
        if hidden:
            message = f"the run changed {', '.join(f'`{n}`' for n in hidden)} in place, which its code does not show"
            yield NotebookWarning(code="disagreement", message=message, statement=identifier)


def not_run(seen: Seen) -> Iterator[NotebookWarning]:
    """The notebook was not run, or not to its end."""
    if seen.trace.status == "failed" and seen.trace.error:
        error = seen.trace.error
        message = f"the notebook stops at {error.statement}: {error.kind}: {error.message}"
        yield NotebookWarning(code="not-run", message=message, statement=error.statement)
    elif seen.trace.status == "not run":
        yield NotebookWarning(
            code="not-run", message="the notebook was not run: types, shapes and effects are not known"
        )


FINDINGS: tuple[Callable[[Seen], Iterator[NotebookWarning]], ...] = (
    not_run,
    unparsable,
    leakage,
    target_in_features,
    training_metric,
    hidden_state,
    undefined,
    unseeded,
    absolute_paths,
    credentials,
    opaque,
    disagreement,
)


def find_warnings(seen: Seen) -> tuple[NotebookWarning, ...]:
    """Return all findings, in the order of the registry."""
    return tuple(found for finding in FINDINGS for found in finding(seen))
