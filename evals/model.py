"""Samples, what a run of one gave, and its scores."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from evals.expected import Expected
from tools.frozen import Frozen

Unit = Literal["share", "seconds", "lines", "tokens", "usd", "ratio"]


class Sample(Frozen):
    """One notebook to evaluate on.

    Attributes:
        name: Unique among the samples.
        notebook: Its file.
        expected: What must come out; None where nobody wrote it down.
    """

    name: str
    notebook: Path
    expected: Expected | None = None


class RunRecord(Frozen):
    """What the command line gave for one sample.

    Attributes:
        plan: The object that `plan --json` printed; empty where it failed.
        run: The object that `run --json` printed; empty where it failed.
        exit_code: Of `run`.
        seconds: Wall time of `run`.
        out: Folder of the generated repository.
        error: Last lines of stderr where an object is missing; else empty.
    """

    plan: dict[str, Any] = {}
    run: dict[str, Any] = {}
    exit_code: int = 0
    seconds: float = 0.0
    out: Path
    error: str = ""


class Score(Frozen):
    """One figure of one sample.

    Attributes:
        sample: Name of the sample.
        scorer: Name of the scorer.
        value: The figure; None where there is nothing to judge.
        unit: `share` lies between 0 and 1 and more is better.
        detail: What was wrong, in a few words; empty where nothing was.
        repeat: Number of the repetition, from 1.
    """

    sample: str
    scorer: str
    value: float | None
    unit: Unit = "share"
    detail: str = ""
    repeat: int = 1


class Judgement(Frozen):
    """What a scorer says."""

    value: float | None
    detail: str = ""
    unit: Unit = "share"


Scorer = Callable[[Sample, RunRecord], Judgement]
Runner = Callable[[Sample, Path], RunRecord]

NOTHING = Judgement(value=None)
