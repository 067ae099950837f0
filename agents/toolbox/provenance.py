"""Tell which statements of the notebook a line of the package comes from, and what is known of them."""

from pydantic import Field

from agents.toolbox.model import Bench, RefusedError, Tool
from agents.toolbox.sharing import text_of
from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.report.provenance import places_of

MOST = 8


class Provenance(Frozen):
    """Of which line."""

    path: str = Field(description="Path in the repository.")
    line: int = Field(ge=1, description="Line, from 1.")


def provenance(bench: Bench, asked: Provenance) -> str:
    """Return the statements that a line comes from: their code, roles, what they read and bind.

    Raises:
        RefusedError: If the notebook's facts are not known, or the file may not be read.
    """
    text_of(bench, asked.path)
    if bench.facts is None or bench.plan is None:
        raise RefusedError("the facts of the notebook are not known here")
    places = places_of(bench.facts, bench.plan, bench.tree)
    found = [
        (place.end_line - place.line, identifier)
        for identifier, some in places.items()
        for place in some
        if place.file == asked.path and place.line <= asked.line <= place.end_line
    ]
    if not found:
        return f"no statement of the notebook is known for {asked.path}:{asked.line}: the program wrote it"
    reasons = {decision.statement: decision.reason for decision in bench.plan.decisions}
    code = {statement.id: statement.code for statement in bench.facts.notebook.statements()}
    told = []
    for _, identifier in sorted(found)[:MOST]:
        reason = f"\nkept: {reasons[identifier]}" if reasons.get(identifier) else ""
        told.append(f"{identifier} {_roles(bench.facts, identifier)}\n{code[identifier][:1500]}{reason}")
    return "\n\n".join(told)


def _roles(facts: NotebookFacts, identifier: str) -> str:
    statement = facts.statements[identifier]
    parts = [f"roles {', '.join(statement.roles)}"] if statement.roles else []
    parts += [f"defines {', '.join(statement.defines)}"] if statement.defines else []
    return f"({'; '.join(parts)})" if parts else ""


PROVENANCE = Tool(
    "facts",
    "Show the statements of the notebook that a line comes from, and what is known of them.",
    Provenance,
    provenance,
)
