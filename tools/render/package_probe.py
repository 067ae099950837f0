"""Runs a generated package once and writes down what its tests may assert.

A copy of this file runs beside the package, in the package's environment and in the sandbox: it imports nothing of this
project, and values of foreign code have no type here. It is given `calls.py` (rendered: how each stage function is
called), `tests/summary.py` and `request.json`.
"""
# ruff: noqa: ANN401

import copy
import importlib
import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

REPEATED_SECONDS = 2.0
"""A call that takes longer is not repeated with other settings."""
WEIGHT_OF_A_TRIAL = 0.4
FEW = 20
"""A column with at most so many different values is described by them."""


class Probe:
    """One recording."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.calls: Any = importlib.import_module("calls")
        self.summary: Any = importlib.import_module("tests.summary").summary
        self.until = time.monotonic() + float(request["seconds"]) * WEIGHT_OF_A_TRIAL
        self.found: dict[str, Any] = {"results": {}, "settings": {}, "refused": [], "model": {}, "losses": {}}
        self.stages = SimpleNamespace()

    def load(self, *overrides: str) -> Any:
        """Return the settings."""
        return self.calls.load_config(self.request["defaults"], list(overrides))

    def look_up(self, path: str, stages: Any = None) -> Any:
        """Return a result by its path, such as `split_data.X_train`."""
        return eval(f"stages.{path}", {"stages": stages or self.stages})

    def run(self) -> None:
        """Call every stage function in order, then try what else the tests could assert."""
        config = self.load()
        if self.calls.set_seed:
            self.calls.set_seed(config.seed)
        for name, call in self.calls.CALLS:
            inputs = {path: _digest(self.summary, self.look_up(path)) for path in self.request["inputs"].get(name, [])}
            losses: list[float] = []
            started = time.monotonic()
            with _NotedLosses(losses):
                value = call(config, self.stages)
            seconds = time.monotonic() - started
            setattr(self.stages, name, value)
            changed = [p for p, before in inputs.items() if _digest(self.summary, self.look_up(p)) != before]
            figures = self.summary(value)
            self.found["results"][name] = {
                "summary": figures,
                "seconds": seconds,
                "type": f"{type(value).__module__}.{type(value).__qualname__}",
                "changed_arguments": changed,
                "shapes": _shapes(self.request["paths"].get(name, []), self.stages),
            }
            if losses:
                self.found["losses"][name] = {"count": len(losses), **_fall(losses)}
        for name, result in self.found["results"].items():
            result["overwritten"] = _digest(self.summary, getattr(self.stages, name)) != _digest_of(result["summary"])
        for attempt in (self.pairs, self.model, self.settings, self.isolation, self.refusals, self.made_up):
            try:
                attempt()
            except Exception as error:
                self.found.setdefault("trouble", []).append(f"{attempt.__name__}: {type(error).__name__}: {error}")

    def settings(self) -> None:
        """Change one setting at a time and see what arrives."""
        calls = dict(self.calls.CALLS)
        for name, overrides in self.request["overrides"].items():
            for override, last, value in overrides:
                if self.found["results"][name]["seconds"] > REPEATED_SECONDS or time.monotonic() > self.until:
                    break
                before = getattr(self.stages, name)
                try:
                    control, changed = (self.again(calls[name], *given) for given in ((), (override,)))
                except Exception:
                    continue
                arrival = _arrival(self.summary, changed, before, last, value)
                if arrival["mode"] == "differs" and self.summary(control) != self.summary(before):
                    continue
                self.found["settings"].setdefault(name, []).append({"override": override, **arrival})

    def again(self, call: Any, *overrides: str) -> Any:
        """Call a function once more, with other settings."""
        stages = copy.deepcopy(self.stages)
        if self.calls.set_seed:
            self.calls.set_seed(self.load().seed)
        return call(self.load(*overrides), stages)

    def isolation(self) -> None:
        """See which functions that are given the seed give the same in another state of the global generators."""
        import random

        import numpy as np

        calls = dict(self.calls.CALLS)
        for name in self.request["seeded"]:
            result = self.found["results"][name]
            if result["seconds"] > REPEATED_SECONDS or result["changed_arguments"] or time.monotonic() > self.until:
                continue
            config, stages = self.load(), copy.deepcopy(self.stages)
            random.seed(config.seed + 1)
            np.random.seed(config.seed + 1)
            again = self.summary(calls[name](config, stages))
            result["isolated"] = not result["overwritten"] and again == self.summary(getattr(self.stages, name))

    def pairs(self) -> None:
        """See which results are parts of one whole without a common row."""
        self.found["disjoint"] = [
            [first, second]
            for first, second in self.request["pairs"]
            if _disjoint(self.look_up(first), self.look_up(second))
        ]
        self.found["heads"] = {
            path: _labels(self.look_up(path).index[:5])
            for path in self.request["heads"]
            if hasattr(self.look_up(path), "index") and hasattr(self.look_up(path), "iloc")
        }

    def refusals(self) -> None:
        """Hand the functions what they ought to refuse."""
        calls = dict(self.calls.CALLS)
        for name, attempts in self.request["refusals"].items():
            for attempt in attempts:
                stages = copy.deepcopy(self.stages)
                config = self.load(*attempt.get("overrides", []))
                if attempt["kind"] != "file":
                    frame = self.look_up(attempt["path"], stages)
                    if not hasattr(frame, "columns"):
                        continue
                    spoilt = _spoilt(frame, attempt["kind"])
                else:
                    spoilt = [("", None)]
                for column, value in spoilt:
                    if value is not None:
                        _put(stages, attempt["path"], value)
                    try:
                        calls[name](config, stages)
                    except Exception as error:
                        message = str(error.args[0]) if error.args else ""
                        entry = {"function": name, **attempt, "column": column, "exception": type(error).__name__}
                        self.found["refused"].append({**entry, "message": message})
                        break

    def model(self) -> None:
        """Let the model predict for a few rows, and compare it with a constant prediction."""
        asked = self.request["model"]
        if not asked:
            return
        model = self.look_up(asked["path"])
        for path in [p for p in (asked["features"], *self.request["candidates"]) if p]:
            features = self.look_up(path)
            batch, mode = _batch(features)
            try:
                found = self.predictions(model, batch, features if mode == "rows" else None)
            except Exception:
                continue
            if found:
                self.found["model"] = {"features": path, "mode": mode, **found}
                break
        else:
            return
        if "predict" in found and path == asked["features"] and asked["target"]:
            self.found["model"]["baseline"] = _baseline(
                self.look_up(asked["target"]), model.predict(features), asked["task"]
            )
        if asked["unfitted"] and hasattr(model, "predict"):
            try:
                self.look_up(asked["unfitted"], SimpleNamespace(**self.unfitted())).predict(batch)
            except Exception as error:
                self.found["model"]["unfitted"] = type(error).__name__

    def predictions(self, model: Any, batch: Any, features: Any) -> dict[str, Any]:
        """Return what a model gives for five rows and for all."""
        import numpy as np

        found: dict[str, Any] = {}
        if hasattr(model, "predict"):
            predicted = np.asarray(model.predict(batch))
            if len(predicted) != len(batch):
                return {}
            found["predict"] = {"shape": list(predicted.shape), "finite": _finite(predicted)}
            if features is not None:
                found["predictions"] = self.summary(np.asarray(model.predict(features)))
            if hasattr(model, "predict_proba"):
                proba = np.asarray(model.predict_proba(batch))
                found["proba"] = {"shape": list(proba.shape), "sums": bool(np.allclose(proba.sum(axis=1), 1))}
        elif hasattr(model, "state_dict") and callable(model):
            found["forward"] = _forward(model, batch)
            if features is not None:
                found["predictions"] = self.summary(_output(model, features))
        return found

    def made_up(self) -> None:
        """Run the stages on made-up rows with the schema of the data."""
        files = self.request["files"]
        if not files or not all(path.endswith(".csv") for _, path in files):
            return
        schemas = {path: _schema(path) for _, path in files}
        Path("tests/schema.json").write_text(json.dumps(schemas), encoding="utf-8")
        folder = Path("made-up")
        folder.mkdir()
        write_rows = importlib.import_module("tests.synthetic").write_rows
        config = self.load(*(f"{key}={write_rows(path, folder)}" for key, path in files))
        stages = SimpleNamespace()
        for name, call in self.calls.CALLS:
            setattr(stages, name, call(config, stages))
        self.found["schemas"] = schemas

    def unfitted(self) -> dict[str, Any]:
        """Build the model anew."""
        name = self.request["model"]["unfitted"].split(".")[0].split("[")[0]
        return {name: dict(self.calls.CALLS)[name](self.load(), copy.deepcopy(self.stages))}


class _NotedLosses:
    """Notes the value of each tensor from which gradients are computed."""

    def __init__(self, noted: list[float]) -> None:
        self.noted = noted
        self.torch = sys.modules.get("torch")

    def __enter__(self) -> None:
        if self.torch is None:
            return
        self.original = self.torch.Tensor.backward
        original, noted = self.original, self.noted

        def backward(tensor: Any, *args: Any, **kwargs: Any) -> Any:
            if tensor.numel() == 1:
                noted.append(float(tensor.detach()))
            return original(tensor, *args, **kwargs)

        self.torch.Tensor.backward = backward

    def __exit__(self, *_: object) -> None:
        if self.torch is not None:
            self.torch.Tensor.backward = self.original


def _fall(losses: list[float]) -> dict[str, float]:
    part = max(1, len(losses) // 5)
    return {"first": sum(losses[:part]) / part, "last": sum(losses[-part:]) / part}


def _digest(summary: Any, value: Any) -> str:
    return _digest_of(summary(value))


def _digest_of(figures: Any) -> str:
    return json.dumps(figures, sort_keys=True, default=str)


def _shapes(paths: list[str], stages: Any) -> dict[str, list[int]]:
    found = {}
    for path in paths:
        shape = getattr(eval(f"stages.{path}", {"stages": stages}), "shape", None)
        if shape is not None:
            found[path] = [int(size) for size in shape]
    return found


def _arrival(summary: Any, changed: Any, before: Any, last: str, value: Any) -> dict[str, Any]:
    """Say how a setting is seen in what a function returns: as a parameter of an estimator, or by other figures."""
    if hasattr(changed, "get_params"):
        old, new = before.get_params(), changed.get_params()
        for name in sorted(new, key=lambda n: (n.rsplit("__", 1)[-1] != last, n.count("__"), n)):
            plain = isinstance(new[name], int | float | str | None)
            if plain and new[name] == value and type(new[name]) is type(value) and old.get(name) != new[name]:
                return {"mode": "parameter", "name": name, "value": value}
        return {"mode": "none"}
    return {"mode": "differs" if summary(changed) != summary(before) else "none"}


def _labels(index: Any) -> list[Any]:
    """Return the labels of rows: numbers as they are, dates and the like as their text."""
    labels = index.tolist()
    return labels if all(isinstance(label, (int, float)) for label in labels) else [str(label) for label in labels]


def _disjoint(first: Any, second: Any) -> bool:
    if hasattr(first, "index") and hasattr(second, "index") and hasattr(first, "iloc"):
        return bool(first.index.is_unique and second.index.is_unique and not set(first.index) & set(second.index))
    return False


def _spoilt(frame: Any, kind: str) -> list[tuple[str, Any]]:
    """Return copies of a frame that lack a column, or have an unknown value in it."""
    columns = list(frame.columns)[:40]
    if kind == "column":
        return [(str(column), frame.drop(columns=[column])) for column in columns]
    changed = []
    for column in columns:
        if frame[column].dtype.kind in "OU" or str(frame[column].dtype) in {"str", "string", "category"}:
            spoilt = frame.copy()
            spoilt[column] = spoilt[column].astype(object)
            spoilt.iloc[0, list(frame.columns).index(column)] = "unknown"
            changed.append((str(column), spoilt))
    return changed


def _schema(path: str) -> dict[str, dict[str, Any]]:
    """Return kind, share of gaps, and range or values of each column of a file."""
    import pandas as pd

    frame = pd.read_csv(path)
    found: dict[str, dict[str, Any]] = {}
    for name in frame.columns:
        column = frame[name].dropna()
        entry: dict[str, Any] = {"kind": "text", "missing": round(float(frame[name].isna().mean()), 4)}
        kind = column.dtype.kind
        few = sorted(column.unique().tolist()) if column.nunique() <= FEW else []
        if few:
            entry |= {"kind": "few", "values": few}
        elif kind in "iuf":
            entry |= {"kind": "number" if kind == "f" else "integer", "min": column.min().item()}
            entry["max"] = column.max().item()
        elif column.astype(str).str.fullmatch(r"\d{4}-\d\d-\d\d").all():
            entry |= {"kind": "date", "min": str(column.min()), "max": str(column.max())}
        found[str(name)] = entry
    return found


def _put(stages: Any, path: str, value: Any) -> None:
    name, _, field = path.partition(".")
    if not field:
        setattr(stages, name, value)
    else:
        setattr(stages, name, getattr(stages, name)._replace(**{field: value}))


def _finite(values: Any) -> bool:
    import numpy as np

    return bool(values.dtype.kind not in "fc" or np.isfinite(values).all())


def _batch(features: Any) -> tuple[Any, str]:
    """Return five rows of a table, an array or a tensor, or of the first batch of a loader."""
    if hasattr(features, "batch_size") and hasattr(features, "dataset"):
        first = next(iter(features))
        return (first[0] if isinstance(first, list | tuple) else first)[:5], "loader"
    return features[:5], "rows"


def _baseline(target: Any, predicted: Any, task: str) -> dict[str, float]:
    import numpy as np

    target, predicted = np.asarray(target).ravel(), np.asarray(predicted).ravel()
    if len(target) != len(predicted):
        return {}
    if task == "classification":
        _, counts = np.unique(target.astype(str), return_counts=True)
        right = float(np.mean(target.astype(str) == predicted.astype(str)))
        return {"model": right, "constant": float(counts.max() / counts.sum())}
    if task == "regression" and target.dtype.kind in "iuf" and predicted.dtype.kind in "iuf":
        return {
            "model": float(np.mean((target - predicted) ** 2)),
            "constant": float(np.mean((target - target.mean()) ** 2)),
        }
    return {}


def _output(model: Any, features: Any) -> Any:
    import torch

    model.eval()
    with torch.no_grad():
        return model(features)


def _forward(model: Any, batch: Any) -> dict[str, Any]:
    import torch

    model.eval()
    with torch.no_grad():
        output, again = model(batch), model(batch)
    return {
        "shape": list(output.shape),
        "finite": bool(torch.isfinite(output).all()),
        "repeats": bool(torch.equal(output, again)),
        "low": float(output.min()),
        "high": float(output.max()),
        "sums": bool(output.ndim == 2 and torch.allclose(output.sum(dim=1), torch.ones(len(output)), atol=1e-4)),
    }


def main() -> None:
    """Record and write `recording.json`."""
    probe = Probe(json.loads(Path("request.json").read_text(encoding="utf-8")))
    try:
        probe.run()
        probe.found["status"] = "ran"
    except Exception as error:
        probe.found["status"] = "failed"
        probe.found["error"] = f"{type(error).__name__}: {error}"
    Path("recording.json").write_text(json.dumps(probe.found, default=str), encoding="utf-8")


if __name__ == "__main__":
    main()
