"""Logged models load back through pyfunc, predict on their input example, and go through the registry."""

import json
from collections.abc import Callable
from pathlib import Path

from tools.sandbox import Completed

_TRY = """
import json, mlflow, pathlib
client = mlflow.MlflowClient()
experiments = [e.experiment_id for e in client.search_experiments()]
found, problem = [], ""
for logged in client.search_logged_models(experiment_ids=experiments):
    name = logged.name
    try:
        uri = f"models:/{logged.model_id}"
        model = mlflow.pyfunc.load_model(uri)
        example = model.input_example
        if example is None:
            problem = f"the logged model {name} has no input example"
            break
        first = model.predict(example)
        version = mlflow.register_model(uri, name)
        client.set_registered_model_alias(name, "candidate", version.version)
        again = mlflow.pyfunc.load_model(f"models:/{name}@candidate").predict(example)
        if repr(first) != repr(again):
            problem = f"the model {name} predicts otherwise when it is loaded by its alias"
            break
        found.append(name)
    except Exception as error:
        problem = f"the logged model {name} cannot be served: {type(error).__name__}: {str(error)[:300]}"
        break
pathlib.Path("served.json").write_text(json.dumps({"found": found, "problem": problem}))
"""


def try_models(run: Callable[..., Completed], python: str, tree: Path) -> tuple[list[str], str]:
    """Load, predict, register and load again every model that a run logged.

    Args:
        run: Runs a command in the scratch copy.
        python: The package's interpreter.
        tree: The scratch copy, after a training.

    Returns:
        Names of the models, and what is wrong; the latter empty where all is well.
    """
    done = run(python, "-c", _TRY)
    result = tree / "served.json"
    if not result.is_file():
        lines = [line for line in done.stderr.splitlines() if line.strip()] or ["no message"]
        return [], f"the logged models could not be read: {lines[-1][:300]}"
    found = json.loads(result.read_text())
    return list(found["found"]), str(found["problem"])
