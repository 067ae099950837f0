"""Draws the graph as Mermaid text: `python -m graph.picture` prints it, with files named it is put into them."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path

_BLOCK = re.compile(r"(?<=```mermaid\n)---\n.*?(?=```)", re.DOTALL)


def picture() -> str:
    """Return the state graph as Mermaid text."""
    from graph.build import build_graph

    return build_graph().get_graph().draw_mermaid().strip() + "\n"


def redrawn(text: str) -> str:
    """Return a Markdown text with the first drawing of the graph in it replaced by the present one.

    Drawings of the graph are those that begin with a configuration; others are left alone.
    """
    return _BLOCK.sub(lambda _: picture(), text, count=1)


def main(paths: Sequence[str]) -> None:
    """Print the picture, or bring the one in each file up to date."""
    if not paths:
        sys.stdout.write(picture())
    for path in map(Path, paths):
        path.write_text(redrawn(path.read_text()))


if __name__ == "__main__":
    main(sys.argv[1:])
