"""numpy, before and after."""

import pytest
from repair_cases import repaired

CASES = [
    ("numpy-builtin-aliases", "x.astype(np.int)  # whole", "x.astype(int)  # whole"),
    ("numpy-builtin-aliases", "y = np.array(z, dtype=np.object)", "y = np.array(z, dtype=object)"),
    ("numpy-2-names", "a = [np.NaN, np.Inf, np.NINF]", "a = [np.nan, np.inf, (-np.inf)]"),
    ("numpy-2-names", "n = np.product(x.shape)", "n = np.prod(x.shape)"),
    ("numpy-2-names", "from numpy import NaN, array", "from numpy import nan as NaN, array"),
    ("numpy-2-4-names", "m = np.in1d(a, b)", "m = np.isin(a, b)"),
]
UNTOUCHED = [
    ("numpy-builtin-aliases", "x.astype(np.int64)"),
    ("numpy-builtin-aliases", "x = config.int"),
    ("numpy-builtin-aliases", "x.astype(np.bool)"),
    ("numpy-builtin-aliases", "try:\n    t = np.float\nexcept AttributeError:\n    t = float"),
    ("numpy-2-names", "a = np.nan + table.NaN"),
    ("numpy-2-names", "from itertools import product"),
    ("numpy-2-4-names", "m = np.isin(a, b)"),
]


@pytest.mark.parametrize(("code", "before", "after"), CASES)
def test_repaired(code: str, before: str, after: str) -> None:
    assert repaired(code, before) == after


@pytest.mark.parametrize(("code", "before"), UNTOUCHED)
def test_left_alone(code: str, before: str) -> None:
    assert repaired(code, before) == before
