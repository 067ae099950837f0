"""Tests of the data stage: values, splits, refusals, settings."""

import re
from collections.abc import Iterator

from tools.render.engine import render
from tools.render.evidence import DATA, Evidence, GeneratedTest, identifier, tolerance
from tools.render.flow import Call
from tools.render.recording import Refused

_STAGES = "from tests.stages import Stages"
_SUMMARY = "from tests.summary import recorded, summary"
_CONFIG = "from src.config import Config, load_config"
SECONDS = 2.0
"""A call that takes longer is not repeated in a test."""


def _test(name: str, template: str, imports: tuple[str, ...], **context: object) -> GeneratedTest:
    source = render(f"tests/{template}.py.j2", name=name, **context)
    return GeneratedTest(file=DATA, name=name, imports=("import pytest", *imports), source=source)


def values(evidence: Evidence) -> Iterator[GeneratedTest]:
    """Each function of the data stage returns the recorded value."""
    split = {path for pair in evidence.recording.disjoint for path in pair}
    for call in _data_calls(evidence):
        found = evidence.recorded(call)
        if found is None:
            continue
        yield _test(
            f"test_{call.name}_gives_the_recorded_values",
            "values",
            (_STAGES, _SUMMARY),
            call=call.name,
            shapes=sorted(found.shapes.items()),
            heads=[(p, list(h)) for p, h in evidence.recording.heads.items() if p in split and _owner(p) == call.name],
            tolerance=tolerance(evidence),
        )


def splits(evidence: Evidence) -> Iterator[GeneratedTest]:
    """No row is in two parts."""
    pairs = [
        pair for pair in evidence.recording.disjoint if pair[0].rsplit(".")[-1].lower().startswith(("x", "tr", "df"))
    ]
    for first, second in pairs or evidence.recording.disjoint:
        yield _test(
            f"test_no_row_is_in_both_{identifier(first.rsplit('.')[-1])}_and_{identifier(second.rsplit('.')[-1])}",
            "disjoint",
            (_STAGES,),
            first=first,
            second=second,
        )


def arguments(evidence: Evidence) -> Iterator[GeneratedTest]:
    """A function of the data stage leaves its arguments as they are."""
    for call in _data_calls(evidence):
        found = evidence.recording.results.get(call.name)
        overwritten = {name for name, result in evidence.recording.results.items() if result.overwritten}
        passed = [p.live_in for p in call.passed if p.live_in and _owner(p.live_in) not in overwritten]
        frames = [path for path in passed if _has_shape(evidence, path)]
        if found and frames and not found.changed_arguments and found.seconds < SECONDS:
            yield _test(
                f"test_{call.name}_leaves_its_arguments_as_they_are",
                "arguments",
                (_STAGES, _SUMMARY, _CONFIG, evidence.imports(call)),
                call=call.source("stages."),
                paths=frames,
                configured=_configured(call),
            )


def refusals(evidence: Evidence) -> Iterator[GeneratedTest]:
    """What a function ought to refuse, it refuses with a message that says why."""
    seen: set[tuple[str, str]] = set()
    for refused in evidence.recording.refused:
        call = evidence.flow.call(refused.function)
        key = (refused.function, refused.kind)
        if call is None or key in seen or refused.exception not in call.function.raises:
            continue
        seen.add(key)
        yield _refusal(evidence, call, refused)


def settings(evidence: Evidence) -> Iterator[GeneratedTest]:
    """A changed setting changes what a function of the data stage returns."""
    for call in _data_calls(evidence):
        differs = [a.override for a in evidence.recording.settings.get(call.name, ()) if a.mode == "differs"]
        if differs:
            yield _test(
                f"test_{call.name}_follows_the_settings",
                "follows",
                (_STAGES, _SUMMARY, _CONFIG, evidence.imports(call)),
                call=call.source("stages."),
                result=call.name,
                overrides=differs,
                needs_stages=True,
            )


def isolation(evidence: Evidence) -> Iterator[GeneratedTest]:
    """A function of the data stage that is given the seed gives the same wherever the global generator stands."""
    for call in _data_calls(evidence):
        found = evidence.recording.results.get(call.name)
        if found and found.isolated and any(passed.setting == "seed" for passed in call.passed):
            yield _test(
                f"test_{call.name}_draws_from_its_seed_alone",
                "isolated",
                (_STAGES, _SUMMARY, _CONFIG, "import numpy as np", evidence.imports(call)),
                call=call.source("stages."),
                result=call.name,
            )


def _refusal(evidence: Evidence, call: Call, refused: Refused) -> GeneratedTest:
    endings = {
        "file": "names_a_missing_file",
        "column": f"needs_the_column_{identifier(refused.column)}",
        "value": f"refuses_an_unknown_{identifier(refused.column)}",
    }
    replaced = {refused.path: "spoilt"} if refused.path else {}
    return _test(
        f"test_{call.name}_{endings[refused.kind]}",
        "refusal",
        (_STAGES, _CONFIG, evidence.imports(call), "import re"),
        call=call.source("stages.", replaced=replaced),
        refused=refused,
        pattern=re.sub(r"\s+", " ", refused.message)[:90],
        needs_stages=bool(refused.path) or any(p.live_in for p in call.passed),
        configured=_configured(call),
    )


def _data_calls(evidence: Evidence) -> list[Call]:
    return [call for call in evidence.flow.calls if call.plan.stage == "data"]


def _configured(call: Call) -> bool:
    return any(not passed.live_in for passed in call.passed)


def _owner(path: str) -> str:
    return re.split(r"[.\[]", path)[0]


def _has_shape(evidence: Evidence, path: str) -> bool:
    owner = evidence.recording.results.get(_owner(path))
    return owner is not None and path in owner.shapes
