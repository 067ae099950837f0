"""The hardener's questions: docstrings that say something, log events, what settings mean."""

import ast

from pydantic import Field

from agents.proposals.docstring import Docstring
from agents.proposals.log_event import LogEvent
from agents.proposals.model import Material, Proposal
from agents.specialists.model import Specialist
from agents.specialists.shown_code import generated_functions, within_room, without_docstrings
from tools.frozen import Frozen


class FunctionText(Frozen):
    """Texts of one function's docstring."""

    function: str = Field(description="As in the heading: src/data/loader.py:clean_data")
    summary: str = ""
    args: dict[str, str] = Field(default={}, description="Text by name of an argument.")
    returns: str = ""
    raises: dict[str, str] = Field(default={}, description="Text by name of an exception.")


class FunctionEvent(Frozen):
    """A log event at the end of one function."""

    function: str
    event: str = Field(description="Name in snake case.")
    fields: dict[str, str] = Field(default={}, description="Expression by name: len(x), x.shape or a plain argument.")


class SettingText(Frozen):
    """What one setting means."""

    setting: str
    description: str


class Prose(Frozen):
    """Texts and events; leave out what is good as it is."""

    docstrings: tuple[FunctionText, ...] = ()
    events: tuple[FunctionEvent, ...] = ()
    settings: tuple[SettingText, ...] = ()


def _values(material: Material, most: int) -> dict[str, object]:
    functions = generated_functions(material.plan, material.tree)
    codes = within_room([without_docstrings(text) for _, text in functions], most)
    if not functions:
        return {}
    return {
        "functions": [
            {
                "target": f"{function.module}:{function.name}",
                "author": function.kind == "author",
                "documented": _documented(text),
                "code": code,
            }
            for (function, text), code in zip(functions, codes, strict=True)
        ],
        "settings": [
            {"key": s.key, "value": s.value if len(s.value) <= 60 else f"{s.value[:60]}…", "comment": s.comment}
            for s in material.plan.settings
            if not s.added
        ],
    }


def _documented(text: str) -> str:
    """Return the first line of a docstring and the names of its entries, without what the run showed."""
    node = ast.parse(text).body[0]
    if not isinstance(node, ast.FunctionDef | ast.ClassDef):
        return ""
    lines = (ast.get_docstring(node) or "").split("\n")
    names = [
        f"{line.split(':')[0].strip()}"
        for line in lines[1:]
        if line.startswith("    ") and not line.startswith("     ") and ":" in line
    ]
    heads = [line.rstrip(":") for line in lines[1:] if line in ("Args:", "Returns:", "Raises:")]
    return "; ".join(
        filter(
            None, (lines[0], f"entries: {', '.join(names)}" if names else "", "Returns" if "Returns" in heads else "")
        )
    )


def _proposals(answer: Prose) -> tuple[Proposal, ...]:
    found = []
    for text in answer.docstrings:
        value = Docstring(summary=text.summary, args=text.args, returns=text.returns, raises=text.raises)
        found.append(Proposal(kind="docstring", target=text.function, value=value.model_dump_json()))
    for event in answer.events:
        made = LogEvent(event=event.event, fields=event.fields)
        found.append(Proposal(kind="log-event", target=event.function, value=made.model_dump_json()))
    for setting in answer.settings:
        found.append(Proposal(kind="describe-setting", target=setting.setting, value=setting.description))
    return tuple(found)


HARDEN = Specialist(step="harden", prompt="hardener", answer=Prose, values=_values, proposals=_proposals)
