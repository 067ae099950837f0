"""The numbers by which a notebook judges its models, wherever they are computed, printed or shown."""

import ast
import re
from collections.abc import Mapping, Sequence

from tools.analysis.knowledge.load import first_known, knowledge, snake_case
from tools.analysis.model import Metric, ModelUse, Span
from tools.analysis.qualified import Call
from tools.trace.model import Trace

_WRAPPING = ("round", "float", "abs", "sqrt", "mean", "item", "int", "str", "format")
_WORD = re.compile(
    r"(?:^|_)(acc|accuracy|rmse|mse|mae|mape|r2|recall|precision|f1|auc|roc_auc|score|scores|loss|error|silhouette|logloss)(?:$|_|\d)"
)
_WORD_NAMES = {"acc": "accuracy", "scores": "score"}


def find_metrics(
    trees: Mapping[str, ast.Module],
    order: Sequence[str],
    calls: Mapping[str, Sequence[Call]],
    models: Sequence[ModelUse],
    trace: Trace,
) -> tuple[Metric, ...]:
    """Return the metrics in order of computation, names unique within each model.

    Args:
        trees: Parsed code by statement id.
        order: Ids in run order.
        calls: Resolved calls by statement id.
        models: Of the notebook.
        trace: Of the run.
    """
    search = _Search(trees, order, models, trace)
    for identifier in order:
        search.statement(identifier, calls[identifier])
    return _unique(search.found)


class _Search:
    def __init__(
        self, trees: Mapping[str, ast.Module], order: Sequence[str], models: Sequence[ModelUse], trace: Trace
    ) -> None:
        self.trees = trees
        self.position = {identifier: number for number, identifier in enumerate(order)}
        self.models = models
        self.trace = trace
        self.found: list[Metric] = []
        self.judges: dict[str, str] = {}
        self.defined: dict[str, list[str]] = {}
        self.by_hand: dict[str, str] = {}

    def statement(self, identifier: str, calls: Sequence[Call]) -> None:
        node = self.trees[identifier].body[0]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            known = [c.name for c in calls if c.name in knowledge().metrics or c.name.endswith(".score")]
            returns = any(isinstance(p, ast.Return) and p.value is not None for p in ast.walk(node))
            if known and returns:
                self.judges[node.name] = known[0]
            return
        parents = {child: parent for parent in ast.walk(node) for child in ast.iter_child_nodes(parent)}
        taken: set[ast.AST] = set()
        for call in calls:
            function = self.function_of(call)
            if function and not call.nested:
                self.metric(identifier, node, call, function, parents, taken)
        self.named(identifier, node, bool(taken))
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                self.defined.setdefault(part.id, []).append(identifier)

    def function_of(self, call: Call) -> str:
        if call.name in knowledge().metrics or call.name in knowledge().texts:
            return call.name
        base, _, method = call.name.rpartition(".")
        if base == "__main__" and method in self.judges:
            return call.name
        if (
            method == "score"
            and len(call.node.args) + len(call.node.keywords) >= 1
            and not base.startswith(("numpy", "pandas"))
        ):
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
        top = _outermost(call.node, parents)
        if top in taken:
            return
        taken.add(top)
        variable = _variable(top, parents, node)
        text = function in knowledge().texts
        own = function.startswith("__main__.")
        looped = call.looped and not variable
        name = self.name_of(function, top, variable)
        names = [n.id for n in ast.walk(call.node) if isinstance(n, ast.Name)]
        if any("train" in n.lower() for n in names[1:]) and not any(
            "test" in n.lower() or "val" in n.lower() for n in names
        ):
            name = f"train_{name}"
        value = self.value(identifier, variable)
        several = (
            looped
            or _contains_many(top, parents, variable)
            or function.endswith("cross_val_score")
            and top is call.node
        )
        self.found.append(
            Metric(
                name=name,
                model=self.model_of(identifier, call.node),
                statement=identifier,
                variable=variable,
                span=None if variable else _span(top),
                looped=looped,
                function=function,
                kind="text" if text else "numbers" if several or (own and value is None) else "number",
                higher_is_better=self.direction(function),
                value=value,
            )
        )

    def named(self, identifier: str, node: ast.stmt, taken: bool) -> None:
        """Numbers computed by hand: variables with the name of a metric."""
        traced = self.trace.statements.get(identifier)
        if taken or traced is None or isinstance(node, (ast.For, ast.While)):
            return
        for name, value in traced.bound.items():
            match = _WORD.search(name.lower())
            if (
                match
                and value.number is not None
                and isinstance(node, ast.Assign)
                and not isinstance(node.value, ast.Constant)
            ):
                self.found.append(
                    Metric(
                        name=_WORD_NAMES.get(match[1], match[1]),
                        model=self.model_of(identifier, node),
                        statement=identifier,
                        variable=name,
                        value=value.number,
                    )
                )

    def name_of(self, function: str, top: ast.AST, variable: str) -> str:
        known = first_known([function]) or first_known([self.judges.get(function.removeprefix("__main__."), "")])
        if function.startswith("__main__."):
            return snake_case(variable) if variable else snake_case(function.rpartition(".")[2])
        name = known[1][0] if known else snake_case(function.rpartition(".")[2])
        text = ast.unparse(top)
        if name == "mse" and ("sqrt" in text or "** 0.5" in text or "squared=False" in text):
            return "rmse"
        if name == "score" and variable and (match := _WORD.search(variable.lower())):
            return _WORD_NAMES.get(match[1], match[1])
        return name

    def direction(self, function: str) -> bool | None:
        known = first_known([function])
        return known[1][1] if known else True if function.endswith(".score") else None

    def value(self, identifier: str, variable: str) -> float | None:
        traced = self.trace.statements.get(identifier)
        if traced is None:
            return None
        if variable:
            found = traced.bound.get(variable)
            return found.number if found else None
        return traced.result.number if traced.result else None

    def model_of(self, identifier: str, node: ast.AST) -> str:
        """Return the model that an expression judges, through the variables that it reads."""
        if len(self.models) == 1:
            return self.models[0].name
        here = self.position[identifier]
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        seen: set[str] = set()
        for _ in range(4):
            fitting = [
                m
                for m in self.models
                if m.variable in names and any(self.position.get(t, here + 1) <= here for t in m.trained)
            ]
            if fitting:
                return max(
                    fitting, key=lambda m: max(self.position[t] for t in m.trained if self.position[t] <= here)
                ).name
            seen |= names
            sources = {self.defined[n][-1] for n in names if n in self.defined}
            names = {
                n.id for s in sources for n in ast.walk(self.trees[s]) if isinstance(n, ast.Name) and n.id not in seen
            }
        return ""


