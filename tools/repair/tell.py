"""Repairs in words."""

from collections.abc import Sequence

from tools.notebook.model import Repair
from tools.plan.model import Change


def told(repairs: Sequence[Repair]) -> str:
    """Return how many repairs were made, and which: `2 named repairs in 5 statements (pandas-append, pandas-ix)`.

    Args:
        repairs: Of a notebook; at least one.
    """
    codes = list(dict.fromkeys(repair.code for repair in repairs))
    statements = len({repair.statement for repair in repairs})
    named = f"{len(codes)} named repair{'s' if len(codes) > 1 else ''}"
    return f"{named} in {statements} statement{'s' if statements > 1 else ''} ({', '.join(codes)})"


def baseline(repairs: Sequence[Repair]) -> str:
    """Return the sentence that says what a proof after repairs is a proof of.

    Args:
        repairs: Of the notebook; at least one.
    """
    return (
        f"The notebook as written does not run here: the baseline is the notebook after {told(repairs)}. "
        "The user's file is unchanged"
    )


def changes(repairs: Sequence[Repair]) -> tuple[Change, ...]:
    """Return one change to review for each named repair.

    Args:
        repairs: Of a notebook.
    """
    found: dict[str, list[Repair]] = {}
    for repair in repairs:
        found.setdefault(repair.code, []).append(repair)
    return tuple(
        Change(
            kind="repair",
            message=f"Repair `{code}` ({same[0].release}) in "
            f"{', '.join(dict.fromkeys(r.statement for r in same))}: {same[0].reason}. Evidence: {same[0].evidence}.",
            statement=same[0].statement,
        )
        for code, same in found.items()
    )
