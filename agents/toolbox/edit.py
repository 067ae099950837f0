"""Edit a file by exact replacement; whatever may not be changed is refused here, whatever the model was offered."""

from pydantic import Field

from agents.toolbox.model import Bench, Edit, RefusedError, Tool
from agents.toolbox.sharing import text_of
from guardrails.change_limits import beyond_limits
from guardrails.sealed_files import sealed
from guardrails.weakening import weakened
from tools.errors import UserError
from tools.frozen import Frozen

MOST_EDITS = 40
MOST_TEXT = 20_000


class Replace(Frozen):
    """What is replaced by what."""

    path: str = Field(min_length=1, description="Path in the repository.")
    old: str = Field(description="Text that stands in the file exactly once, to the blank; empty to make a new file.")
    new: str = Field(max_length=MOST_TEXT, description="What takes its place.")


def edit(bench: Bench, asked: Replace) -> str:
    """Replace a text in the tree of the bench, and keep the edit.

    Raises:
        RefusedError: If it does not fit, or a guardrail is against it.
    """
    if len(bench.edits) >= MOST_EDITS:
        raise RefusedError(f"{MOST_EDITS} edits are made: no more are taken")
    why = sealed(asked.path, list(bench.before))
    if why:
        raise RefusedError(why)
    before = bench.tree.get(asked.path, "")
    after = _replaced(bench, asked)
    try:
        bench.allowed(asked.path, after)
    except UserError as error:
        raise RefusedError(str(error)) from error
    why = weakened(asked.path, bench.before.get(asked.path, ""), after, bench.before, bench.rules.code_rules)
    if why:
        raise RefusedError(f"{asked.path} was not edited: {why}")
    tree = {**bench.tree, asked.path: after}
    over = beyond_limits(bench.before, tree, "harden", bench.rules)
    if over:
        raise RefusedError(f"{asked.path} was not edited: {over[0].message}")
    bench.tree[asked.path] = after
    bench.edits.append(Edit(path=asked.path, old=asked.old if before else "", new=asked.new))
    return f"{asked.path} is {'edited' if before else 'made'}: {after.count(chr(10))} lines"


def _replaced(bench: Bench, asked: Replace) -> str:
    if asked.path not in bench.tree:
        if asked.old:
            raise RefusedError(f"there is no file {asked.path[:120]!r}: give an empty `old` to make one")
        return asked.new if asked.new.endswith("\n") else f"{asked.new}\n"
    text = text_of(bench, asked.path)
    if not asked.old:
        raise RefusedError(f"{asked.path} is there already: say which text of it is replaced")
    count = text.count(asked.old)
    if count != 1:
        what = "does not stand" if not count else f"stands {count} times"
        raise RefusedError(f"`old` {what} in {asked.path}: give more of the lines around it, to the blank")
    if asked.old == asked.new:
        raise RefusedError("`old` and `new` are the same")
    return text.replace(asked.old, asked.new)


EDIT = Tool("edit", "Replace a text that stands in a file exactly once, or make a new file.", Replace, edit)
