"""The numbers by which a notebook judges its models, wherever they are computed, printed or shown."""

import ast
import re
from collections.abc import Mapping, Sequence

from tools.analysis.judged import Judged
from tools.analysis.knowledge.load import first_known, knowledge, snake_case
from tools.analysis.literals import span_of
from tools.analysis.metric_expressions import (
    ATTRIBUTES,
    METRIC_NAME,
    SPELLED,
    by_hand,
    collected,
    holder,
    label_of,
    on_training_rows,
    outermost,
    reduces,
)
from tools.analysis.metric_names import unique_names
from tools.analysis.model import Metric, ModelUse, StatementFacts
from tools.analysis.qualified import Call
from tools.trace.model import Trace

_TIMING = re.compile(r"time|second|elapsed|duration|runtime|start|end|size|count|importance")
_SHOWING = ("builtins.print", "builtins.display", "IPython.display.display", "builtins.format")


def find_metrics(
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    facts: Mapping[str, StatementFacts],
    calls: Mapping[str, Sequence[Call]],
    models: Sequence[ModelUse],
    trace: Trace,
) -> tuple[Metric, ...]:
    """Return the metrics in order of computation, names unique within each model.

    Args:
        trees: Parsed code by statement id.
        order: Ids in run order.
        facts: With roles, by statement id.
        calls: Resolved calls by statement id.
        models: Of the notebook.
        trace: Of the run.
    """
    search = _Search(trees, order, facts, calls, models, trace)
    for identifier in order:
        search.statement(identifier, calls[identifier])
    return unique_names(search.found, search.labels)


