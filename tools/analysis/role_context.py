"""What is known of a notebook while the roles of its statements are found, and what an object's making tells."""

import ast
from dataclasses import dataclass, field

from tools.analysis.model import Role, StatementFacts
from tools.analysis.role_shapes import root_name


@dataclass
class Known:
    """What is known of the notebook when the roles of a statement are asked for.

    Attributes:
        on_data: Statements downstream of loaded data.
        into_model: Statements upstream of a split or a training.
        made: Statements that make data up: drawn numbers that reach a model, frames of literals.
        roles: Of the statements before, by id.
        own: Roles of the author's own functions and classes, by name.
        modules: Names that stand for imported modules and what comes from them.
        trained: Something was trained before.
    """

    on_data: frozenset[str] = frozenset()
    into_model: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    roles: dict[str, tuple[Role, ...]] = field(default_factory=dict)
    own: dict[str, tuple[Role, ...]] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()
    trained: bool = False


def receiver(node: ast.stmt, facts: StatementFacts, known: Known) -> Role | None:
    """Return what made the object that a statement goes on with: `model = model.to(device)`, `net.head.bias = b`."""
    value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr)) else None
    start: ast.expr | None = (
        value.func if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) else None
    )
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Attribute, ast.Subscript)):
        start = node.targets[0]
    name = root_name(start) if start is not None else ""
    made = {
        known.roles.get(u.source, ("other",))[0] for u in facts.uses if u.variable == name and u.kind == "definition"
    }
    return made.pop() if len(made) == 1 else None


def going_on(node: ast.stmt, facts: StatementFacts, known: Known) -> Role:
    """Return the role of a change to an object: that of its making, else preprocessing."""
    made = receiver(node, facts, known)
    return made if made in ("define_model", "feature_engineering", "visualize") else "preprocess"


def trained_variables(facts: StatementFacts, known: Known) -> set[str]:
    """Return the variables that hold models after a training: calling one of them is predicting."""
    if not known.trained:
        return set()
    return {
        use.variable for use in facts.uses if known.roles.get(use.source, ("other",))[0] in ("train", "define_model")
    }
