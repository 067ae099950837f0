"""`Variable(volatile=True)`."""

from tools.repair.keywords import Keyword, keywords
from tools.repair.model import Codemod

REPAIR = Codemod(
    code="torch-volatile",
    library="torch",
    since="0.4",
    reason="`volatile` is gone: it is let go, and gradients that nobody asks for change no value",
    mentions=("volatile",),
    change=keywords(("torch.Variable", ".Variable"), (Keyword("volatile"),)),
    errors=(r"volatile",),
    certain=True,
)
