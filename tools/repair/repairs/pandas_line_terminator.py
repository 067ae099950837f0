"""`to_csv(line_terminator=…)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="pandas-line-terminator",
    library="pandas",
    since="2.0",
    reason="The argument `line_terminator` was renamed to `lineterminator`",
    mentions=("line_terminator",),
    change=keywords((".to_csv", "pandas.read_csv"), (Keyword("line_terminator", "lineterminator"),)),
    errors=(r"unexpected keyword argument 'line_terminator'",),
    certain=True,
)
