"""What a reviewer of the notebook should know. One function a finding; the registry is `FINDINGS`."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.analysis.knowledge.load import is_transformer
from tools.analysis.model import Metric, StatementFacts, Warning_
from tools.analysis.qualified import Call
from tools.notebook.model import Notebook
from tools.trace.model import Trace

_KEY = re.compile(
    r"(?i)(?:api_?key|secret|token|passw(?:or)?d)\w*[\"']?\s*\]?\s*[:=]\s*[\"'](?P<value>[^\"'\s]{8,})[\"']"
)
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


def leakage(seen: Seen) -> Iterator[Warning_]:
    """A transformer is fitted, or rows are resampled, on data that is split only later."""
    splits = [i for i in seen.order for c in seen.calls[i] if c.name.endswith(".train_test_split")]
    if not splits:
        return
    before = set(seen.order[: seen.order.index(splits[0])])
    for identifier in seen.order:
        for call in seen.calls[identifier]:
            base, _, method = call.name.rpartition(".")
            if identifier in before and method in ("fit", "fit_transform", "fit_resample") and is_transformer(base):
                if base.endswith(("LabelEncoder", "LabelBinarizer")):
                    continue
                message = (
                    f"`{ast.unparse(call.node.func)}` learns from all rows before {splits[0]} splits them: leakage"
                )
                yield Warning_(code="leakage", message=message, statement=identifier)


def training_metric(seen: Seen) -> Iterator[Warning_]:
    """A metric is computed on the rows that the model was trained on."""
    for metric in seen.metrics:
        if metric.name.startswith("train_"):
            yield Warning_(
                code="metric-on-training-data",
                message=f"{metric.name} is computed on training rows",
                statement=metric.statement,
            )


def hidden_state(seen: Seen) -> Iterator[Warning_]:
    """Cells were executed out of order, or some never."""
    counts = [cell.execution_count for cell in seen.notebook.cells if cell.execution_count is not None]
    if counts != sorted(counts):
        yield Warning_(code="hidden-state", message="the saved execution counts are not in document order")


def unseeded(seen: Seen) -> Iterator[Warning_]:
    """A global generator is drawn from that nobody seeded."""
    told: set[str] = set()
    for identifier in seen.order:
        facts = seen.facts[identifier]
        for name in facts.draws:
            seeded = any(u.variable == f"<{name}>" for u in facts.uses)
            if name not in told and not seeded:
                told.add(name)
                message = f"draws from the generator of {name}, which is not seeded: figures differ from run to run"
                yield Warning_(code="unseeded", message=message, statement=identifier)


def absolute_paths(seen: Seen) -> Iterator[Warning_]:
    """A path only exists on its author's machine."""
    for identifier in seen.order:
        for node in ast.walk(seen.trees[identifier]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ABSOLUTE.match(node.value):
                yield Warning_(code="absolute-path", message=f"absolute path {node.value!r}", statement=identifier)


def credentials(seen: Seen) -> Iterator[Warning_]:
    """A key or password stands in the code."""
    for statement in seen.notebook.statements():
        if _KEY.search(statement.code):
            yield Warning_(
                code="credential",
                message="a key or password stands in the code: take it from an environment variable",
                statement=statement.id,
            )


def unparsable(seen: Seen) -> Iterator[Warning_]:
    """A cell does not parse and is left out."""
    for cell in seen.notebook.cells:
        if cell.error:
            yield Warning_(code="unparsable-cell", message=cell.error)


def opaque(seen: Seen) -> Iterator[Warning_]:
    """Code that is not known before it runs."""
    for identifier in seen.order:
        if seen.facts[identifier].opaque:
            message = "runs code that cannot be read beforehand (exec, eval, globals): kept whole"
            yield Warning_(code="opaque", message=message, statement=identifier)


def disagreement(seen: Seen) -> Iterator[Warning_]:
    """The run saw a change that the code does not show; the union is kept."""
    for identifier in seen.order:
        traced = seen.trace.statements.get(identifier)
        hidden = sorted(set(traced.mutated) - set(seen.facts[identifier].mutates)) if traced else []
        if hidden:
            message = f"the run changed {', '.join(f'`{n}`' for n in hidden)} in place, which its code does not show"
            yield Warning_(code="disagreement", message=message, statement=identifier)


def not_run(seen: Seen) -> Iterator[Warning_]:
    """The notebook was not run, or not to its end."""
    if seen.trace.status == "failed" and seen.trace.error:
        error = seen.trace.error
        message = f"the notebook stops at {error.statement}: {error.kind}: {error.message}"
        yield Warning_(code="not-run", message=message, statement=error.statement)
    elif seen.trace.status == "not run":
        yield Warning_(code="not-run", message="the notebook was not run: types, shapes and effects are not known")


FINDINGS: tuple[Callable[[Seen], Iterator[Warning_]], ...] = (
    not_run,
    unparsable,
    leakage,
    training_metric,
    hidden_state,
    unseeded,
    absolute_paths,
    credentials,
    opaque,
    disagreement,
)


def find_warnings(seen: Seen) -> tuple[Warning_, ...]:
    """Return all findings, in the order of the registry."""
    return tuple(found for finding in FINDINGS for found in finding(seen))
