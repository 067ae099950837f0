"""Runs statements one after the other, many scripts in one process: each in a fork of its own.

Called as a program with two paths: a request (`{name: {"statements": [[id, code]], "points": [[key, id, variable]]}}`)
and where to write `{name: {key: fingerprint}}`, with `"error"` for a script that does not end.
"""

import json
import os
import random
import sys
import traceback
from pathlib import Path
from typing import Any

SEED = 20_011


def run_all(request: dict[str, Any], folder: Path) -> dict[str, dict[str, str]]:
    """Run each script of a request in a fork, in a folder of its own."""
    found = {}
    for name, script in request.items():
        place = folder / name
        place.mkdir(parents=True)
        child = os.fork()
        if child == 0:
            os.chdir(place)
            try:
                values = run(script)
            except BaseException:
                values = {"error": traceback.format_exc(limit=-1)}
            (place / "values.json").write_text(json.dumps(values))
            os._exit(0)
        os.waitpid(child, 0)
        found[name] = json.loads((place / "values.json").read_text())
    return found


def run(script: dict[str, Any]) -> dict[str, str]:
    """Run one script under injected randomness and return the fingerprints of its values."""
    from tools.trace.probe.fingerprint import fingerprint
    from tools.trace.probe.randomness import inject

    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    inject(SEED)
    random.seed(SEED)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    values = {}
    for identifier, code in script["statements"]:
        exec(compile(code, f"<{identifier}>", "exec"), namespace)
        for key, statement, variable in script["points"]:
            if statement == identifier and variable in namespace:
                values[key] = fingerprint(namespace[variable])
    return values


if __name__ == "__main__":
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt  # noqa: F401
    import sklearn.ensemble
    import sklearn.linear_model
    import sklearn.metrics
    import sklearn.model_selection  # noqa: F401

    asked = json.loads(Path(sys.argv[1]).read_text())
    results = Path(sys.argv[2])
    results.write_text(json.dumps(run_all(asked, results.parent / "scripts")))
