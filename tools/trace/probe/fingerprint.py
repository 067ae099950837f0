"""A digest of a value's content: equal content, equal digest, whatever process or module path it lives in."""

from __future__ import annotations

import hashlib
import struct
import sys
import types
from typing import Any

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 40
MAX_ITEMS = 200_000
_IGNORED_ATTRIBUTES = {"fit_time", "refit_time_", "score_time", "verbose_feature_names_in_", "n_jobs"}
_TIMED_KEYS = ("fit_time", "score_time")
_DRAWN = ("matplotlib", "seaborn", "plotly", "bokeh", "altair", "IPython")


def fingerprint(value: Any) -> str:
    """Return a digest of 16 hexadecimal digits.

    Arrays and frames count by dtype, shape, labels and contents (missing values equal each other); estimators by class,
    parameters and fitted attributes; functions, classes and modules by name; figures not at all. Beyond 64 MB an array is
    sampled evenly.
    """
    walker = _Walker()
    try:
        walker.feed(value)
    except Exception as error:  # a value of a foreign class may fail in any way
        walker.tag("unreadable", type(value).__name__, type(error).__name__)
    return walker.digest.hexdigest()


class _Walker:
    """Feeds a value into a hash, part by part."""

    def __init__(self) -> None:
        self.digest = hashlib.blake2b(digest_size=8)
        self.seen: dict[int, int] = {}
        self.alive: list[Any] = []
        self.depth = 0
        self.items = 0

    def tag(self, *parts: str) -> None:
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            self.digest.update(struct.pack("<q", len(data)) + data)

    def feed(self, value: Any) -> None:
        kind = type(value)
        if value is None or kind in (bool, int, str, complex):
            self.tag(kind.__name__, repr(value))
        elif kind is float:
            self.tag("float", "nan" if value != value else repr(value))
        elif kind in (bytes, bytearray):
            self.tag("bytes")
            self.digest.update(bytes(value))
        else:
            self.compound(value)

    def compound(self, value: Any) -> None:
        if id(value) in self.seen:
            self.tag("again")
            return
        self.items += 1
        if self.depth > MAX_DEPTH or self.items > MAX_ITEMS:
            self.tag("deep", type(value).__name__)
            return
        self.seen[id(value)] = 1
        self.alive.append(value)
        self.depth += 1
        try:
            self.dispatch(value)
        finally:
            self.depth -= 1
            del self.seen[id(value)]

    def dispatch(self, value: Any) -> None:
        module = type(value).__module__.partition(".")[0]
        if module == "numpy" and self.numpy(value):
            return
        if module == "pandas" and self.pandas(value):
            return
        if module == "scipy" and hasattr(value, "tocsr"):
            self.sparse(value)
        elif module == "torch" and self.torch(value):
            return
        elif module in _DRAWN:
            self.tag("figure")
        elif isinstance(value, dict):
            self.mapping(value)
        elif isinstance(value, (list, tuple)):
            self.tag("sequence" if isinstance(value, list) else "tuple", str(len(value)))
            for item in value:
                self.feed(item)
        elif isinstance(value, (set, frozenset)):
            self.tag("set", *sorted(fingerprint(item) for item in value))
        elif isinstance(value, type):
            self.tag("class", value.__name__)
        elif isinstance(value, types.ModuleType):
            self.tag("module", value.__name__)
        elif callable(value) and not hasattr(value, "__dict__"):
            self.tag("callable", getattr(value, "__name__", type(value).__name__))
        elif isinstance(value, (types.FunctionType, types.MethodType, types.BuiltinFunctionType)):
            self.tag("function", value.__name__)
        elif isinstance(value, (types.GeneratorType, types.CoroutineType)) or hasattr(value, "fileno"):
            self.tag("stream", type(value).__name__)
        elif type(value).__name__ == "Random" and hasattr(value, "getstate"):
            self.feed(value.getstate())
        else:
            self.thing(value)

    def mapping(self, value: Any) -> None:
        self.tag("mapping")
        for key, item in value.items():
            if isinstance(key, str) and any(word in key for word in _TIMED_KEYS):
                continue
            self.feed(key)
            self.feed(item)

    def thing(self, value: Any) -> None:
        """Feed an object: its class by bare name, its state by attribute."""
        self.tag("object", type(value).__name__)
        torch = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.nn.Module):
            self.mapping(dict(value.state_dict()))
            self.tag("training" if value.training else "evaluating")
            return
        state = getattr(value, "__dict__", None)
        if not state:
            state = _state_of(value)
        if isinstance(state, dict):
            for name in sorted(state, key=str):
                if name not in _IGNORED_ATTRIBUTES and not str(name).startswith("__"):
                    self.tag(str(name))
                    self.feed(state[name])
        elif state is not None:
            self.feed(state)

    def numpy(self, value: Any) -> bool:
        import numpy as np

        if isinstance(value, np.generic) and not isinstance(value, (np.void, np.datetime64, np.timedelta64)):
            self.feed(value.item())
        elif isinstance(value, np.generic):
            self.tag("scalar", str(value.dtype), repr(value.tolist()))
        elif isinstance(value, np.ndarray):
            self.tag("array", str(value.dtype) if value.dtype.names is None else "record", repr(value.shape))
            self.array(np, value)
        elif hasattr(value, "bit_generator"):
            self.feed(value.bit_generator.state)
        elif hasattr(value, "get_state"):
            self.feed(value.get_state())
        else:
            return False
        return True

    def array(self, np: Any, value: Any) -> None:
        value = np.asarray(value)
        if value.dtype.names is not None:
            for name in value.dtype.names:
                self.tag(name)
                self.array(np, value[name])
            return
        if value.dtype == object:
            flat = value.ravel()
            step = max(1, len(flat) // MAX_ITEMS)
            for item in flat[::step]:
                self.feed(None if item is not None and item is not True and _missing(item) else item)
            return
        if value.nbytes > MAX_BYTES:
            self.tag("sampled")
            value = value.ravel()[:: max(1, value.nbytes // MAX_BYTES)]
        data = np.ascontiguousarray(value)
        if data.dtype.kind in "fc":
            missing = np.isnan(data)
            if missing.any():
                data = np.where(missing, np.array(np.nan, dtype=data.dtype), data)
        self.digest.update(data.tobytes())

    def pandas(self, value: Any) -> bool:
        import pandas as pd

        if isinstance(value, pd.DataFrame):
            self.tag("frame", repr(value.shape))
            self.index(value.columns)
            self.index(value.index)
            for position in range(value.shape[1]):
                self.column(value.iloc[:, position])
        elif isinstance(value, pd.Series):
            self.tag("series", repr(value.name), repr(value.shape))
            self.index(value.index)
            self.column(value)
        elif isinstance(value, pd.Index):
            self.index(value)
        elif value is pd.NA or value is pd.NaT:
            self.tag("missing")
        elif isinstance(value, (pd.Timestamp, pd.Timedelta, pd.Period, pd.Interval)):
            self.tag("time", repr(value))
        elif hasattr(value, "obj") and hasattr(value, "grouper"):
            self.feed(value.obj)
        else:
            return False
        return True

    def index(self, index: Any) -> None:
        self.tag("index", repr(list(index.names)))
        if type(index).__name__ == "RangeIndex":
            self.tag("int64", repr((len(index),)))
            import numpy as np

            self.array(np, index.to_numpy())
            return
        if index.nlevels > 1:
            self.feed([tuple(_plain(item) for item in row) for row in index.tolist()[:MAX_ITEMS]])
            return
        self.column(index)

    def column(self, series: Any) -> None:
        """Feed the values of a series or index; text counts by value, however it is stored."""
        import numpy as np
        import pandas as pd

        dtype = series.dtype
        name = str(dtype)
        if isinstance(dtype, np.dtype) and dtype != object:
            self.tag(name, repr((len(series),)))
            self.array(np, series.to_numpy())
        elif name == "category":
            self.tag("category")
            self.column(pd.Series(series).cat.categories)
            self.array(np, np.asarray(pd.Series(series).cat.codes))
        else:
            text = name in ("object", "str", "string") or name.startswith("string")
            self.tag("text" if text else name, repr((len(series),)))
            self.array(np, np.asarray(series.astype(object), dtype=object))

    def sparse(self, value: Any) -> None:
        import numpy as np

        rows = value.tocsr()
        if not rows.has_sorted_indices:
            rows = rows.copy()
            rows.sort_indices()
        self.tag("sparse", repr(rows.shape), str(rows.dtype))
        for part in (rows.data, np.asarray(rows.indices, dtype="int64"), np.asarray(rows.indptr, dtype="int64")):
            self.array(np, part)

    def torch(self, value: Any) -> bool:
        import numpy as np
        import torch

        if isinstance(value, torch.Tensor):
            self.tag("tensor", str(value.dtype), repr(tuple(value.shape)))
            plain = value.detach().cpu()
            if plain.dtype == torch.bfloat16:
                plain = plain.float()
            self.array(np, (plain.to_dense() if plain.is_sparse else plain).numpy())
        elif isinstance(value, torch.Generator):
            self.array(np, value.get_state().numpy())
        elif isinstance(value, (torch.dtype, torch.device, torch.Size)):
            self.tag("torch", str(value))
        elif isinstance(value, torch.nn.Module):
            self.thing(value)
        elif isinstance(value, torch.optim.Optimizer):
            self.tag("optimizer", type(value).__name__)
            self.feed(value.state_dict())
        else:
            return False
        return True


def _state_of(value: Any) -> Any:
    """Return the state of an object without attributes of its own (a compiled tree, a booster)."""
    for name in ("save_raw", "model_to_string", "__getstate__"):
        method = getattr(value, name, None)
        if callable(method):
            try:
                return method()
            except Exception:  # noqa: S112 - the next way is tried
                continue
    slots = getattr(type(value), "__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return {name: getattr(value, name, None) for name in names}


def _missing(item: Any) -> bool:
    return item != item if isinstance(item, float) else type(item).__name__ in ("NAType", "NaTType")


def _plain(item: Any) -> Any:
    return item.item() if hasattr(item, "item") and not hasattr(item, "shape") else item
