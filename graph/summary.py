"""The result of a run for programs: the one object that `--json` prints (design, section 7)."""

from typing import Any

from graph.approval import question
from graph.budget import Spent
from graph.chat_rows import model_rows, proposal_rows
from graph.comparing import mutation_score as score_of
from graph.improvement import Improvement
from graph.state import RunState
from tools.errors import ExitCode
from tools.team.model import TeamFiles


def exit_code(state: RunState) -> ExitCode:
    """Return the exit code that tells how a run ended."""
    if state.get("awaiting"):
        return ExitCode.WAITING
    verdict = state.get("verdict")
    if verdict == "verified":
        return ExitCode.VERIFIED
    if verdict == "unproven":
        return ExitCode.UNPROVEN
    return ExitCode.BUDGET if state.get("budget_ended") else ExitCode.FAILED


def result_object(state: RunState) -> dict[str, Any]:
    """Return the result as one JSON-able object."""
    equivalence = state.get("equivalence")
    spent = state.get("spent") or Spent()
    team = state.get("team") or TeamFiles()
    improvement = state.get("improvement") or Improvement()
    mending = state.get("mending")
    models = model_rows(improvement, mending)
    return {
        "verdict": state.get("verdict"),
        "reason": state.get("reason", ""),
        "out": state["out"],
        "waiting": question(state) if state.get("awaiting") else None,
        "answers": [answer.model_dump() for answer in state.get("answers", [])],
        "thread_id": state["thread_id"],
        "steps": [
            {"name": name, "attempts": step.attempts, "seconds": step.seconds, "summary": step.summary}
            for name, step in state.get("steps", {}).items()
        ],
        "checks": [
            {"name": check.name, "status": check.status, "seconds": round(check.seconds, 2), "summary": check.summary}
            for check in state.get("checks", [])
        ],
        "repairs": [repair.model_dump() for repair in state.get("repairs", [])],
        "equivalence": {
            "status": equivalence.status if equivalence else "unproven",
            "compared": equivalence.compared if equivalence else 0,
            "equal": equivalence.equal if equivalence else 0,
            "tolerance": equivalence.tolerance if equivalence else "0",
            "differences": [found.message for found in equivalence.differences] if equivalence else [],
        },
        "metrics": {
            "notebook": equivalence.metrics_notebook if equivalence else {},
            "package": equivalence.metrics_package if equivalence else {},
        },
        "mutation_score": mutation_score(state),
        "budget": {
            "spent": {
                "seconds": round(spent.total_seconds(), 1),
                "rounds": state.get("rounds", 0),
                "tokens": spent.total_tokens(),
                "usd": spent.total_usd(),
            },
            "limit": team.config.budget.model_dump(),
            "by_step": spent.by_node(),
        },
        **({"models": [row.model_dump() for row in models]} if models else {}),
        **({"proposals": [row.model_dump() for row in proposal_rows(improvement, mending)]} if models else {}),
        "diagnostics": [found.model_dump() for found in state.get("diagnostics", [])],
        "seconds": {name: round(seconds, 2) for name, seconds in spent.seconds.items()},
    }


def mutation_score(state: RunState) -> float | None:
    """Return the share of mutants that the generated tests killed; None where it was not measured."""
    return score_of(state.get("checks", []))
