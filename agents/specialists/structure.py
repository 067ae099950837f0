"""The writer's questions: clearer names of local variables, and over-long functions taken apart."""

import ast

from pydantic import Field

from agents.proposals.model import Material, Proposal
from agents.proposals.split_function import Split
from agents.specialists.model import Specialist
from agents.specialists.shown_code import generated_functions, within_room, without_docstrings
from tools.frozen import Frozen

LONG = 25
"""Lines of code from which on a function is worth splitting."""
SHORT = 3
"""Characters of a name of a variable that says too little."""


class LocalName(Frozen):
    """A clearer name for one local variable."""

    function: str = Field(description="As in the heading: src/data/loader.py:clean_data")
    variable: str
    name: str


class SplitOff(Frozen):
    """Consecutive top-level statements of one function that become a function of their own."""

    function: str = Field(description="As in the heading.")
    first: str = Field(description="First line of the first statement that moves, word for word.")
    last: str = Field(description="First line of the last statement that moves, word for word.")
    name: str
    purpose: str


class Readable(Frozen):
    """Clearer names and splits; leave out what is good as it is."""

    variables: tuple[LocalName, ...] = ()
    splits: tuple[SplitOff, ...] = ()


def _values(material: Material, most: int) -> dict[str, object]:
    found = [
        (f"{function.module}:{function.name}", code)
        for function, text in generated_functions(material.plan, material.tree)
        if function.kind == "stage" and _worth_asking(code := without_docstrings(text))
    ]
    if not found:
        return {}
    codes = within_room([code for _, code in found], most)
    functions = [{"target": target, "code": code} for (target, _), code in zip(found, codes, strict=True)]
    return {"functions": functions, "long": LONG}


def _worth_asking(code: str) -> bool:
    """Tell whether a function is long, or has a local variable of few letters."""
    node = ast.parse(code).body[0]
    if not isinstance(node, ast.FunctionDef):
        return False
    arguments = {a.arg for a in node.args.args}
    stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return code.count("\n") >= LONG or any(len(n) <= SHORT and n not in ("X", "y", "df") for n in stored - arguments)


def _proposals(answer: Readable) -> tuple[Proposal, ...]:
    found = []
    for local in answer.variables:
        found.append(Proposal(kind="rename-local", target=f"{local.function}:{local.variable}", value=local.name))
    for split in answer.splits:
        value = Split(first=split.first, last=split.last, name=split.name, purpose=split.purpose)
        found.append(Proposal(kind="split-function", target=split.function, value=value.model_dump_json()))
    return tuple(found)


STRUCTURE = Specialist(step="structure", prompt="writer", answer=Readable, values=_values, proposals=_proposals)
