"""Pass: `print` becomes a structlog event with fields; each argument is still evaluated once, in its place."""

import ast
import keyword
import re
from collections.abc import Sequence

import libcst as cst

from tools.analysis.knowledge.load import snake_case
from tools.numbering import numbered
from tools.transform.purity import pure

_RESERVED = {"event", "level", "timestamp", "logger", "exc_info", "stack_info", "self"}
MAX_WORDS = 6


def print_to_log(module: cst.Module, logger: str = "log") -> cst.Module:
    """Replace the calls of `print` that stand as statements.

    Args:
        module: Code of a function or class.
        logger: Name of the module's logger.
    """
    return module.visit(_Printer(logger))


class _Printer(cst.CSTTransformer):
    def __init__(self, logger: str) -> None:
        self.logger = logger

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        return updated_node.with_changes(body=self.logged(updated_node.body))

    def leave_SimpleStatementSuite(  # noqa: N802
        self, original_node: cst.SimpleStatementSuite, updated_node: cst.SimpleStatementSuite
    ) -> cst.SimpleStatementSuite:
        return updated_node.with_changes(body=self.logged(updated_node.body))

    def logged(self, line: Sequence[cst.BaseSmallStatement]) -> list[cst.BaseSmallStatement]:
        """Return the statements of one line; `pass` where nothing is left of it."""
        body: list[cst.BaseSmallStatement] = []
        for small in line:
            if isinstance(small, cst.Expr) and _is_print(small.value):
                event = log_call(small.value, self.logger)
                if event is not None:
                    body.append(small.with_changes(value=event))
                continue
            body.append(small)
        return body or [cst.Pass()]


def _is_print(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in ("print", "display")


def log_call(call: cst.BaseExpression, logger: str = "log") -> cst.Call | None:
    """Return `log.info("event", field=value, …)` for a call of print; None for one that prints nothing."""
    assert isinstance(call, cst.Call)
    words: list[str] = []
    values: list[tuple[str, cst.BaseExpression]] = []
    for argument in call.args:
        if argument.keyword is not None:
            if not _harmless(argument.value):
                values.append((argument.keyword.value, argument.value))
            continue
        if argument.star:
            values.append(("values", argument.value if _is_plain(argument.value) else _listed(argument.value)))
            continue
        _collect(argument.value, words, values)
    if not words and not values:
        return None
    event = _event(words) or (f"{_field(values[0][1])}_shown" if values else "progress")
    used: set[str] = set(_RESERVED)
    arguments = [cst.Arg(cst.SimpleString(f'"{event}"'))]
    for label, value in values:
        name = _unique(label or _field(value), used)
        arguments.append(
            cst.Arg(
                value, keyword=cst.Name(name), equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
            )
        )
    separated = [
        a.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))) if i < len(arguments) - 1 else a
        for i, a in enumerate(arguments)
    ]
    return cst.Call(cst.Attribute(cst.Name(logger), cst.Name("info")), separated)


def _collect(node: cst.BaseExpression, words: list[str], values: list[tuple[str, cst.BaseExpression]]) -> None:
    """Split what is printed into words of the label and values."""
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        words.append(value if isinstance(value, str) else "")
    elif isinstance(node, cst.ConcatenatedString):
        _collect(node.left, words, values)
        _collect(node.right, words, values)
    elif isinstance(node, cst.FormattedString):
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                words.append(part.value)
            elif isinstance(part, cst.FormattedStringExpression):
                values.append((_last_label(words), part.expression))
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo) and _text(node.left):
        words.append(_text(node.left))
        if isinstance(node.right, cst.Tuple):
            values += [("", element.value) for element in node.right.elements]
        else:
            values.append(("", node.right))
    elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add) and _mentions_text(node):
        _collect(node.left, words, values)
        _collect(node.right, words, values)
    elif _is_format(node):
        assert isinstance(node, cst.Call)
        assert isinstance(node.func, cst.Attribute)
        words.append(_text(node.func.value))
        values += [("" if a.keyword is None else a.keyword.value, a.value) for a in node.args if not a.star]
    elif (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Name)
        and node.func.value == "str"
        and len(node.args) == 1
    ):
        values.append((_last_label(words), node.args[0].value))
    elif (
        isinstance(node, cst.BinaryOperation)
        and isinstance(node.operator, cst.Multiply)
        and (_text(node.left) or _text(node.right))
        and _harmless(node)
    ):
        return
    else:
        values.append((_last_label(words), node))


def _harmless(node: cst.BaseExpression) -> bool:
    """Tell whether leaving an expression out changes nothing."""
    return pure(ast.parse(cst.Module([]).code_for_node(node).strip(), mode="eval"))


def _is_plain(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.List, cst.Tuple, cst.ListComp, cst.Dict, cst.Set))


def _listed(node: cst.BaseExpression) -> cst.Call:
    """Return `list(…)` of what `*` would take apart: an iterator is used up, as printing it does."""
    return cst.Call(cst.Name("list"), [cst.Arg(node)])


def _is_format(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "format"
        and bool(_text(node.func.value))
    )


def _mentions_text(node: cst.BinaryOperation) -> bool:
    return any(
        isinstance(side, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString))
        or (isinstance(side, cst.BinaryOperation) and _mentions_text(side))
        for side in (node.left, node.right)
    )


def _text(node: cst.BaseExpression) -> str:
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        value = node.evaluated_value
        return value if isinstance(value, str) else ""
    return ""


def _last_label(words: Sequence[str]) -> str:
    """Return the label right in front of a value: `test` of `", test: "`."""
    if not words:
        return ""
    text = re.sub(r"%[-\d.]*[a-z]|\{[^}]*\}", " ", words[-1])
    tail = re.split(r"[,;|.()]\s*|\s{2,}|\n", text.strip().rstrip(":=- "))[-1]
    name = snake_case(tail)
    return name if name.isidentifier() and len(name.split("_")) <= 3 and not name[0].isdigit() else ""


def _event(words: Sequence[str]) -> str:
    text = re.sub(r"%[-\d.]*[a-z]%?|\{[^}]*\}|[=\-*#]{3,}", " ", " ".join(words))
    found = [w for w in snake_case(text).split("_") if w and not w.isdigit()]
    name = "_".join(found[:MAX_WORDS])
    return name[:60] if name.isascii() else ""


def _field(node: cst.BaseExpression) -> str:
    """Return a field name for an expression: its last name."""
    if isinstance(node, cst.Name):
        return snake_case(node.value)
    if isinstance(node, cst.Attribute):
        return snake_case(node.attr.value)
    if isinstance(node, cst.Call):
        if (
            isinstance(node.func, cst.Name)
            and node.func.value in ("len", "round", "int", "float", "list")
            and node.args
        ):
            inner = _field(node.args[0].value)
            return f"{inner}_count" if node.func.value == "len" else inner
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in ("item", "mean", "round", "get", "format"):
            return _field(node.func.value)
        return _field(node.func)
    if isinstance(node, cst.Subscript):
        return _field(node.value)
    if isinstance(node, (cst.BinaryOperation, cst.Comparison)):
        return _field(node.left)
    return "value"


def _unique(label: str, used: set[str]) -> str:
    base = label if label.isidentifier() and not keyword.iskeyword(label) and label.isascii() else "value"
    name = numbered(base, used.__contains__)
    used.add(name)
    return name