def _outermost(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """Return the largest expression around a metric call that is still the number itself."""
    while True:
        parent = parents.get(node)
        if isinstance(parent, (ast.BinOp, ast.UnaryOp)):
            if isinstance(parent, ast.BinOp) and (_is_text(parent.left) or _is_text(parent.right)):
                return node
            node = parent
        elif isinstance(parent, ast.Call) and parent.func is not node and _bare(parent.func) in _WRAPPING[:7]:
            node = parent
        elif isinstance(parent, ast.Attribute) and parent.attr in ("mean", "item", "round", "std"):
            called = parents.get(parent)
            node = called if isinstance(called, ast.Call) else node
            if not isinstance(called, ast.Call):
                return node
        else:
            return node


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, (ast.JoinedStr,)) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _bare(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _variable(top: ast.AST, parents: Mapping[ast.AST, ast.AST], statement: ast.stmt) -> str:
    """Return the variable that holds the number after the statement; empty where none does."""
    node = top
    while True:
        parent = parents.get(node)
        if isinstance(parent, (ast.Dict, ast.List, ast.Tuple, ast.keyword, ast.ListComp, ast.DictComp)):
            node = parent
        elif isinstance(parent, ast.Assign) and parent.value is node:
            target = parent.targets[0]
            if isinstance(target, ast.Name):
                return target.id if parent is statement or _kept_after(parent, statement) else ""
            if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                return target.value.id
            return ""
        elif isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "append":
            return parent.func.value.id if isinstance(parent.func.value, ast.Name) else ""
        elif isinstance(parent, ast.Call) and _bare(parent.func) in ("DataFrame", "Series", "dict", "array"):
            node = parent
        else:
            return ""


def _kept_after(assignment: ast.Assign, statement: ast.stmt) -> bool:
    return not isinstance(statement, (ast.For, ast.While))


def _contains_many(top: ast.AST, parents: Mapping[ast.AST, ast.AST], variable: str) -> bool:
    if not variable:
        return False
    node: ast.AST | None = parents.get(top)
    return isinstance(node, (ast.Dict, ast.List, ast.Tuple, ast.ListComp, ast.DictComp, ast.Call, ast.keyword))


def _span(node: ast.AST) -> Span:
    assert isinstance(node, ast.expr)
    return (node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0)


def _unique(found: Sequence[Metric]) -> tuple[Metric, ...]:
    counts: dict[tuple[str, str], int] = {}
    made: list[Metric] = []
    for metric in found:
        key = (metric.model, metric.name)
        counts[key] = counts.get(key, 0) + 1
        number = counts[key]
        made.append(metric if number == 1 else metric.model_copy(update={"name": f"{metric.name}_{number}"}))
    return tuple(made)
