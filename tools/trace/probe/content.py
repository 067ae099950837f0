"""How arrays, frames, sparse matrices and tensors are fed into a fingerprint: by content, whatever their storage."""

from __future__ import annotations

import marshal
import sys
from typing import Any, Callable, Protocol

MAX_BYTES = 64 * 1024 * 1024
MAX_OBJECTS = 200_000


class Fed(Protocol):
    """What takes the parts of a value."""

    def tag(self, *parts: str) -> None:
        """Take words."""

    def raw(self, data: Any) -> None:
        """Take bytes."""

    def feed(self, value: Any) -> None:
        """Take a value."""

    def thing(self, value: Any) -> None:
        """Take an object by its attributes."""

    def mapping(self, value: Any) -> None:
        """Take a dict."""


def feed_numpy(fed: Fed, value: Any) -> bool:
    """Feed a scalar, array or generator of numpy; tells whether it was one."""
    import numpy as np

    if isinstance(value, np.generic):
        fed.tag("scalar", str(value.dtype), repr(value.tolist()))
    elif isinstance(value, np.ndarray):
        fed.tag("array", str(value.dtype) if value.dtype.names is None else "record", repr(value.shape))
        feed_array(fed, value)
    elif isinstance(value, np.dtype):
        fed.tag("dtype", str(value))
    elif hasattr(value, "bit_generator"):
        fed.feed(value.bit_generator.state)
    elif hasattr(value, "get_state"):
        fed.feed(value.get_state())
    elif isinstance(getattr(type(value), "state", None), property) or hasattr(value, "random_raw"):
        fed.feed(value.state)
    else:
        return False
    return True


def is_scalar(value: Any) -> bool:
    """Tell whether a value is a scalar of numpy that plain Python has an equal for."""
    import numpy as np

    return isinstance(value, (np.bool_, np.number, np.str_, np.bytes_)) and not isinstance(value, np.timedelta64)


