"""Plan in, modules out: every file below src/, and configs/default.yaml."""

import re
from pathlib import Path

from tools.analysis.model import NotebookFacts
from tools.checks.model import Step
from tools.plan.model import ExtractionPlan, FunctionPlan
from tools.plan.modules import MODULES
from tools.render.engine import render
from tools.transform.argument_types import observed_imports
from tools.transform.authors import author_definition
from tools.transform.context import PackageContext
from tools.transform.environment_names import FUNCTION, MODULE, named_variables, used_names
from tools.transform.function import record_name, returns_record, stage_function
from tools.transform.imports import with_imports
from tools.transform.orchestration import evaluate_functions, train_functions
from tools.transform.settings_file import config_module, default_yaml

_DOCS = {
    MODULES["data"]: "Data loading and preprocessing.",
    MODULES["model"]: "Model definitions.",
    MODULES["training"]: "Training with MLflow tracking.\n\nRun as `python -m src.training.train [KEY=VALUE ...]`.\n",
    MODULES["evaluation"]: "Metrics and evaluation.\n\nRun as `python -m src.evaluation.evaluate [KEY=VALUE ...]`.\n",
}
_PACKAGES = {
    "src/data/__init__.py": "Data.",
    "src/models/__init__.py": "Models.",
    "src/training/__init__.py": "Training.",
    "src/evaluation/__init__.py": "Evaluation.",
}
_PARTS = {
    "set_seed": "src/seeds.py",
    "configure_logging": "src/log.py",
    "parse_config": "src/config.py",
    "Config": "src/config.py",
    "artefact_path": "src/artefacts.py",
    "save_artefact": "src/artefacts.py",
    "load_artefact": "src/artefacts.py",
    "flatten_metrics": "src/artefacts.py",
    "write_metrics": "src/artefacts.py",
    FUNCTION: MODULE,
}


def build_modules(facts: NotebookFacts, plan: ExtractionPlan, step: Step) -> dict[str, str]:
    """Return the text of every module and of the settings, formatted, by path.

    Args:
        facts: Of the notebook.
        plan: In force.
        step: `structure` gives working modules, `harden` adds types, docstrings, logging and guards.
    """
    package = PackageContext(facts, plan, hardened=step == "harden")
    homes = {f.name: f.module for f in plan.functions} | _PARTS
    homes |= {record_name(f): f.module for f in package.stages if returns_record(f)}
    config = config_module(package)
    homes |= dict.fromkeys(re.findall(r"^class (\w+):", config, re.MULTILINE), "src/config.py")
    files = {path: f'"""{text}"""\n' for path, text in _PACKAGES.items()}
    files["src/__init__.py"] = f'"""{_docstring_line(plan.summary or plan.project)}"""\n'
    files["src/config.py"] = config
    files["src/log.py"] = render("src/log.py.j2")
    files["src/seeds.py"] = render("src/seeds.py.j2", torch=_uses_torch(package))
    files["src/artefacts.py"] = render("src/artefacts.py.j2", pickled=_needs_cloudpickle(package))
    secrets = [found.name for found in facts.notebook.secrets]
    for path in MODULES.values():
        text = named_variables(_module_code(package, path), secrets)
        files[path] = with_imports(package, path, _DOCS[path], text, homes, _type_imports(package, path))
    if used_names([files[path] for path in MODULES.values()], secrets):
        files[MODULE] = render("src/environment.py.j2")
    files["configs/default.yaml"] = default_yaml(package)
    for target, source in plan.local_modules:
        files[target] = (Path(facts.notebook.path).parent / source).read_text(encoding="utf-8")
    return files


def _module_code(package: PackageContext, path: str) -> str:
    parts = [author_definition(package, f) for f in _in_order(package) if f.module == path]
    parts += [stage_function(package, f) for f in package.stages if f.module == path]
    if path == MODULES["training"]:
        parts.append(train_functions(package))
    if path == MODULES["evaluation"]:
        parts.append(evaluate_functions(package))
    return "\n\n".join(parts)


def _in_order(package: PackageContext) -> list[FunctionPlan]:
    order = {identifier: number for number, identifier in enumerate(package.facts.order)}
    return sorted(package.authors.values(), key=lambda f: order[f.statements[0]])


def _type_imports(package: PackageContext, path: str) -> list[str]:
    """Return the import statements that annotations of a module may need."""
    found: list[str] = []
    for function in package.plan.functions:
        if function.module == path or path in (MODULES["training"], MODULES["evaluation"]):
            found += [line for parameter in function.parameters for line in parameter.imports]
            found += [line for returned in function.returns for line in returned.imports]
    for traced in package.facts.trace.statements.values():
        for value in (*traced.bound.values(), *traced.mutated.values()):
            found += value.imports
    return found + observed_imports(package)


def _uses_torch(package: PackageContext) -> bool:
    return any(i.module.partition(".")[0] == "torch" for i in package.facts.imports)


def _needs_cloudpickle(package: PackageContext) -> bool:
    """Tell whether a saved value may hold functions or classes that plain pickling cannot name."""
    text = " ".join(s.code for s in package.statements.values() if s.id in package.plan.order)
    nested = any(
        package.facts.statements[i].kind in ("function", "class") and f.kind == "stage"
        for f in package.plan.functions
        for i in f.statements
    )
    return "lambda" in text or nested


def _docstring_line(text: str) -> str:
    line = " ".join(text.split()).replace("\\", "").replace('"', "'")
    line = line[:110].rstrip()
    return line if line.endswith((".", "!", "?")) else f"{line}."
