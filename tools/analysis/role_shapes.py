"""What the shape of a statement tells of its purpose: names on its left, attributes that it reads, literals."""

import ast
import re
from collections.abc import Collection

_TEST_WORD = re.compile(r"(?:^|_)(train|training|test|testing|val|valid|validation|holdout)(?:$|_|\d)")
_SIDE_SIZE = re.compile(
    r"(?:^|_)(?:(?:train|test|val|valid|validation)_?(?:samples?_)?(?:size|len|length|count|end|samples|idx|index)"
    r"|(?:n|num|size|len)_(?:train|test|val|valid|validation)\w*|split_?(?:idx|index|at|point|row)?)$"
)
_PLAIN_VALUE = (
    ast.Constant,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.UnaryOp,
    ast.BinOp,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)


def names_in(node: ast.AST) -> list[str]:
    """Return the names that a piece of code mentions, what shows values aside."""
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id not in ("print", "display")]


def attributes_in(node: ast.AST) -> set[str]:
    """Return the attributes that a piece of code mentions."""
    return {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)}


def is_literal(node: ast.expr) -> bool:
    """Tell whether an expression is written out: numbers, texts, and containers of them."""
    return all(isinstance(part, _PLAIN_VALUE) for part in ast.walk(node))


def imports_only(node: ast.stmt) -> bool:
    """Tell whether a statement imports, or tries to."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, (ast.Try, ast.If)):
        inner = [*node.body, *node.orelse]
        return any(imports_only(part) for part in inner) and all(
            imports_only(part) or isinstance(part, (ast.Pass, ast.Expr, ast.Assign)) for part in inner
        )
    return False


def splits_by_hand(node: ast.stmt) -> bool:
    """Tell whether an assignment takes training and test rows apart without a library.

    `X_train, X_test = X[:80], X[80:]`; `train = df[df.year < 2020]`; `test = df.drop(train.index)`.
    """
    if not isinstance(node, ast.Assign):
        return False
    target = node.targets[0]
    if isinstance(target, ast.Tuple):
        names = [name.lower() for name in names_in(target)]
        rest = any("test" in name or "val" in name for name in names)
        return rest and any("train" in name for name in names) and isinstance(node.value, (ast.Tuple, ast.Call))
    return isinstance(target, ast.Name) and bool(_TEST_WORD.search(target.id.lower())) and _some_rows(node.value)


def sizes_a_side(node: ast.stmt) -> bool:
    """Tell whether an assignment computes how many rows are for training or testing: `n_train = int(0.8 * len(df))`."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return False
    computed = any(isinstance(part, ast.Name) and part.id in ("len", "int", "round") for part in ast.walk(node.value))
    return computed and bool(_SIDE_SIZE.search(node.targets[0].id.lower()))


def makes_column(node: ast.stmt) -> bool:
    """Tell whether an assignment makes a column out of others, or of a constant."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Subscript):
        return False
    key = node.targets[0].slice
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return False
    read = {
        part.slice.value
        for part in ast.walk(node.value)
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant)
    }
    attributes = attributes_in(node.value)
    if is_literal(node.value):
        return isinstance(node.targets[0].value, ast.Name)
    return key.value not in read and key.value not in attributes and bool(read or attributes)


def sets_library(node: ast.stmt, modules: Collection[str]) -> bool:
    """Tell whether an assignment sets something of a module, such as `plt.rcParams["figure.dpi"] = 90`."""
    if not isinstance(node, ast.Assign) or isinstance(node.targets[0], (ast.Name, ast.Tuple)):
        return False
    return root_name(node.targets[0]) in modules


def root_name(node: ast.expr) -> str:
    """Return the variable that attributes, subscripts and calls start from: `a` for `a.b[0].c()`; empty for none."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def counts(node: ast.stmt) -> bool:
    """Tell whether an assignment only takes a size: `n_classes = len(labels)`, `width = X.shape[1]`."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    if isinstance(value, ast.Subscript):
        value = value.value
    sized = isinstance(value, ast.Attribute) and value.attr == "shape"
    return sized or (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "len")


def is_container(node: ast.stmt) -> bool:
    """Tell whether an assignment writes out a list, a dictionary or the like."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    return isinstance(value, (ast.List, ast.Tuple, ast.Dict, ast.Set)) and is_literal(value)


def lists_values(node: ast.stmt) -> bool:
    """Tell whether an assignment writes out values to be tried: a dictionary, a list, a comprehension over a range."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
    if isinstance(value, ast.Call):
        called = value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
        return called in ("linspace", "logspace", "geomspace", "arange", "range", "dict", "list")
    return isinstance(value, (ast.Dict, ast.List, ast.Tuple, ast.ListComp))


def learns_and_predicts(node: ast.ClassDef) -> bool:
    """Tell whether a class has the methods of a model."""
    methods = {part.name for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return "forward" in methods or ("predict" in methods and bool(methods & {"fit", "train"}))


def _some_rows(value: ast.expr) -> bool:
    """Tell whether an expression is a part of the rows of what was not taken apart before."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        method, receiver = value.func.attr, value.func.value
        keywords = {keyword.arg for keyword in value.keywords}
        if method in ("copy", "reset_index"):
            return _some_rows(receiver)
        rows = method in ("sample", "head", "tail", "take", "skip", "select") and (
            method != "sample" or "frac" in keywords or bool(value.args)
        )
        others = method == "drop" and any(isinstance(a, ast.Attribute) and a.attr == "index" for a in value.args)
        return (rows or others) and not _taken_apart(receiver)
    if not isinstance(value, ast.Subscript) or _taken_apart(value.value):
        return False
    rows_of = value.slice.elts[0] if isinstance(value.slice, ast.Tuple) and value.slice.elts else value.slice
    if isinstance(rows_of, ast.Slice):
        return rows_of.lower is not None or rows_of.upper is not None
    return isinstance(rows_of, (ast.Compare, ast.UnaryOp, ast.BoolOp)) or (
        isinstance(rows_of, ast.Name) and bool(re.search(r"idx|index|indices|mask|split", rows_of.id.lower()))
    )


def _taken_apart(value: ast.expr) -> bool:
    return any(_TEST_WORD.search(name.lower()) for name in names_in(value))


def loop_variables(node: ast.stmt) -> frozenset[str]:
    """Return the variables that the loops and comprehensions of a statement go through, its own functions included."""
    loops = [part for part in ast.walk(node) if isinstance(part, (ast.For, ast.AsyncFor, ast.comprehension))]
    return frozenset(name for part in loops for name in names_in(part.target))


def fills_columns(node: ast.stmt) -> bool:
    """Tell whether a loop or branch writes into columns, rows or entries of something."""
    targets = [t for part in ast.walk(node) if isinstance(part, ast.Assign) for t in part.targets]
    return any(isinstance(target, ast.Subscript) for target in targets)


def calls_variable(node: ast.expr) -> set[str]:
    """Return the plain names that an expression calls: `model` in `model(images).argmax(1)`."""
    return {p.func.id for p in ast.walk(node) if isinstance(p, ast.Call) and isinstance(p.func, ast.Name)}
