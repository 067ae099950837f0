"""Runs a generated package once, in the sandbox, to learn what its tests can assert."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.environment import Interpreter
from tools.plan.model import ExtractionPlan
from tools.plan.settings import literal
from tools.render.engine import render
from tools.render.flow import Flow
from tools.render.recording import Recording
from tools.render.settings import DEFAULTS, data_keys, defaults, is_output, scalar
from tools.render.sources import Sources, dotted
from tools.render.subject import Subject, pairs
from tools.sandbox import Completed, Limits

PROBE = Path(__file__).with_name("package_probe.py")
Run = Callable[..., Completed]


def record(
    tree: Mapping[str, str],
    copies: Mapping[str, str],
    *,
    flow: Flow,
    subject: Subject | None,
    plan: ExtractionPlan,
    sources: Sources,
    interpreter: Interpreter,
    limits: Limits,
    run: Run,
) -> Recording:
    """Call every stage function of a package in order and note what came out.

    Args:
        tree: Text files of the repository.
        copies: Data files: path in the repository to absolute source.
        flow: How the functions are called.
        subject: The model that is served, where there is one.
        plan: In force.
        sources: Of the tree.
        interpreter: In which the package runs.
        limits: Of the run.
        run: The sandbox.

    Returns:
        What was seen; status `failed` with the reason where the package does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = {
            **{path: text for path, text in tree.items() if path.startswith(("src/", "configs/"))},
            "tests/__init__.py": "",
            "tests/summary.py": summary_source(sources),
            "calls.py": calls_source(flow, sources),
            "probe.py": PROBE.read_text(encoding="utf-8"),
            "tests/synthetic.py": render("tests/synthetic.py.j2"),
            "request.json": json.dumps(request(flow, subject, plan, tree, limits.seconds)),
        }
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        for path, source in copies.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, root / path)
        done = run(
            [interpreter.path, "probe.py"],
            cwd=root,
            limits=limits,
            readable=interpreter.folders(),
        )
        result = root / "recording.json"
        if result.is_file():
            return Recording.model_validate_json(result.read_text(encoding="utf-8"))
    reason = "out of time" if done.timed_out else (done.stderr.strip().splitlines() or ["no message"])[-1]
    return Recording(status="failed", error=reason[:300])


def summary_source(sources: Sources) -> str:
    """Return the source of tests/summary.py for a package."""
    modules = {name for path, names in sources.imports.items() if path.startswith("src/") for name in names}
    return render("summary.py.j2", torch="torch" in modules, sparse="scipy" in modules)


def seed_import(sources: Sources) -> str:
    """Return the import of `set_seed`, empty where the package has none."""
    places = [path for path, functions in sources.functions.items() if "set_seed" in functions and path[:4] == "src/"]
    return f"from {dotted(places[0])} import set_seed" if places else ""


def calls_source(flow: Flow, sources: Sources) -> str:
    """Return the module by which the probe calls the stage functions."""
    imports = [statement for _, statement in flow.modules]
    return render("calls.py.j2", imports=imports, calls=flow.calls, set_seed=seed_import(sources))


def request(
    flow: Flow,
    subject: Subject | None,
    plan: ExtractionPlan,
    tree: Mapping[str, str],
    seconds: float,
) -> dict[str, object]:
    """Return what the probe is asked to look at."""
    paths = {call.name: [result.path for result in call.results] for call in flow.calls}
    return {
        "defaults": DEFAULTS,
        "seconds": seconds,
        "inputs": {call.name: [p.live_in for p in call.passed if p.live_in] for call in flow.calls},
        "paths": paths,
        "overrides": overrides(flow, plan, tree),
        "seeded": [c.name for c in flow.calls if c.plan.stage == "data" and any(p.setting == "seed" for p in c.passed)],
        "refusals": refusals(flow, plan),
        "pairs": pairs(flow),
        "heads": sorted({path for pair in pairs(flow) for path in pair}),
        "files": [(setting.key, literal(setting)) for setting in plan.settings if setting.key in data_keys(plan)],
        "candidates": [result.path for call in flow.calls if call.plan.stage == "data" for result in call.results],
        "model": subject.model_dump() if subject else {},
    }


def overrides(flow: Flow, plan: ExtractionPlan, tree: Mapping[str, str]) -> dict[str, list[list[object]]]:
    """Return for each function one override of each of its settings: text, last part of the key, value."""
    values = defaults(plan, tree)
    skipped = {setting.key for setting in plan.settings if is_output(setting)} | set(data_keys(plan))
    found: dict[str, list[list[object]]] = {}
    for call in flow.calls:
        for key in dict.fromkeys(call.keys):
            other = another(values.get(key))
            text = scalar(other) if other is not None else None
            if key not in skipped and text is not None:
                found.setdefault(call.name, []).append([f"{key}={text}", key.rsplit(".", 1)[-1], other])
    return found


def another(value: object) -> object:
    """Return a value near a setting's own, of the same type; None where nothing is near."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value / 2 if value else 0.5
    if isinstance(value, list) and len(value) > 1:
        return value[:-1]
    return None


def refusals(flow: Flow, plan: ExtractionPlan) -> dict[str, list[dict[str, object]]]:
    """Return for each function what it ought to refuse, where its source raises something itself."""
    files = set(data_keys(plan))
    found: dict[str, list[dict[str, object]]] = {}
    for call in flow.calls:
        if not call.function.raises:
            continue
        attempts: list[dict[str, object]] = [
            {"kind": "file", "overrides": [f"{key}=nowhere.csv"]} for key in dict.fromkeys(call.keys) if key in files
        ]
        for passed in call.passed:
            if passed.live_in and "[" not in passed.live_in:
                attempts += [{"kind": kind, "path": passed.live_in} for kind in ("column", "value")]
        found[call.name] = attempts
    return found
