"""Clearer locals and shorter functions compute the same; what could differ is refused before anything runs."""

import ast
import json
from collections.abc import Callable
from typing import Any

import pytest

from agents.proposals.admit import with_proposals
from agents.proposals.model import Proposal, Refused
from agents.proposals.registry import KINDS
from agents.proposals.split_function import Split
from agents.specialists.shown_code import without_docstrings
from tools.transform.format import formatted

PATH = "src/data/loader.py"
MODULE = '''"""Data."""

from __future__ import annotations

LIMIT = 3


def scale(values: list[float]) -> list[float]:
    """Scale them."""
    return [v / LIMIT for v in values]


def clean(rows: list[float], share: float) -> tuple[list[float], float]:
    """Clean them.

    Args:
        rows: Numbers.
        share: Of them.
    """
    # the first ones are tests
    d = rows[2:]
    n = len(d)
    total = 0.0
    for x in d:
        total += x
        last = x
    m = total / n
    d2 = [x - m for x in scale(d)]
    note = f"{m} of {n}"
    text = dict(m=m, note=note)
    return d2, text["m"] * share
'''


def rename(old: str, new: str, function: str = "clean") -> Proposal:
    return Proposal(kind="rename-local", target=f"{PATH}:{function}:{old}", value=new)


def split(first: str, last: str, name: str = "mean_of_rows", **more: Any) -> Proposal:
    value = Split(first=first, last=last, name=name, purpose="Return the mean.", **more)
    return Proposal(kind="split-function", target=f"{PATH}:clean", value=value.model_dump_json())


def changed(proposal: Proposal, text: str = MODULE) -> str:
    change = KINDS[proposal.kind].changed
    assert change is not None
    return formatted(change(proposal, {PATH: text}))[PATH]


def computed(text: str) -> Any:
    """Run the module and call `clean`."""
    names: dict[str, Callable[..., Any]] = {}
    exec(compile(text, PATH, "exec"), names)
    return names["clean"]([9.0, 9.0, 1.5, 2.5, 7.0], 0.5)


@pytest.mark.parametrize("old", ["d", "n", "m", "d2", "total", "note", "last", "text"])
def test_a_renamed_local_computes_the_same(old: str) -> None:
    text = changed(rename(old, "clearer_name"))

    assert computed(text) == computed(MODULE)
    stored = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    assert "clearer_name" in stored
    assert old not in stored
    assert "# the first ones are tests" in text


def test_keywords_attributes_and_other_functions_keep_their_names() -> None:
    text = changed(rename("m", "mean"))

    assert "dict(m=mean, note=note)" in text or '{"m": mean' in text
    assert "def scale(values" in text


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        (rename("rows", "numbers"), "is no local variable"),
        (rename("LIMIT", "bound"), "is no local variable"),
        (rename("scale", "scaled"), "is no local variable"),
        (rename("x", "number"), "is also a variable of a function or comprehension"),
        (rename("m", "total"), "is taken"),
        (rename("m", "scale"), "is taken"),
        (rename("m", "sum"), "is taken"),
        (rename("m", "class"), "is no name"),
        (rename("m", "a b"), "is no name"),
        (rename("m", "mean", "nowhere"), "there is no function `nowhere`"),
    ],
)
def test_a_name_that_could_mean_another_thing_is_refused(proposal: Proposal, why: str) -> None:
    with pytest.raises(Refused, match=why):
        changed(proposal)


@pytest.mark.parametrize("line", ['frame.query("a > @m")', "locals()", 'print(f"{m=}")', "exec('m = 1')"])
def test_what_looks_names_up_is_left_alone(line: str) -> None:
    text = MODULE.replace("    note =", f"    {line}\n    note =")

    with pytest.raises(Refused):
        changed(rename("m", "mean"), text)


def test_a_split_passes_what_goes_in_and_comes_out() -> None:
    kinds = {"d": "list[float]", "n": "int", "m": "float"}
    text = changed(split("n = len(d)", "m = total / n", annotations=kinds))

    assert computed(text) == computed(MODULE)
    assert "def mean_of_rows(d: list[float]) -> tuple[int, float]:" in text
    assert "    n, m = mean_of_rows(d)\n" in text
    assert "Return the mean." in text
    assert ast.get_docstring(ast.parse(text).body[-1]) is not None  # type: ignore[arg-type]


def test_comments_move_with_their_statement() -> None:
    text = changed(split("d = rows[2:]", "n = len(d)", "first_rows", annotations={"n": "int", "d": "list[float]"}))

    assert computed(text) == computed(MODULE)
    assert text.index("# the first ones are tests") < text.index("def clean(")


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        (split("n = len(d)", "n = len(d)"), "at least 2 statements"),
        (split("d = rows[2:]", 'return d2, text["m"] * share'), "something must stay"),
        (split("nowhere", "m = total / n"), "is not the first line of exactly one statement"),
        (split("n = len(d)", "m = total / n", "scale"), "is taken in the module"),
    ],
)
def test_a_split_that_cannot_be_made_is_refused(proposal: Proposal, why: str) -> None:
    with pytest.raises(Refused, match=why):
        changed(proposal)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("if n > 2:\n        size = 1", "`size` may have no value"),
        ("import math", "hold `Import`"),
        ("later = lambda: d", "hold `Lambda`"),
        ("del d", "hold `Delete`"),
        ("if n > 9:\n        return d, 0.0", "hold `Return`"),
        ("y = locals()", "by name"),
    ],
)
def test_statements_that_cannot_stand_elsewhere_do_not_move(line: str, why: str) -> None:
    text = MODULE.replace("    m = total / n\n", f"    {line}\n    m = total / n\n").replace(
        "d2, text", "d2, size, text"
    )
    text = text if "size" in line else text.replace("d2, size, text", "d2, text")

    with pytest.raises(Refused, match=why):
        changed(split("n = len(d)", "m = total / n"), text)


def test_a_changed_counter_goes_in_and_comes_out() -> None:
    text = changed(split("for x in d:", "m = total / n", annotations={}))

    assert computed(text) == computed(MODULE)
    assert "m = mean_of_rows(n, total, d)" in text or "m = mean_of_rows(d, n, total)" in text


def test_both_belong_into_the_work_of_writer_and_hardener() -> None:
    for step in ("structure", "harden"):
        files, lost = with_proposals({PATH: MODULE}, [rename("m", "mean")], step)  # type: ignore[arg-type]
        assert (lost, "mean = total / n" in files[PATH]) == (0, True)
    assert with_proposals({PATH: MODULE}, [rename("m", "mean")], "test") == ({PATH: MODULE}, 0)


def test_the_function_is_shown_without_what_the_run_showed() -> None:
    shown = without_docstrings(MODULE)

    assert "Clean them" not in shown
    assert "# the first ones are tests" in shown
    assert json.dumps(ast.dump(ast.parse(shown)))