class _Search:
    def __init__(
        self,
        trees: Mapping[str, ast.Module],
        order: Sequence[str],
        facts: Mapping[str, StatementFacts],
        calls: Mapping[str, Sequence[Call]],
        models: Sequence[ModelUse],
        trace: Trace,
    ) -> None:
        self.trees = trees
        self.facts = facts
        self.trace = trace
        self.judged = Judged(trees, order, facts, models)
        self.found: list[Metric] = []
        self.labels: list[str] = []
        self.judges: dict[str, str] = {}
        self.keepers: dict[str, str] = {}
        self.shown = {
            part.id
            for identifier in order
            for call in calls[identifier]
            if call.name in _SHOWING or call.name.endswith(".format")
            for part in ast.walk(call.node)
            if isinstance(part, ast.Name)
        } | {part.id for i in order if isinstance(part := getattr(trees[i].body[0], "value", None), ast.Name)}

    def statement(self, identifier: str, calls: Sequence[Call]) -> None:
        node = self.trees[identifier].body[0]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.judge(node, calls)
            return
        if isinstance(node, ast.ClassDef):
            return
        parents = {child: parent for parent in ast.walk(node) for child in ast.iter_child_nodes(parent)}
        taken: set[ast.AST] = set()
        for call in calls:
            function = self.function_of(call)
            if function and not call.nested:
                self.metric(identifier, node, call, function, parents, taken)
            self.kept(identifier, call)
        self.attributes(identifier, node, parents, taken)
        if not taken:
            self.hand(identifier, node, calls, parents)
        self.judged.bind(identifier, node)

    def judge(self, node: ast.FunctionDef | ast.AsyncFunctionDef, calls: Sequence[Call]) -> None:
        """A function of the author's that computes metrics: it returns them, or keeps them in a container."""
        known = [c.name for c in calls if c.name in knowledge().metrics or c.name.endswith(".score")]
        hand = [e for p in ast.walk(node) if isinstance(p, ast.Return) and p.value for e in by_hand(p.value)]
        returns = any(isinstance(p, ast.Return) and p.value is not None for p in ast.walk(node))
        named = METRIC_NAME.search(node.name.lower())
        if returns and (known or hand or named):
            self.judges[node.name] = known[0] if known else ""
        elif known:
            stores = [p for p in ast.walk(node) if isinstance(p, ast.Subscript) and isinstance(p.ctx, ast.Store)]
            names = [p.value.id for p in stores if isinstance(p.value, ast.Name)]
            appended = [
                c.node.func.value.id
                for c in calls
                if isinstance(c.node.func, ast.Attribute)
                and c.node.func.attr == "append"
                and isinstance(c.node.func.value, ast.Name)
            ]
            local = {p.id for p in ast.walk(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}
            for name in (*names, *appended):
                if name not in local:
                    self.keepers[node.name] = name

    def function_of(self, call: Call) -> str:
        if call.name in knowledge().metrics or call.name in knowledge().texts:
            return call.name
        base, _, method = call.name.rpartition(".")
        if base == "__main__" and method in self.judges:
            return call.name
        given = len(call.node.args) + len(call.node.keywords)
        foreign = base.startswith(("numpy", "pandas", "__main__"))
        if method == "score" and given >= 1 and not foreign:
            return call.name
        if method == "evaluate" and given >= 1 and isinstance(call.node.func, ast.Attribute) and not foreign:
            return call.name
        return ""

    def metric(
        self,
        identifier: str,
        node: ast.stmt,
        call: Call,
        function: str,
        parents: Mapping[ast.AST, ast.AST],
        taken: set[ast.AST],
    ) -> None:
        top = outermost(call.node, parents)
        if top in taken or not isinstance(top, ast.expr):
            return
        taken.add(top)
        text = function in knowledge().texts
        parent = parents.get(top)
        tuple_target = isinstance(parent, ast.Assign) and not isinstance(parent.targets[0], (ast.Name, ast.Subscript))
        variable = holder(top, parents, node)
        looped = call.looped and not variable
        model = self.judged.model_of(identifier, call.node)
        if isinstance(parent, ast.Assign) and parent.value is top and top is call.node:
            parts = self.unpacked(identifier, parent.targets[0])
            for part, number in parts:
                self.part(identifier, node, function, model, part, number)
            if parts:
                return
        name, better = self.name_of(function, top, variable, model)
        if on_training_rows(call.node):
            name = f"train_{name}"
        value = self.value(identifier, variable)
        many = function.endswith(("cross_val_score", ".evaluate")) and top is call.node
        several = looped or many or tuple_target or (bool(variable) and collected(top, parents))
        own = function.startswith("__main__.") and value is None and self.trace.status != "not run"
        self.add(
            Metric(
                name=name,
                model=model,
                statement=identifier,
                variable=variable,
                span=None if variable else span_of(top),
                looped=looped,
                function=function,
                kind="text" if text else "numbers" if several or own else "number",
                higher_is_better=better,
                value=value,
            ),
            snake_case(variable) or label_of(top, parents),
        )

    def unpacked(self, identifier: str, target: ast.expr) -> list[tuple[str, float | None]]:
        """Return the names of `loss, acc = evaluate(...)` that hold a number each, with it where the run showed it."""
        if not isinstance(target, (ast.Tuple, ast.List)) or not all(isinstance(e, ast.Name) for e in target.elts):
            return []
        names = [e.id for e in target.elts if isinstance(e, ast.Name) and e.id != "_"]
        traced = identifier in self.trace.statements
        found = [(name, self.value(identifier, name)) for name in names]
        return [(n, v) for n, v in found if (v is not None if traced else METRIC_NAME.search(n.lower()))]

    def part(
        self, identifier: str, node: ast.stmt, function: str, model: str, variable: str, value: float | None
    ) -> None:
        """One of the numbers that a call gives at once, held by a variable of its own."""
        name = snake_case(variable)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            name = f"last_{name}"
        low = any(word in name for word in ("loss", "error", "mse", "mae", "mape"))
        better = False if low else True if METRIC_NAME.search(variable.lower()) else None
        self.add(
            Metric(
                name=name,
                model=model,
                statement=identifier,
                variable=variable,
                function=function,
                higher_is_better=better,
                value=value,
            ),
            name,
        )

    def attributes(
        self, identifier: str, node: ast.stmt, parents: Mapping[ast.AST, ast.AST], taken: set[ast.AST]
    ) -> None:
        """`search.best_score_`, `results.rsquared`: printed, shown or assigned."""
        for part in ast.walk(node):
            if not isinstance(part, ast.Attribute) or part.attr not in ATTRIBUTES or isinstance(part.ctx, ast.Store):
                continue
            top = outermost(part, parents)
            model = self.judged.model_of(identifier, part)
            if top in taken or not isinstance(top, ast.expr) or not model:
                continue
            taken.add(top)
            variable = holder(top, parents, node)
            name, better = ATTRIBUTES[part.attr]
            looped = isinstance(node, (ast.For, ast.While)) and not variable
            several = looped or (bool(variable) and collected(top, parents))
            self.add(
                Metric(
                    name=name,
                    model=model,
                    statement=identifier,
                    variable=variable,
                    span=None if variable else span_of(top),
                    looped=looped,
                    kind="numbers" if several else "number",
                    higher_is_better=better,
                    value=self.value(identifier, variable),
                ),
                snake_case(variable) or label_of(top, parents),
            )

    def kept(self, identifier: str, call: Call) -> None:
        """A call of a function that keeps metrics in a container: the container holds them afterwards."""
        base, _, method = call.name.rpartition(".")
        if base != "__main__" or method not in self.keepers or call.nested:
            return
        model = self.judged.model_of(identifier, call.node)
        variable = self.keepers[method]
        self.add(
            Metric(name=snake_case(variable), model=model, statement=identifier, variable=variable, kind="numbers")
        )

    def hand(self, identifier: str, node: ast.stmt, calls: Sequence[Call], parents: Mapping[ast.AST, ast.AST]) -> None:
        """Numbers computed by hand: under the name of a metric, or judged and then shown."""
        facts = self.facts[identifier]
        if isinstance(node, (ast.For, ast.While, ast.With)):
            self.training_loop(identifier, node, calls)
        elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            value = self.value(identifier, name)
            match = METRIC_NAME.search(name.lower())
            reduced = any(True for _ in by_hand(node.value)) or reduces(node.value)
            numeric = value is not None if self.trace.status == "ran" else reduced
            shown = name in self.shown and facts.roles[0] == "evaluate" and not _TIMING.search(name.lower())
            if numeric and reduced and self.judged.after_training(identifier) and (match or shown):
                found = SPELLED.get(match[1], match[1]) if match else snake_case(name)
                self.hand_metric(identifier, node.value, found, name, value)
        elif isinstance(node, ast.Expr) and (facts.roles[0] == "evaluate" or any(c.name in _SHOWING for c in calls)):
            for part in by_hand(node.value):
                top = outermost(part, parents)
                if isinstance(top, ast.expr) and self.judged.after_training(identifier):
                    self.hand_metric(identifier, top, label_of(top, parents) or "accuracy", "", None)

    def hand_metric(self, identifier: str, node: ast.expr, name: str, variable: str, value: float | None) -> None:
        low = "loss" in name or "error" in name or name.startswith(("rmse", "mse", "mae", "mape", "mdape"))
        high = any(word in name for word in ("accuracy", "r2", "auc", "f1", "recall", "precision"))
        self.add(
            Metric(
                name=name,
                model=self.judged.model_of(identifier, node),
                statement=identifier,
                variable=variable,
                span=None if variable else span_of(node),
                higher_is_better=True if high else False if low else None,
                value=value,
            ),
            snake_case(variable),
        )

    def training_loop(self, identifier: str, node: ast.stmt, calls: Sequence[Call]) -> None:
        """What a training or test loop leaves in a variable that is shown: its loss or accuracy."""
        bound = {p.id for p in ast.walk(node) if isinstance(p, ast.Name) and isinstance(p.ctx, ast.Store)}
        printed = {
            p.id
            for c in calls
            if c.name in _SHOWING or c.name.endswith(".format")
            for p in ast.walk(c.node)
            if isinstance(p, ast.Name)
        }
        if not {"train", "evaluate"} & set(self.facts[identifier].roles):
            return
        for name in sorted(bound & (printed | self.shown)):
            match = METRIC_NAME.search(name.lower())
            traced = self.trace.statements.get(identifier)
            if match and (traced is None or self.value(identifier, name) is not None):
                found = SPELLED.get(match[1], match[1])
                self.hand_metric(identifier, ast.Name(name), found, name, self.value(identifier, name))

    def name_of(self, function: str, top: ast.AST, variable: str, model: str) -> tuple[str, bool | None]:
        """Return the name of a metric and whether more is better."""
        base, _, bare = function.rpartition(".")
        known = first_known([function]) or first_known([self.judges.get(bare, "")])
        if base == "__main__":
            return snake_case(variable) or snake_case(bare), known[1][1] if known else None
        name, better = known[1] if known else (snake_case(bare), None)
        text = ast.unparse(top)
        if name == "mse" and ("sqrt" in text or "** 0.5" in text or "** (1 / 2)" in text or "squared=False" in text):
            return "rmse", False
        if bare == "score":
            match = METRIC_NAME.search(variable.lower())
            if match and SPELLED.get(match[1], match[1]) != "score":
                return SPELLED.get(match[1], match[1]), True
            return self.judged.score_name(model), True
        if bare == "evaluate":
            match = METRIC_NAME.search(variable.lower())
            return (SPELLED.get(match[1], match[1]) if match else "evaluation"), None
        return name, better

    def value(self, identifier: str, variable: str) -> float | None:
        traced = self.trace.statements.get(identifier)
        if traced is None:
            return None
        if variable:
            found = traced.bound.get(variable)
            return found.number if found else None
        return traced.result.number if traced.result else None

    def add(self, metric: Metric, label: str = "") -> None:
        self.found.append(metric)
        self.labels.append(label)
