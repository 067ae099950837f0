"""Prose, log events and descriptions of settings: what is kept of an answer, and that the code stays as it is."""

import ast
import json
from pathlib import Path

import pytest

from agents.proposals.admit import admitted, with_proposals
from agents.proposals.docstring import code_without_docstrings
from agents.proposals.model import Material, Proposal
from tools.analysis.analyse import analyse
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.trace.model import Trace
from tools.transform.build import build_modules
from tools.transform.format import formatted

CASE = Path(__file__).parents[1] / "cases" / "small_classifier" / "experiment.ipynb"
LOADER = "src/data/loader.py"


@pytest.fixture(scope="module")
def material() -> Material:
    facts = analyse(read_notebook(CASE), Trace(status="not run"))
    plan = plan_extraction(facts)
    return Material(facts=facts, plan=plan, tree=formatted(build_modules(facts, plan, "harden")))


def docstring(function: str = f"{LOADER}:split_data", **parts: object) -> Proposal:
    return Proposal(kind="docstring", target=function, value=json.dumps(parts))


def event(name: str, fields: dict[str, str], function: str = f"{LOADER}:split_data") -> Proposal:
    return Proposal(kind="log-event", target=function, value=json.dumps({"event": name, "fields": fields}))


def setting(key: str, text: str) -> Proposal:
    return Proposal(kind="describe-setting", target=key, value=text)


def applied(material: Material, proposal: Proposal) -> dict[str, str]:
    found = admitted([proposal], material)
    assert found.refused == ()
    changed, lost = with_proposals(material.tree, found.fitting, "harden")
    assert lost == 0
    return changed


def test_a_docstring_says_more_and_the_code_stays(material: Material) -> None:
    changed = applied(
        material,
        docstring(
            summary="Keep rows aside to test on",
            args={"df": "Flowers, one a row, with `species` as the label. " + "It is long. " * 12},
            returns="The features and the label of both parts.",
        ),
    )

    node = next(n for n in ast.parse(changed[LOADER]).body if getattr(n, "name", "") == "split_data")
    written = ast.get_docstring(node) or ""  # type: ignore[arg-type]
    assert written.startswith("Keep rows aside to test on.\n\nArgs:\n    df: Flowers, one a row, with `species`")
    before = next(line for line in material.tree[LOADER].splitlines() if line.startswith("        test_size: "))
    assert f"{before.removeprefix('    ')}\n" in written
    assert written.endswith("Returns:\n    The features and the label of both parts.")
    assert code_without_docstrings(changed[LOADER]) == code_without_docstrings(material.tree[LOADER])
    assert changed == formatted(changed)
    assert max(map(len, changed[LOADER].splitlines())) <= 120
    assert {path for path in changed if changed[path] != material.tree[path]} == {LOADER}


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        (docstring(summary="Read the `weight` of each flower"), "it names `weight`, which does not occur there"),
        (docstring(summary="Keep 45 rows aside"), "it gives the number 45, which does not occur there"),
        (docstring(summary="x " * 80), "characters, 100 are allowed"),
        (docstring(args={"frame": "The data"}), "has no `frame` under Args"),
        (docstring(raises={"ValueError": "Never"}), "has no `ValueError` under Raises"),
        (docstring(summary="Done.  # type: ignore"), "speaks to tools"),
        (docstring(summary='Close it """ import os'), "speaks to tools"),
        (docstring(summary="TODO describe"), "undone"),
        (docstring("src/training/train.py:track", summary="Track it"), "the package's own"),
        (docstring("src/nowhere.py:track", summary="Track it"), "no function `src/nowhere.py:track`"),
        (docstring("../../etc/passwd:x", summary="Track it"), "no function"),
        (docstring(code="import os"), "its form is wrong"),
        (event("Rows Split", {}), "no name in snake case"),
        (event("rows_split", {"rows": "df.pop('species')"}), "is no `len(x)`"),
        (event("rows_split", {"rows": "len(open('x'))"}), "is no `len(x)`"),
        (event("rows_split", {"rows": "df"}), "is no `len(x)`"),
        (event("rows_split", {"event": "len(df)"}), "no name for a field"),
        (event("rows_split", {"rows": "len(unknown)"}), "is no `len(x)`"),
        (setting("data.path", "Where the 9 files are"), "the number 9"),
        (setting("nothing", "text"), "has no setting `nothing`"),
    ],
)
def test_what_is_not_true_or_not_prose_is_refused(material: Material, proposal: Proposal, why: str) -> None:
    ((_, reason),) = admitted([proposal], material).refused

    assert why in reason


def test_a_log_event_only_looks(material: Material) -> None:
    changed = applied(material, event("rows_split", {"rows": "len(X_train)", "share": "test_size", "all": "df.shape"}))
    text = formatted(changed)[LOADER]

    assert '    log.info("rows_split", rows=len(X_train), share=test_size, all=df.shape)\n    return SplitData(' in text
    assert "import structlog\n" in text
    assert text.count("log = structlog.get_logger()") == 1
    both = applied(material.model_copy(update={"tree": changed}), event("rows_read", {}, f"{LOADER}:load_data"))
    assert both[LOADER].count("structlog.get_logger()") == 1


def test_a_setting_is_described_behind_its_cell(material: Material) -> None:
    changed = applied(material, setting("data.test_size", "share of the rows that are tested on"))[
        "configs/default.yaml"
    ]

    assert "  test_size: 0.3  # c6: Share of the rows that are tested on\n" in changed
    assert applied(material, setting("data.path", "Where they are")) != changed


def test_what_no_longer_fits_is_left_out_and_counted(material: Material) -> None:
    gone = docstring(f"{LOADER}:no_longer_there", summary="Read it")

    assert with_proposals(material.tree, [gone], "harden") == (material.tree, 1)
    assert with_proposals(material.tree, [gone], "test") == (material.tree, 0)


def test_of_an_answer_at_most_sixty_proposals_count(material: Material) -> None:
    found = admitted([setting("data.path", "Where they are")] + [setting("nothing", "text")] * 80, material)

    assert (len(found.fitting), len(found.refused)) == (1, 60)
    assert found.refused[-1][1] == "this and 20 more were left out: an answer has at most 60 proposals"


def test_a_proposal_has_its_bounds(material: Material) -> None:
    found = admitted([docstring(summary="x" * 10_000)], material)

    assert "more than 8000 characters" in found.refused[0][1]
