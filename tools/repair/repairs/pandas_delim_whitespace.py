"""`read_csv(delim_whitespace=True)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="pandas-delim-whitespace",
    library="pandas",
    since="3.0",
    reason='`delim_whitespace=True` is gone: `sep=r"\\s+"` means the same',
    mentions=("delim_whitespace",),
    change=keywords(
        ("pandas.read_csv", "pandas.read_table"),
        (Keyword("delim_whitespace", "sep", values={"True": 'r"\\s+"'}),),
    ),
    errors=(r"unexpected keyword argument 'delim_whitespace'",),
    certain=True,
)
