"""Widening: what a difference between notebook and package teaches the next plan. Constraints are only ever added.

The ladder, each rung tried only when the ones above it add nothing new:

1. keep the dropped statement that was found to cause the difference, and those before the first different value that
   touch what it depends on: a variable, a generator, or process state that was taken to change only what is shown;
2. keep every statement that is not display only;
3. keep the author's functions where they were, as closures of the function that uses them;
4. save what evaluation takes, instead of computing it again;
5. put all statements of the experiment into one function.

The first rung is tried in the first rounds only (`NEAR_ATTEMPTS`), so that a budget of eight attempts reaches the last.
There are finitely many constraints, so the loop ends.
"""

from collections.abc import Sequence

from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic
from tools.plan.model import Constraint, ExtractionPlan

EVALUATE = "evaluate"
"""Code of the diagnostic that says that evaluation alone does not repeat the metrics."""
NEAR_ATTEMPTS = 3
"""The last attempt of the extraction that keeps single statements; from then on whole rungs are taken."""


def widen(
    facts: NotebookFacts,
    plan: ExtractionPlan,
    diagnostics: Sequence[Diagnostic],
    known: Sequence[Constraint],
    attempt: int = 1,
) -> tuple[Constraint, ...]:
    """Return new constraints for the errors that sent the extraction back; none when the ladder has ended.

    Args:
        facts: Of the notebook.
        plan: That was found wanting.
        diagnostics: Errors of step `extract`.
        known: Constraints in force.
        attempt: Of the extraction, from 1.
    """
    errors = [d for d in diagnostics if d.severity == "error"]
    if not errors:
        return ()
    rungs = (_near, _everything, _closures, _inputs, _one_function)
    for rung in rungs if attempt <= NEAR_ATTEMPTS else rungs[1:]:
        found = tuple(c for c in rung(facts, plan, errors) if not _known(c, known))
        if found:
            return found
    return ()


def _known(constraint: Constraint, known: Sequence[Constraint]) -> bool:
    return any(c.kind == constraint.kind and c.target == constraint.target for c in known)


def _near(facts: NotebookFacts, plan: ExtractionPlan, errors: Sequence[Diagnostic]) -> list[Constraint]:
    kept = set(plan.order)
    found: list[Constraint] = []
    for error in errors:
        if error.statement not in facts.statements:
            continue
        touched, sources = _inputs_of(facts, error.statement)
        for identifier in facts.order[: facts.order.index(error.statement) + 1]:
            statement = facts.statements[identifier]
            if identifier in kept or statement.kind == "import":
                continue
            names = {*statement.defines, *statement.mutates, *(f"<{g}>" for g in statement.draws)}
            shared = sorted(names & touched)
            if identifier == error.statement:
                reason = f"the slice without it gave other values ({error.message})"
            elif shared:
                reason = f"changes `{shared[0]}`, on which {error.statement} depends ({error.message})"
            elif identifier in sources:
                state = sources[identifier]
                reason = f"changes the state `{state}`, on which {error.statement} depends ({error.message})"
            else:
                continue
            found.append(Constraint(kind="keep", target=identifier, reason=reason))
    return found


def _inputs_of(facts: NotebookFacts, identifier: str) -> tuple[set[str], dict[str, str]]:
    """Return the variables and generators that a statement depends on, and what set the process state, transitively."""
    seen: set[str] = set()
    todo = [identifier]
    names: set[str] = set()
    sources: dict[str, str] = {}
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        statement = facts.statements[current]
        names |= {*statement.reads, *statement.mutates, *(f"<{g}>" for g in statement.draws)}
        todo += [use.source for use in statement.uses if use.source in facts.statements]
        sources |= {use.source: use.variable.strip("<>") for use in statement.uses if use.kind == "state"}
    return names, sources


def _everything(facts: NotebookFacts, plan: ExtractionPlan, errors: Sequence[Diagnostic]) -> list[Constraint]:
    return [Constraint(kind="keep-all", reason=f"the slice gave other values ({errors[0].message})")]


def _closures(facts: NotebookFacts, plan: ExtractionPlan, errors: Sequence[Diagnostic]) -> list[Constraint]:
    reason = f"moved to module level it gave other values ({errors[0].message})"
    return [Constraint(kind="nest", target=f.name, reason=reason) for f in plan.functions if f.kind == "author"]


def _inputs(facts: NotebookFacts, plan: ExtractionPlan, errors: Sequence[Diagnostic]) -> list[Constraint]:
    return [Constraint(kind="save-inputs", reason=f"evaluation did not repeat the metrics ({errors[0].message})")]


def _one_function(facts: NotebookFacts, plan: ExtractionPlan, errors: Sequence[Diagnostic]) -> list[Constraint]:
    return [Constraint(kind="one-function", reason=f"cut into functions it gave other values ({errors[0].message})")]
