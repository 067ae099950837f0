"""Qualified names of what a statement calls, through imports and the classes of variables."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tools.analysis.model import Import
from tools.trace.model import Trace

_CONSTANTS = {
    ast.List: "builtins.list",
    ast.Dict: "builtins.dict",
    ast.Set: "builtins.set",
    ast.Tuple: "builtins.tuple",
}
_RESULTS = {
    "pandas.read_": "pandas.DataFrame",
    "pandas.concat": "pandas.DataFrame",
    "pandas.merge": "pandas.DataFrame",
    "pandas.get_dummies": "pandas.DataFrame",
    "numpy.array": "numpy.ndarray",
    "sklearn.pipeline.make_pipeline": "sklearn.pipeline.Pipeline",
    "sklearn.compose.make_column_transformer": "sklearn.compose.ColumnTransformer",
    "torch.from_numpy": "torch.Tensor",
    "torch.tensor": "torch.Tensor",
}


_CONVENTIONS = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "sns": "seaborn",
    "tf": "tensorflow",
    "sm": "statsmodels.api",
    "torch": "torch",
    "nn": "torch.nn",
    "px": "plotly.express",
    "sklearn": "sklearn",
    "cv2": "cv2",
    "joblib": "joblib",
    "pickle": "pickle",
    "json": "json",
    "os": "os",
    "warnings": "warnings",
    "xgb": "xgboost",
    "lgb": "lightgbm",
    "keras": "keras",
    "optim": "torch.optim",
    "F": "torch.nn.functional",
}
"""What a name that nothing binds stands for by convention: an import that was left out or run elsewhere."""


@dataclass
class Call:
    """One call in a statement.

    Attributes:
        node: The call.
        name: Qualified name: `sklearn.svm.SVC`, `sklearn.svm.SVC.fit`, `builtins.print`, `__main__.helper`;
            `?.fit` where only the method is known.
        nested: It stands in the body of a function, lambda or class that the statement defines.
        looped: It stands in a loop or a comprehension.
    """

    node: ast.Call
    name: str
    nested: bool = False
    looped: bool = False


@dataclass
class Classes:
    """The class of each variable as far as it is known, updated statement by statement in run order."""

    imports: Mapping[str, Import]
    own: frozenset[str]
    known: dict[str, str] = field(default_factory=dict)

    def name_of(self, node: ast.expr) -> str:
        """Return the qualified name that an expression stands for: a module, function or class; empty if none."""
        if isinstance(node, ast.Name):
            if node.id in self.known:
                return ""
            found = self.imports.get(node.id)
            if found:
                return f"{found.module}.{found.attribute}" if found.attribute else self._module(found)
            if node.id in self.own:
                return f"__main__.{node.id}"
            return _CONVENTIONS.get(node.id) or f"builtins.{node.id}"
        if isinstance(node, ast.Attribute):
            base = self.name_of(node.value)
            return f"{base}.{node.attr}" if base and not base.startswith("builtins.") else ""
        return ""

    def class_of(self, node: ast.expr) -> str:
        """Return the qualified class of an expression's value; empty where it is not known."""
        if isinstance(node, ast.Name):
            return self.known.get(node.id, "")
        if isinstance(node, ast.Call):
            return self._result(node)
        if isinstance(node, ast.Subscript):
            base = self.class_of(node.value)
            if base == "pandas.DataFrame":
                whole = isinstance(node.slice, ast.List) or not isinstance(node.slice, ast.Constant)
                return "pandas.DataFrame" if whole else "pandas.Series"
            return ""
        if isinstance(node, ast.Attribute):
            base = self.class_of(node.value)
            if base.startswith("pandas."):
                return {"loc": base, "iloc": base, "T": base, "values": "numpy.ndarray"}.get(node.attr, "pandas.Series")
            return ""
        return next((name for kind, name in _CONSTANTS.items() if isinstance(node, kind)), "")

    def call_name(self, call: ast.Call) -> str:
        """Return the qualified name of what a call calls."""
        name = self.name_of(call.func)
        if name:
            return name
        if isinstance(call.func, ast.Attribute):
            receiver = self.class_of(call.func.value)
            return f"{receiver or '?'}.{call.func.attr}"
        return "?"

    def assign(self, node: ast.stmt) -> None:
        """Take up what an assignment says of the classes of its targets."""
        for part in ast.walk(node):
            if isinstance(part, ast.Assign):
                for target in part.targets:
                    self._bind(target, part.value)
            elif isinstance(part, ast.AnnAssign) and part.value is not None:
                self._bind(part.target, part.value)
            elif isinstance(part, (ast.For, ast.comprehension)):
                self._bind(part.target, None)
            elif isinstance(part, ast.withitem) and part.optional_vars is not None:
                self._bind(part.optional_vars, part.context_expr)

    def _bind(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.known[target.id] = self.class_of(value) if value is not None else ""
        elif isinstance(target, (ast.Tuple, ast.List)):
            pairs: Sequence[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                pairs = value.elts
            for part, item in zip(target.elts, pairs, strict=True):
                self._bind(part, item)
        elif isinstance(target, ast.Starred):
            self._bind(target.value, None)

    def _result(self, call: ast.Call) -> str:
        name = self.call_name(call)
        for prefix, result in _RESULTS.items():
            if name.startswith(prefix):
                return result
        last = name.rsplit(".", 1)[-1]
        if last[:1].isupper() or name.startswith("statsmodels.formula.api."):
            return name
        base = name.rpartition(".")[0]
        if last in ("fit", "set_params", "to", "copy", "train", "eval", "cuda", "cpu"):
            return base if base != "?" else ""
        if base == "pandas.DataFrame":
            return base if last not in ("value_counts", "sum", "mean", "isnull", "nunique") else "pandas.Series"
        return ""

    def _module(self, found: Import) -> str:
        return (
            found.module
            if found.name == found.module or "." not in found.module or found.name != found.module.split(".")[0]
            else found.name
        )


def calls_by_statement(
    trees: Mapping[str, ast.Module], order: Sequence[str], imports: Sequence[Import], trace: Trace
) -> dict[str, tuple[Call, ...]]:
    """Return the calls of each statement, in source order, with the classes of variables as they are at that point.

    Args:
        trees: Parsed code by statement id.
        order: Ids in run order.
        imports: Names bound by imports.
        trace: Of the run: classes that it saw win over those inferred.
    """
    own = frozenset(
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )
    classes = Classes({found.name: found for found in imports}, own)
    calls: dict[str, tuple[Call, ...]] = {}
    for identifier in order:
        statement = trees[identifier].body[0]
        calls[identifier] = tuple(_calls(statement, classes, nested=False, looped=False))
        classes.assign(statement)
        traced = trace.statements.get(identifier)
        for name, value in (traced.bound if traced else {}).items():
            if name not in classes.imports and value.type not in ("builtins.type", "builtins.function"):
                classes.known[name] = value.type
    return calls


def _calls(node: ast.AST, classes: Classes, nested: bool, looped: bool) -> list[Call]:
    found: list[Call] = []
    inner_nested = nested or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda))
    inner_looped = looped or isinstance(
        node, (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    )
    for child in ast.iter_child_nodes(node):
        found += _calls(child, classes, inner_nested, inner_looped)
        if isinstance(child, ast.stmt) and (inner_nested or inner_looped):
            classes.assign(child)
    if isinstance(node, ast.Call):
        found.append(Call(node, classes.call_name(node), nested, looped))
    return found
