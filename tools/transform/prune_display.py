"""Pass: what only shows something goes: a bare name, `df.head()`, `plt.show()`, a print at the top of a function."""

import ast
from collections.abc import Collection, Sequence

import libcst as cst

from tools.transform.purity import shown_effects

_SHOWING = {"head", "tail", "info", "describe", "show", "summary", "display"}
_PRINTING = ("print", "display")


def prune_display(
    module: cst.Module, prints: bool, known: Collection[str] = (), wanted: Collection[str] = ()
) -> cst.Module:
    """Drop display statements from the body of a function.

    Args:
        module: The body.
        prints: Also drop prints that stand at the top level of the body; what their arguments do is still done.
        known: Variables that are known to hold an object of a library, of which `summary()` and the like only show.
        wanted: Statements at the top level of the body that stay whatever they do, as `ast.dump` has them.
    """
    kept: list[cst.CSTNode] = []
    for statement in module.body:
        if wanted and _dumped(statement) in wanted:
            kept.append(statement)
        elif prints and _is_print(statement):
            kept += _done_by(statement)
        elif not _shows(statement, known):
            kept.append(statement)
    return module.with_changes(body=kept).visit(_Inner(known))


class _Inner(cst.CSTTransformer):
    """Drops `plt.show()` and bare names inside blocks; a block that is left empty gets `pass`.

    In a `try` or `with`, an expression may stand there because it can raise: it stays.
    """

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self.guards = 0

    def visit_Try(self, node: cst.Try) -> None:  # noqa: N802
        self.guards += 1

    def leave_Try(self, original_node: cst.Try, updated_node: cst.Try) -> cst.Try:  # noqa: N802
        self.guards -= 1
        return updated_node

    def visit_TryStar(self, node: cst.TryStar) -> None:  # noqa: N802
        self.guards += 1

    def leave_TryStar(self, original_node: cst.TryStar, updated_node: cst.TryStar) -> cst.TryStar:  # noqa: N802
        self.guards -= 1
        return updated_node

    def visit_With(self, node: cst.With) -> None:  # noqa: N802
        self.guards += 1

    def leave_With(self, original_node: cst.With, updated_node: cst.With) -> cst.With:  # noqa: N802
        self.guards -= 1
        return updated_node

    def leave_IndentedBlock(  # noqa: N802
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        drops = _shows_figure if self.guards else self.shows
        kept: Sequence[cst.BaseStatement] = [s for s in updated_node.body if not drops(s)]
        return updated_node.with_changes(body=kept or [cst.SimpleStatementLine([cst.Pass()])])

    def leave_SimpleStatementSuite(  # noqa: N802
        self, original_node: cst.SimpleStatementSuite, updated_node: cst.SimpleStatementSuite
    ) -> cst.SimpleStatementSuite:
        drops = _shows_figure if self.guards else self.shows
        if not drops(cst.SimpleStatementLine(updated_node.body)):
            return updated_node
        return updated_node.with_changes(body=[cst.Pass()])

    def shows(self, statement: cst.CSTNode) -> bool:
        return _shows(statement, self.known)


def _expression(statement: cst.CSTNode) -> cst.BaseExpression | None:
    """Return the expression that a statement consists of; None where it is something else."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return None
    small = statement.body[0]
    return small.value if isinstance(small, cst.Expr) else None


def _dumped(statement: cst.CSTNode) -> str:
    return ast.dump(ast.parse(cst.Module([]).code_for_node(statement)).body[0])


def _is_print(statement: cst.CSTNode) -> bool:
    value = _expression(statement)
    return isinstance(value, cst.Call) and isinstance(value.func, cst.Name) and value.func.value in _PRINTING


def _done_by(statement: cst.CSTNode) -> list[cst.CSTNode]:
    """Return statements that do what the arguments of a print do."""
    value = _expression(statement)
    assert value is not None
    call = ast.parse(cst.Module([]).code_for_node(value).strip(), mode="eval").body
    assert isinstance(call, ast.Call)
    return [cst.parse_statement(text) for text in shown_effects(call)]


def _shows_figure(statement: cst.CSTNode) -> bool:
    value = _expression(statement)
    return (
        isinstance(value, cst.Call)
        and isinstance(value.func, cst.Attribute)
        and isinstance(value.func.value, cst.Name)
        and (value.func.value.value, value.func.attr.value) == ("plt", "show")
    )


def _shows(statement: cst.CSTNode, known: Collection[str]) -> bool:
    value = _expression(statement)
    if isinstance(value, (cst.Name, cst.Integer, cst.Float)) or _shows_figure(statement):
        return True
    if isinstance(value, cst.Attribute):
        return isinstance(value.value, cst.Name)
    return (
        isinstance(value, cst.Call)
        and isinstance(value.func, cst.Attribute)
        and isinstance(value.func.value, cst.Name)
        and value.func.value.value in known
        and value.func.attr.value in _SHOWING
        and not value.args
    )
