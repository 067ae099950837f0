"""Arguments for dates that are gone."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="pandas-date-arguments",
    library="pandas",
    since="3.0",
    reason="`infer_datetime_format` and `keep_date_col=False` are gone: they are what is done anyway",
    mentions=("infer_datetime_format", "keep_date_col"),
    change=keywords(
        ("pandas.read_csv", "pandas.read_table", "pandas.read_excel", "pandas.to_datetime"),
        (Keyword("infer_datetime_format"), Keyword("keep_date_col", values={"False": ""})),
    ),
    errors=(r"unexpected keyword argument '(infer_datetime_format|keep_date_col)'",),
    certain=True,
)
