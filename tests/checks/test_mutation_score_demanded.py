"""A team may ask for a share of mutants that the tests must kill."""

from pathlib import Path

import pytest

from tools.checks.mutation import check as mutation
from tools.checks.mutation.model import Mutant
from tools.checks.mutation.trials import Trial
from tools.checks.request import CheckRequest
from tools.environment import Interpreter, PackageEnvironment
from tools.sandbox import Limits
from tools.team.model import ChecksConfig


@pytest.mark.parametrize(("least", "status"), [(0.0, "passed"), (0.5, "passed"), (0.6, "failed")])
def test_a_low_score_is_an_error_where_one_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: float, status: str
) -> None:
    mutant = Mutant(kind="constant", file="src/a.py", line=1, text="x = 2\n", before="x = 1", after="x = 2", rank=1)
    monkeypatch.setattr(mutation, "all_mutants", lambda tree: [mutant])
    monkeypatch.setattr(mutation, "tried", lambda *_: [Trial(mutant=mutant, killed=k) for k in (True, False)])
    request = CheckRequest(
        tree=tmp_path,
        environment=PackageEnvironment(interpreter=Interpreter(path="python", version="3.11")),
        limits=Limits(),
        config=ChecksConfig(mutation_score=least),
    )

    result = mutation.check_mutation(request).result

    assert result.status == status
    assert any("checks.mutation_score" in d.message for d in result.diagnostics) == (status == "failed")
