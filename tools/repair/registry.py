"""The repairs, in the order in which they are tried: one file and one line each."""

from tools.repair.model import Codemod
from tools.repair.repairs import (
    numpy_2_4_names,
    numpy_2_names,
    numpy_builtin_aliases,
    pandas_append,
    pandas_ix,
    python2_syntax,
    python2_tabs,
    sklearn_base_estimator,
    sklearn_cross_validation,
    sklearn_externals,
    sklearn_grid_search,
    sklearn_imputer,
)

REPAIRS: tuple[Codemod, ...] = (
    python2_tabs.REPAIR,
    python2_syntax.REPAIR,
    numpy_builtin_aliases.REPAIR,
    numpy_2_names.REPAIR,
    numpy_2_4_names.REPAIR,
    sklearn_cross_validation.REPAIR,
    sklearn_grid_search.REPAIR,
    sklearn_externals.REPAIR,
    sklearn_imputer.REPAIR,
    sklearn_base_estimator.REPAIR,
    pandas_append.REPAIR,
    pandas_ix.REPAIR,
)
