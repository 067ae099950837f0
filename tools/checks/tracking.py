"""A migrated MLflow store for each run: creating one anew costs seconds."""

import os
import shutil
import tempfile
from pathlib import Path

from tools.caches import cache_folder
from tools.environment import Interpreter
from tools.sandbox import Limits, run

DATABASE = "mlflow.db"
_MIGRATE = "import mlflow; mlflow.set_tracking_uri('sqlite:///mlflow.db'); mlflow.search_experiments()"


def tracking_environment(interpreter: Interpreter, tree: Path) -> dict[str, str]:
    """Put a fresh, migrated store into a scratch copy and return the variables that make MLflow use it.

    Args:
        interpreter: Of the package.
        tree: The scratch copy.
    """
    database = migrated_store(interpreter)
    if database is not None:
        shutil.copyfile(database, tree / DATABASE)
    return {"MLFLOW_TRACKING_URI": f"sqlite:///{tree / DATABASE}", "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false"}


def migrated_store(interpreter: Interpreter) -> Path | None:
    """Return an empty MLflow database of the right version, made once; None where MLflow is not there.

    Args:
        interpreter: Whose MLflow it is for.
    """
    folder = _cache_folder(interpreter)
    made = folder / DATABASE
    if made.is_file():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="store-") as name:
        scratch = Path(name)
        argv = [interpreter.path, "-c", _MIGRATE]
        done = run(argv, cwd=scratch, limits=Limits(seconds=300), readable=interpreter.folders())
        if done.code or not (scratch / DATABASE).is_file():
            return None
        _forget_folder(scratch / DATABASE)
        temporary = folder / f"{DATABASE}.{os.getpid()}"
        shutil.copyfile(scratch / DATABASE, temporary)
        temporary.replace(made)
    return made


def _forget_folder(database: Path) -> None:
    """Let the default experiment keep its artefacts below the folder of the run that uses the store."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE experiments SET artifact_location = 'mlruns/' || experiment_id")


def _cache_folder(interpreter: Interpreter) -> Path:
    version = interpreter.packages.get("mlflow", interpreter.python_path)
    return cache_folder("mlflow", [interpreter.path, interpreter.version, version])
