"""Names that a notebook reads and nothing in it defines."""

import builtins
from collections.abc import Iterable, Iterator

from tools.analysis.names import statement_names
from tools.notebook.model import Statement

_GIVEN = frozenset(dir(builtins)) | frozenset(
    {"display", "get_ipython", "In", "Out", "exit", "quit", "_", "__", "___", "_dh", "_ih", "_oh"}
    | {"__name__", "__file__", "__doc__", "__builtins__", "__class__"}
)
"""What Python and the kernel define themselves."""


def undefined_names(statements: Iterable[Statement]) -> Iterator[tuple[str, str]]:
    """Yield each name that is read and never bound, with the id of the first statement that reads it.

    Nothing is said of a notebook with a star import or with code that is not known before it runs: either may bind
    any name. Names in the bodies of functions count, since running them would fail.
    """
    known = [(statement.id, statement_names(statement.code)) for statement in statements]
    if any(names.stars or names.opaque for _, names in known):
        return
    bound = {name for _, names in known for name in (*names.binds, *names.global_writes)}
    told: set[str] = set()
    for identifier, names in known:
        for name in dict.fromkeys((*names.reads, *names.body_reads)):
            if name not in bound and name not in _GIVEN and name not in told:
                told.add(name)
                yield name, identifier
