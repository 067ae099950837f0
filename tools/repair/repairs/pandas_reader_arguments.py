"""Arguments of `read_csv` and its kin that are gone."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod
from tools.repair.simple import one_after_another

_READERS = ("pandas.read_csv", "pandas.read_table", "pandas.read_fwf", "pandas.read_excel")
_SKIPPED = keywords(
    _READERS, (Keyword("error_bad_lines", "on_bad_lines", values={"False": "'skip'", "True": "'error'"}),)
)
_GONE = keywords(_READERS, (Keyword("warn_bad_lines"), Keyword("mangle_dupe_cols"), Keyword("tupleize_cols")))


REPAIR = Codemod(
    code="pandas-reader-arguments",
    library="pandas",
    since="2.0",
    reason=(
        '`error_bad_lines=False` is `on_bad_lines="skip"`; `warn_bad_lines`, `mangle_dupe_cols` and '
        "`tupleize_cols` are gone"
    ),
    mentions=("error_bad_lines", "warn_bad_lines", "mangle_dupe_cols", "tupleize_cols"),
    change=one_after_another(_SKIPPED, _GONE),
    errors=(r"unexpected keyword argument '(error_bad_lines|warn_bad_lines|mangle_dupe_cols|tupleize_cols)'",),
    certain=True,
)
