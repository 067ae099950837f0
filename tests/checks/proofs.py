"""A notebook, the package made from it, and what the proof of both is given."""

import shutil
from pathlib import Path

from tools.analysis.analyse import analyse
from tools.checks.request import CheckRequest
from tools.environment import find_interpreter, package_environment
from tools.notebook.read import read_notebook
from tools.plan.extraction import plan_extraction
from tools.sandbox import Limits
from tools.trace.run import trace_notebook
from tools.transform.build import build_modules


def proof_of(path: Path, folder: Path, seconds: float = 300) -> CheckRequest:
    """Copy the notebook with what lies beside it, run it, and write its package below a folder."""
    if path.suffix == ".ipynb":
        shutil.copytree(path.parent, folder / "notebook")
    else:
        (folder / "notebook").mkdir()
        shutil.copyfile(path, folder / "notebook" / path.name)
    notebook = read_notebook(folder / "notebook" / path.name)
    interpreter = find_interpreter(None, notebook)
    limits = Limits(seconds=seconds)
    facts = analyse(notebook, trace_notebook(notebook, interpreter=interpreter, limits=limits))
    plan = plan_extraction(facts)
    tree = folder / "tree"
    for name, text in build_modules(facts, plan, "harden").items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    for target, source in plan.data_files:
        (tree / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "notebook" / source, tree / target)
    (tree / "requirements.txt").write_text(f"scikit-learn=={interpreter.packages['scikit-learn']}\n")
    environment = package_environment(interpreter)
    return CheckRequest(
        tree=tree, facts=facts, plan=plan, environment=environment, limits=limits, cache=folder / "captures"
    )


def spoilt_copy(request: CheckRequest, tree: Path, old: str, new: str) -> CheckRequest:
    """Replace text that stands in one module of a copy of the package."""
    shutil.copytree(request.tree, tree)
    hits = [path for path in tree.rglob("src/**/*.py") if old in path.read_text()]
    assert len(hits) == 1
    hits[0].write_text(hits[0].read_text().replace(old, new))
    return request.model_copy(update={"tree": tree})
