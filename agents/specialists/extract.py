"""The extractor's questions: names of functions and settings, and purposes."""

from pydantic import Field

from agents.proposals.model import Material, Proposal
from agents.specialists.model import Specialist
from agents.specialists.shown_code import within_room
from tools.frozen import Frozen


class FunctionName(Frozen):
    """A better name or purpose for one function."""

    function: str = Field(description="Its name now.")
    name: str = Field(default="", description="Its new name; empty to keep it.")
    purpose: str = Field(default="", description="First line of its docstring; empty to keep it.")


class SettingName(Frozen):
    """A better key for one setting."""

    setting: str = Field(description="Its dotted key now.")
    key: str = Field(description="Its new dotted key.")


class Names(Frozen):
    """Better names and purposes; leave out what is good as it is."""

    functions: tuple[FunctionName, ...] = ()
    settings: tuple[SettingName, ...] = ()


def _values(material: Material, most: int) -> dict[str, object]:
    source = {s.id: s.source for s in material.facts.notebook.statements()}
    functions = material.plan.functions
    codes = within_room(["\n".join(source[i] for i in f.statements) for f in functions], most)
    return {
        "functions": [
            {
                "name": f.name,
                "kind": "the author's own" if f.kind == "author" else f"stage {f.stage}",
                "module": f.module,
                "takes": ", ".join(p.name for p in f.parameters),
                "gives": ", ".join(r.name for r in f.returns),
                "purpose": f.purpose,
                "code": code,
            }
            for f, code in zip(functions, codes, strict=True)
        ],
        "settings": [
            {"key": s.key, "annotation": s.annotation, "comment": s.comment}
            for s in material.plan.settings
            if not s.added and s.key != "seed"
        ],
    }


def _proposals(answer: Names) -> tuple[Proposal, ...]:
    found = []
    for function in answer.functions:
        if function.name and function.name != function.function:
            found.append(Proposal(kind="rename-function", target=function.function, value=function.name))
        if function.purpose:
            found.append(Proposal(kind="describe-function", target=function.function, value=function.purpose))
    for setting in answer.settings:
        if setting.key != setting.setting:
            found.append(Proposal(kind="rename-setting", target=setting.setting, value=setting.key))
    return tuple(found)


EXTRACT = Specialist(step="extract", prompt="extractor", answer=Names, values=_values, proposals=_proposals)
