"""Edits of agents as data: applied to whatever a step's policy writes, so that files made anew keep them."""

from collections.abc import Mapping, Sequence

from agents.toolbox.model import Edit
from tools.checks.model import Step
from tools.frozen import Frozen
from tools.render.layout import formatted


class Patch(Frozen):
    """The edits of one agent at work.

    Attributes:
        edits: In order.
        told: The agent's last words.
    """

    edits: tuple[Edit, ...]
    told: str = ""


def with_patches(files: Mapping[str, str], patches: Sequence[Patch], step: Step) -> tuple[dict[str, str], int]:
    """Return files with the edits in them, and how many edits no longer fit.

    Args:
        files: As a step's policy gives them.
        patches: In order.
        step: The files that an agent made are made again after the step whose kind they are.
    """
    changed = dict(files)
    lost = 0
    for edit in (edit for patch in patches for edit in patch.edits):
        if not edit.old and edit.path not in files:
            if step == step_of(edit.path):
                changed[edit.path] = _ended(edit.new)
        elif edit.path in changed:
            found = changed[edit.path].count(edit.old) if edit.old else 0
            if found == 1:
                changed[edit.path] = changed[edit.path].replace(edit.old, edit.new)
            elif edit.new not in changed[edit.path]:
                lost += 1
    touched = {path: text for path, text in changed.items() if files.get(path) != text}
    return {**changed, **formatted(touched)} if touched else changed, lost


def step_of(path: str) -> Step:
    """Return the step after which a file is made again that an agent made."""
    return "test" if path.startswith("tests/") else "harden" if path.startswith("src/") else "pipeline-config"


def _ended(text: str) -> str:
    return text if text.endswith("\n") else f"{text}\n"
