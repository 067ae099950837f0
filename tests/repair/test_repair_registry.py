"""What every repair must have."""

import re
from pathlib import Path

import pytest

from tools.repair.model import Codemod, numbers
from tools.repair.registry import REPAIRS

TESTS = "\n".join(path.read_text() for path in sorted(Path(__file__).parent.glob("test_*_repairs.py")))
FOLDER = Path(__file__).parents[2] / "tools" / "repair" / "repairs"


def test_each_file_is_registered_once() -> None:
    files = {path.stem.replace("_", "-") for path in FOLDER.glob("*.py") if path.stem != "__init__"}
    codes = [repair.code for repair in REPAIRS]
    assert sorted(codes) == sorted(files)


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.code)
def test_each_repair_names_its_evidence_and_its_release(repair: Codemod) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", repair.code)
    assert numbers(repair.since)
    assert repair.reason
    assert not repair.reason.endswith(".")
    assert repair.errors or repair.unit == "cell"
    for pattern in repair.errors:
        re.compile(pattern)


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.code)
def test_each_repair_is_tested_with_what_it_changes_and_what_it_leaves(repair: Codemod) -> None:
    assert TESTS.count(f'"{repair.code}"') >= 2, repair.code


def test_versions_compare_by_their_numbers() -> None:
    assert numbers("2.13.0+cpu") == (2, 13, 0)
    assert numbers("3.0.0rc1") == (3, 0, 0)
    assert numbers("1.10") > numbers("1.9.1")