def feed_array(fed: Fed, value: Any) -> None:
    """Feed the contents of an array in C order; missing values equal each other."""
    import numpy as np

    value = np.asarray(value)
    if value.dtype.names is not None:
        for name in value.dtype.names:
            fed.tag(name)
            feed_array(fed, value[name])
        return
    if value.dtype == object:
        _feed_objects(fed, value.ravel().tolist())
        return
    if value.nbytes > MAX_BYTES:
        fed.tag("sampled")
        value = value.ravel()[:: value.nbytes // MAX_BYTES + 1]
    data = np.ascontiguousarray(value)
    if data.dtype.kind in "fc":
        missing = np.isnan(data)
        if missing.any():
            data = np.where(missing, np.array(np.nan, dtype=data.dtype), data)
    if data.size and data.dtype.itemsize:
        fed.raw(data.reshape(-1).view(np.uint8).data)


def _feed_objects(fed: Fed, items: list[Any]) -> None:
    kinds = {*map(type, items)}
    if not kinds <= {str, bool, int, float, type(None)}:
        items = [None if _is_missing(item) else item for item in items]
        kinds = {*map(type, items)}
    if float in kinds and str in kinds:
        items = [None if item != item else item for item in items]
    if kinds <= {str, bool, int, float, type(None)}:
        fed.raw(marshal.dumps(items, 2))
        return
    for item in items[:: len(items) // MAX_OBJECTS + 1]:
        fed.feed(item)


def _is_missing(item: Any) -> bool:
    return type(item).__name__ in ("NAType", "NaTType")


def feed_pandas(fed: Fed, value: Any) -> bool:
    """Feed a frame, series, index, extension array or grouping; tells whether it was one."""
    import pandas as pd

    name = type(value).__name__
    if isinstance(value, pd.DataFrame):
        _feed_frame(fed, value)
    elif isinstance(value, pd.Series):
        fed.tag("series", repr(value.name), repr(value.shape))
        feed_index(fed, value.index)
        _feed_column(fed, value)
    elif isinstance(value, pd.Index):
        feed_index(fed, value)
    elif isinstance(value, pd.api.extensions.ExtensionArray):
        fed.tag("extension")
        _feed_column(fed, pd.Series(value))
    elif name.endswith("GroupBy") or hasattr(value, "_selected_obj"):
        fed.tag("view", name, repr(getattr(value, "keys", "")) if isinstance(getattr(value, "keys", ""), str) else "")
        fed.feed(value.obj)
    elif name == "Styler":
        fed.feed(value.data)
    elif name in ("NAType", "NaTType"):
        fed.tag("missing")
    elif isinstance(value, pd.api.extensions.ExtensionDtype) or hasattr(value, "isoformat") or not vars_of(value):
        fed.tag("shown", repr(value)[:2000])
    else:
        return False
    return True


def vars_of(value: Any) -> bool:
    """Tell whether a value has attributes of its own."""
    return bool(getattr(value, "__dict__", None))


def _feed_frame(fed: Fed, frame: Any) -> None:
    import numpy as np

    fed.tag("frame", repr(frame.shape))
    feed_index(fed, frame.columns)
    feed_index(fed, frame.index)
    kinds = list(dict.fromkeys(frame.dtypes.tolist()))
    if len(kinds) == 1 and isinstance(kinds[0], np.dtype) and kinds[0].kind != "O":
        fed.tag(str(kinds[0]))
        feed_array(fed, frame.to_numpy().T)
        return
    for position in range(frame.shape[1]):
        _feed_column(fed, frame.iloc[:, position])


def feed_index(fed: Fed, index: Any) -> None:
    """Feed an index: its names and labels; a range equals the same labels written out."""
    fed.tag("index", repr(list(index.names)))
    if index.nlevels > 1:
        fed.tag(repr(index.nlevels))
        for level in range(index.nlevels):
            _feed_column(fed, index.get_level_values(level))
    else:
        _feed_column(fed, index)


def _feed_column(fed: Fed, series: Any) -> None:
    """Feed the values of a series or index; text counts by value, however it is stored."""
    import numpy as np

    dtype = series.dtype
    name = str(dtype)
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        fed.tag(name, repr((len(series),)))
        feed_array(fed, series.to_numpy())
    elif name == "category":
        fed.tag("category", repr(bool(dtype.ordered)))
        codes = series.codes if hasattr(series, "codes") else series.cat.codes
        _feed_column(fed, dtype.categories)
        feed_array(fed, np.asarray(codes))
    else:
        text = name in ("object", "str") or name.startswith("string") or name.startswith("large_string")
        fed.tag("text" if text else name, repr((len(series),)))
        _feed_objects(fed, np.asarray(series.astype(object), dtype=object).tolist())


def feed_scipy(fed: Fed, value: Any) -> bool:
    """Feed a sparse matrix by its non-zero entries; tells whether it was one."""
    import numpy as np

    if not hasattr(value, "tocsr") or len(value.shape) != 2:
        return False
    rows = value.tocsr()
    if rows is value:
        rows = rows.copy()
    rows.sum_duplicates()
    fed.tag("sparse", repr(tuple(rows.shape)), str(rows.dtype))
    for part in (rows.data, np.asarray(rows.indices, dtype="int64"), np.asarray(rows.indptr, dtype="int64")):
        feed_array(fed, part)
    return True


def feed_torch(fed: Fed, value: Any) -> bool:
    """Feed a tensor, generator or optimizer; tells whether it was one. Modules are met by `feed_module`."""
    import torch

    if isinstance(value, torch.Tensor):
        fed.tag("tensor", str(value.dtype), repr(tuple(value.shape)))
        plain = value.detach().cpu()
        plain = plain.to_dense() if plain.is_sparse else plain
        feed_array(fed, (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy())
    elif isinstance(value, torch.Generator):
        feed_array(fed, value.get_state().numpy())
    elif isinstance(value, (torch.dtype, torch.device, torch.Size)):
        fed.tag("torch", str(value))
    elif isinstance(value, torch.optim.Optimizer):
        fed.tag("optimizer", type(value).__name__)
        fed.feed(value.state_dict())
    else:
        return feed_module(fed, value)
    return True


def feed_module(fed: Fed, value: Any) -> bool:
    """Feed a neural network by structure, parameters and mode; tells whether it was one."""
    torch = sys.modules.get("torch")
    if torch is None or not hasattr(torch, "nn") or not isinstance(value, torch.nn.Module):
        return False
    fed.tag("network", type(value).__name__, repr(value), "training" if value.training else "evaluating")
    fed.mapping(dict(value.state_dict()))
    return True


FEEDERS: dict[str, Callable[[Fed, Any], bool]] = {
    "numpy": feed_numpy,
    "pandas": feed_pandas,
    "scipy": feed_scipy,
    "torch": feed_torch,
}
"""By the top-level package that a value's class comes from."""
