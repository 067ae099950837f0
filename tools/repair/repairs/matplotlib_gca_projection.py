"""`gca(projection="3d")`."""

import libcst as cst

from tools.repair.model import Codemod, Scope
from tools.repair.rewrite import keyword, qualified
from tools.repair.simple import arguments_of, calls, method_of


def _rewritten(original: cst.Call, updated: cst.Call, scope: Scope, added: list[str]) -> str | None:
    """Return axes that are added to the figure."""
    receiver, name = method_of(updated)
    if name != "gca" or keyword(updated, "projection") is None:
        return None
    module = qualified(original.func, scope) == "matplotlib.pyplot.gca"
    return f"{receiver}{'.gcf()' if module else ''}.add_subplot({', '.join(arguments_of(updated))})"


REPAIR = Codemod(
    code="matplotlib-gca-projection",
    library="matplotlib",
    since="3.6",
    reason="`gca` takes no arguments: `add_subplot` of the figure makes axes with a projection",
    mentions=("gca(",),
    change=calls(_rewritten),
    errors=(r"gca\(\) got an unexpected keyword argument 'projection'",),
    certain=True,
)
