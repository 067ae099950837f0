"""What chat models were asked and proposed, as rows of reports and summaries."""

from graph.improvement import Improvement
from graph.mended import REPAIR, Mending
from tools.checks.model import STEPS
from tools.report.model import ModelRow, ProposalRow
from tools.team.steps import AGENT_OF


def model_rows(found: Improvement, mending: Mending | None = None) -> tuple[ModelRow, ...]:
    """Return a row for each agent on whose behalf a chat model was asked, in the order of the steps.

    Args:
        found: Of a run.
        mending: Of the same run; agents that edit come last.
    """
    rows = []
    for step in STEPS:
        asked = [a for a in found.asked if a.step == step and a.calls]
        if not asked:
            continue
        costs = [a.usd for a in asked]
        known = [cost for cost in costs if cost is not None]
        rows.append(
            ModelRow(
                agent=AGENT_OF[step],
                model=asked[-1].model,
                questions=len(asked),
                calls=sum(a.calls for a in asked),
                input_tokens=sum(a.input_tokens for a in asked),
                output_tokens=sum(a.output_tokens for a in asked),
                usd=round(sum(known), 6) if len(known) == len(costs) else None,
                estimated=any(a.estimated for a in asked),
                problem=asked[-1].problem,
            )
        )
    return (*rows, *_works(mending or Mending()))


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


def _works(found: Mending) -> list[ModelRow]:
    rows = []
    for name in dict.fromkeys(work.work for work in found.works if work.calls):
        works = [work for work in found.works if work.work == name]
        known = [work.usd for work in works if work.usd is not None]
        rows.append(
            ModelRow(
                agent=_agent(name),
                model=works[-1].model,
                questions=len(works),
                calls=sum(work.calls for work in works),
                input_tokens=sum(work.input_tokens for work in works),
                output_tokens=sum(work.output_tokens for work in works),
                usd=round(sum(known), 6) if len(known) == len(works) else None,
                estimated=any(work.estimated for work in works),
                problem=works[-1].problem,
            )
        )
    return rows


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
