"""What chat models were asked and proposed, as rows of reports and summaries."""

from collections.abc import Sequence

from graph.improvement import Asked, Improvement
from graph.mended import REPAIR, AgentWork, Mending
from tools.checks.model import STEPS
from tools.report.model import ModelRow, ProposalRow
from tools.team.steps import AGENT_OF


def model_rows(found: Improvement, mending: Mending | None = None) -> tuple[ModelRow, ...]:
    """Return a row for each agent on whose behalf a chat model was asked, in the order of the steps.

    Args:
        found: Of a run.
        mending: Of the same run; agents that edit come last.
    """
    works = (mending or Mending()).works
    rows: list[tuple[str, Sequence[Asked | AgentWork]]] = [
        *((AGENT_OF[step], [a for a in found.asked if a.step == step and a.calls]) for step in STEPS),
        *((_agent(n), [w for w in works if w.work == n]) for n in dict.fromkeys(w.work for w in works if w.calls)),
    ]
    return tuple(_row(agent, costs) for agent, costs in rows if costs)


def proposal_rows(found: Improvement, mending: Mending | None = None) -> tuple[ProposalRow, ...]:
    """Return a row for each proposal that was tried or refused, and for the edits of each agent at work.

    Args:
        found: Of a run.
        mending: Of the same run.
    """
    proposals = [
        ProposalRow(agent=AGENT_OF[p.step], proposal=p.told, status=p.status, reason=p.reason) for p in found.proposals
    ]
    patches = (mending or Mending()).patches
    edits = [ProposalRow(agent=_agent(p.work), proposal=p.told, status=p.status, reason=p.reason) for p in patches]
    return (*proposals, *edits)


def _row(agent: str, asked: Sequence[Asked | AgentWork]) -> ModelRow:
    """Return what an agent's questions or works cost together; unknown dollars make the sum unknown."""
    known = [one.usd for one in asked if one.usd is not None]
    return ModelRow(
        agent=agent,
        model=asked[-1].model,
        questions=len(asked),
        calls=sum(one.calls for one in asked),
        input_tokens=sum(one.input_tokens for one in asked),
        output_tokens=sum(one.output_tokens for one in asked),
        usd=round(sum(known), 6) if len(known) == len(asked) else None,
        estimated=any(one.estimated for one in asked),
        problem=asked[-1].problem,
    )


def _agent(work: str) -> str:
    return "reviewer: repair" if work == REPAIR else f"build: {work}"


def chat_line(found: Improvement, mending: Mending | None = None) -> str:
    """Return what chat models gave and cost, in one line; empty where none was asked.

    Args:
        found: Of a run.
        mending: Of the same run.
    """
    rows = model_rows(found, mending)
    if not rows:
        return found.silent
    counts = {
        status: sum(row.status == status for row in proposal_rows(found, mending))
        for status in ("accepted", "rejected", "refused")
    }
    told = ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "none"
    usd = [row.usd for row in rows]
    cost = "price unknown" if None in usd else f"${sum(cost or 0.0 for cost in usd):.4f}"
    tokens = sum(row.input_tokens + row.output_tokens for row in rows)
    line = f"proposals: {told}; {tokens} tokens, {cost}"
    return f"{line}; {found.silent}" if found.silent else line
