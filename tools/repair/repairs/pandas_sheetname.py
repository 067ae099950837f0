"""`read_excel(sheetname=…)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="pandas-sheetname",
    library="pandas",
    since="0.25",
    reason="The argument `sheetname` was renamed to `sheet_name`",
    mentions=("sheetname",),
    change=keywords(("pandas.read_excel", ".parse"), (Keyword("sheetname", "sheet_name"),)),
    errors=(r"unexpected keyword argument 'sheetname'",),
    certain=True,
)
