"""Seeding at the start of the notebook: what the package's `set_seed` does anyway needs no function of its own."""

import ast
from collections.abc import Sequence

from tools.analysis.model import NotebookFacts
from tools.plan.model import Setting

_SEEDERS = {
    "random.seed": "random",
    "numpy.random.seed": "numpy",
    "torch.manual_seed": "torch",
    "torch.random.manual_seed": "torch",
}


def leading_seeds(
    facts: NotebookFacts, order: Sequence[str], settings: Sequence[Setting]
) -> dict[str, tuple[str, ...]]:
    """Return the global generators that statements seed with the setting `seed`, where nothing ran before them.

    Args:
        facts: Of the notebook.
        order: Ids of the kept statements in run order.
        settings: Of the package.

    Returns:
        Generators by statement. A statement counts while all before it are imports, definitions, plain settings or
        seedings, so that what it does is the same at the start of the training.
    """
    seed = next((s for s in settings if s.key == "seed" and not s.added), None)
    if seed is None:
        return {}
    codes = {statement.id: statement.code for statement in facts.notebook.statements()}
    held = {i for s in settings if s.variable for i, _ in s.places if s.variable in facts.statements[i].defines}
    found: dict[str, tuple[str, ...]] = {}
    for identifier in order:
        statement = facts.statements[identifier]
        generator = _generator(facts, identifier, codes[identifier], seed)
        if generator:
            found[identifier] = (generator,)
        elif statement.kind not in ("import", "function") and identifier not in held:
            break
    return found


def _generator(facts: NotebookFacts, identifier: str, code: str, seed: Setting) -> str:
    """Return the generator that a statement seeds, where it does nothing else; else an empty string."""
    calls = facts.statements[identifier].calls
    if len(calls) != 1 or calls[0] not in _SEEDERS:
        return ""
    node = ast.parse(code).body[0]
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return ""
    named = isinstance(call.args[0], ast.Name) and call.args[0].id == seed.variable
    literal = isinstance(call.args[0], ast.Constant) and any(place == identifier for place, _ in seed.places)
    return _SEEDERS[calls[0]] if named or literal else ""
