"""Assembles generated tests, each from one builder, into files."""

import json
from collections.abc import Callable, Iterable

from tools.render import config_tests, data_tests, model_tests, training_tests
from tools.render.engine import render
from tools.render.evidence import Evidence, GeneratedTest, recorded_json, type_imports
from tools.render.layout import formatted
from tools.render.record import seed_import, summary_source

Builder = Callable[[Evidence], Iterable[GeneratedTest]]
BUILDERS: tuple[Builder, ...] = (
    data_tests.values,
    data_tests.splits,
    data_tests.arguments,
    data_tests.refusals,
    data_tests.settings,
    data_tests.isolation,
    model_tests.hyperparameters,
    model_tests.predictions,
    model_tests.unfitted,
    training_tests.metrics,
    training_tests.repeats,
    training_tests.baseline,
    training_tests.losses,
    training_tests.files,
    training_tests.tracking,
    training_tests.end_to_end,
    config_tests.notebook_values,
    config_tests.overrides,
    config_tests.refusals,
)
"""What is tested, in the order in which it stands in the files; one line adds one."""


def build_tests(evidence: Evidence, left_out: frozenset[str] = frozenset()) -> tuple[GeneratedTest, ...]:
    """Return the tests that the evidence supports.

    Args:
        evidence: What is known of the package.
        left_out: Tests not to write, as `tests/test_data.py::test_name`.
    """
    tests = _named_apart(test for builder in BUILDERS for test in builder(evidence))
    return tuple(test for test in tests if f"{test.file}::{test.name}" not in left_out)


def _named_apart(tests: Iterable[GeneratedTest]) -> list[GeneratedTest]:
    """Number the names of tests of one file that are alike, as where a notebook splits its data twice."""
    seen: dict[tuple[str, str], int] = {}
    made: list[GeneratedTest] = []
    for test in tests:
        count = seen[test.file, test.name] = seen.get((test.file, test.name), 0) + 1
        if count > 1:
            name = f"{test.name}_{count}"
            source = test.source.replace(f"def {test.name}(", f"def {name}(", 1)
            test = test.model_copy(update={"name": name, "source": source})
        made.append(test)
    return made


def files_of_tests(evidence: Evidence, tests: Iterable[GeneratedTest]) -> dict[str, str]:
    """Return the files of `tests/` by path, formatted."""
    by_file: dict[str, list[GeneratedTest]] = {}
    for test in tests:
        by_file.setdefault(test.file, []).append(test)
    files = {
        path: "\n".join(dict.fromkeys(line for test in found for line in test.imports))
        + "\n\n\n"
        + "\n\n".join(test.source for test in found)
        for path, found in by_file.items()
    }
    staged = bool(evidence.flow.calls) and evidence.recording.status == "ran"
    files["tests/__init__.py"] = '"""Tests."""\n'
    files["tests/conftest.py"] = _conftest(evidence, staged)
    if staged:
        files["tests/stages.py"] = _stages(evidence)
        files["tests/summary.py"] = summary_source(evidence.sources)
        files["tests/recorded.json"] = recorded_json(evidence)
    if evidence.recording.schemas:
        files["tests/synthetic.py"] = render("tests/synthetic.py.j2")
        files["tests/schema.json"] = json.dumps(evidence.recording.schemas, indent=1, ensure_ascii=False) + "\n"
    return formatted(files)


def _conftest(evidence: Evidence, staged: bool) -> str:
    return render(
        "tests/conftest.py.j2",
        tracked="mlflow" in evidence.sources.imports.get("src/training/train.py", ()),
        stages=staged,
        data=evidence.data_paths(),
        overrides=evidence.output_overrides(),
        short=evidence.short(),
        synthetic=bool(evidence.recording.schemas),
    )


def _stages(evidence: Evidence) -> str:
    recording = evidence.recording
    imports = [statement for _, statement in evidence.flow.modules]
    losses = bool(recording.losses)
    if losses:
        imports += ["import torch", "import pytest", "from contextlib import contextmanager"]
        imports += ["from collections.abc import Iterator", "from typing import Any"]
    fields = []
    calls = []
    for call in evidence.flow.calls:
        returns = call.function.returns
        if returns != "None":
            fields.append((call.name, returns or "object"))
            imports += type_imports(returns, call.function.module, evidence.sources)
        calls.append(
            {
                "name": call.name,
                "source": call.source(),
                "target": f"{call.name} = " if returns != "None" else "",
                "kept": recording.results[call.name].overwritten,
                "losses": call.name in recording.losses,
            }
        )
    seed = seed_import(evidence.sources)
    return render(
        "tests/stages.py.j2",
        imports=[*imports, seed],
        fields=fields,
        losses=losses,
        set_seed=bool(seed),
        calls=calls,
    )
