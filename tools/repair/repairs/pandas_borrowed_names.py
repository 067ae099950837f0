"""`pd.np` and `pd.datetime`: names of other modules."""

from tools.repair.model import Codemod
from tools.repair.moved import moved

REPAIR = Codemod(
    code="pandas-borrowed-names",
    library="pandas",
    since="2.0",
    reason="`pd.np` and `pd.datetime` are gone: they were numpy and `datetime.datetime`",
    mentions=("pd.np", ".np.", ".datetime", "datetime"),
    change=moved({"pandas.np": "numpy", "pandas.datetime": "datetime.datetime"}),
    errors=(
        r"module 'pandas' has no attribute '(np|datetime)'",
        r"cannot import name '(np|datetime)' from 'pandas'",
    ),
    certain=True,
)
