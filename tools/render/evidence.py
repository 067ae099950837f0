"""What the generated tests are derived from, and what one of them is."""

import json
import re
from collections.abc import Mapping

from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.plan.model import ExtractionPlan
from tools.plan.settings import literal
from tools.render.flow import Call, Flow
from tools.render.recording import Recorded, Recording
from tools.render.settings import DEFAULTS, data_keys, key_of
from tools.render.sources import Sources, dotted
from tools.render.subject import Subject

DATA, MODEL, TRAINING, CONFIG = (f"tests/test_{name}.py" for name in ("data", "model", "training", "config"))

LONG = 6.0
"""Seconds of all stage functions from which on a training is run only once as it is, and else shortened."""
SHORT = {
    **dict.fromkeys(("epochs", "num_epochs", "n_epochs", "max_epochs", "max_iter", "n_iter", "num_iterations"), 2),
    **dict.fromkeys(("iterations", "num_boost_round", "n_estimators", "num_rounds", "n_steps", "steps"), 5),
}
"""Settings that say how long a training goes on, and a small value."""


class Evidence(Frozen):
    """What is known of a generated package.

    Attributes:
        plan: In force.
        facts: Of the notebook.
        sources: Of the package.
        flow: How its stage functions are called.
        subject: The served model, where it is known.
        recording: Of a run of the package.
        tree: Text files of the repository.
    """

    plan: ExtractionPlan
    facts: NotebookFacts
    sources: Sources
    flow: Flow
    subject: Subject | None
    recording: Recording
    tree: dict[str, str]

    def recorded(self, call: Call) -> Recorded | None:
        """Return what was recorded of a call whose value says something, or None."""
        found = self.recording.results.get(call.name)
        telling = found is not None and any(not key.endswith("type") for key in found.summary)
        return found if telling and call.function.returns != "None" else None

    def data_paths(self) -> tuple[tuple[str, str], ...]:
        """Return (key, path) of the files of the user's data that the settings name."""
        keys = set(data_keys(self.plan))
        keys |= {s.key for s in self.plan.settings if s.key.startswith("data.path") and s.annotation == "str"}
        return tuple((setting.key, str(literal(setting))) for setting in self.plan.settings if setting.key in keys)

    def short(self) -> tuple[str, ...]:
        """Return overrides that shorten a training which takes long; empty where none is needed or known."""
        if sum(result.seconds for result in self.recording.results.values()) < LONG:
            return ()
        keys = [key for call in self.flow.calls for key in call.keys]
        found = {key: SHORT[last] for key in keys if (last := key.rsplit(".", 1)[-1].lower()) in SHORT}
        return tuple(f"{key}={value}" for key, value in found.items())

    def output_overrides(self, folder: str = "folder") -> list[str]:
        """Return source of the overrides by which a run writes below a folder."""
        output, metrics = key_of(self.plan, "output_dir"), key_of(self.plan, "metrics_path")
        found = [f'f"{output}={{{folder}}}"'] if output else []
        if metrics and "${" not in self.tree.get(DEFAULTS, ""):
            found.append(f'f"{metrics}={{{folder}}}/metrics.json"')
        return found

    def imports(self, call: Call) -> str:
        """Return the import of the module of a call."""
        return dict(self.flow.modules)[call.alias]


class GeneratedTest(Frozen):
    """One function of a generated test file.

    Attributes:
        file: Its path.
        name: Of the function.
        imports: Import statements that it needs.
        source: The function, decorators included.
        contract: It tests what every package promises: when it fails, the package is wrong, not the test.
    """

    file: str
    name: str
    imports: tuple[str, ...]
    source: str
    contract: bool = False


def tolerance(evidence: Evidence) -> str:
    """Return the keyword of `pytest.approx` for figures that another machine computes."""
    trained_by_network = evidence.subject is not None and evidence.subject.framework in {"torch", "keras"}
    return ", rel=1e-3, abs=1e-5" if trained_by_network else ""


def identifier(text: str) -> str:
    """Return a text as part of a function's name."""
    return re.sub(r"\W+", "_", text).strip("_").lower() or "value"


def type_imports(annotation: str, module: str, sources: Sources) -> tuple[str, ...]:
    """Return the imports that an annotation of a module's function needs in another file."""
    found = []
    for name in dict.fromkeys(re.findall(r"[A-Za-z_]\w*", annotation)):
        if name in sources.records.get(module, {}):
            found.append(f"from {dotted(module)} import {name}")
        elif name in sources.bound.get(module, {}):
            found.append(sources.bound[module][name])
        elif name in sources.assigned.get(module, ()):
            found.append(f"from {dotted(module)} import {name}")
    return tuple(found)


def recorded_json(evidence: Evidence) -> str:
    """Return the text of tests/recorded.json: the figures of each result that a test compares."""
    figures: dict[str, Mapping[str, float | str]] = {}
    for call in evidence.flow.calls:
        found = evidence.recorded(call)
        if found is not None:
            figures[call.name] = found.summary
    if evidence.recording.model.predictions:
        figures["predictions"] = evidence.recording.model.predictions
    return json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
