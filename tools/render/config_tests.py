"""Tests of the settings."""

from collections.abc import Iterator

from tools.plan.settings import literal
from tools.render.engine import render
from tools.render.evidence import CONFIG, Evidence, GeneratedTest
from tools.render.record import another
from tools.render.settings import defaults, is_output, scalar

_LOAD = "from src.config import load_config"
_SOURCE = "src/config.py"


def _test(name: str, template: str, imports: tuple[str, ...], **context: object) -> GeneratedTest:
    source = render(f"tests/{template}.py.j2", name=name, **context)
    return GeneratedTest(file=CONFIG, name=name, imports=("import pytest", *imports), source=source)


def notebook_values(evidence: Evidence) -> Iterator[GeneratedTest]:
    """The defaults are the values of the notebook."""
    values = defaults(evidence.plan, evidence.tree)
    known = [
        (setting.key, values[setting.key])
        for setting in evidence.plan.settings
        if setting.key in values and not is_output(setting)
    ]
    if known:
        imports = ("from omegaconf import OmegaConf",)
        yield _test("test_defaults_are_the_values_of_the_notebook", "defaults", imports, values=known)


def overrides(evidence: Evidence) -> Iterator[GeneratedTest]:
    """An override arrives."""
    values = defaults(evidence.plan, evidence.tree)
    cases = []
    for setting in evidence.plan.settings:
        other = another(values.get(setting.key, literal(setting)))
        if other is not None and not isinstance(other, list) and scalar(other) is not None and setting.key in values:
            cases.append((f"{setting.key}={scalar(other)}", setting.key, other))
    if cases and evidence.sources.function(_SOURCE, "load_config"):
        imports = (_LOAD, "from operator import attrgetter")
        yield _test("test_overrides_replace_defaults", "overrides", imports, cases=cases)


def refusals(evidence: Evidence) -> Iterator[GeneratedTest]:
    """An unknown key, a value of the wrong type, a missing setting or file is an error that names it."""
    if not evidence.sources.function(_SOURCE, "load_config"):
        return
    number = next((s.key for s in evidence.plan.settings if s.annotation in {"int", "float"}), "")
    cases = [("unknown_setting=1", "unknown_setting")]
    if number:
        cases.append((f"{number}=abc", number.rsplit(".", 1)[-1]))
    parse = "from src.config import parse_config"
    if evidence.sources.function(_SOURCE, "parse_config"):
        yield _test("test_a_wrong_setting_ends_the_command", "wrong_setting", (parse,), cases=cases)
    errors = ("from omegaconf.errors import OmegaConfBaseException", "from pathlib import Path", _LOAD)
    if len(evidence.plan.settings) > 1:
        yield _test("test_every_setting_must_be_given", "incomplete", errors)
    if "FileNotFoundError" in evidence.sources.functions[_SOURCE]["load_config"].raises:
        yield _test("test_missing_settings_are_explained", "no_settings", (_LOAD,))
