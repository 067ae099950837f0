"""Search the files for a text."""

from pydantic import Field

from agents.toolbox.model import Bench, Tool
from agents.toolbox.sharing import lines_of, readable_paths
from tools.frozen import Frozen

MOST_HITS = 40


class Search(Frozen):
    """For what."""

    text: str = Field(min_length=2, max_length=200, description="Text as it stands, case ignored; no pattern.")


def search(bench: Bench, asked: Search) -> str:
    """Return the lines that hold a text, and the paths that do."""
    wanted = asked.text.lower()
    paths = [path for path in readable_paths(bench) if wanted in path.lower()]
    lines = [
        f"{path}:{number}: {line.strip()[:200]}"
        for path in readable_paths(bench)
        for number, line in enumerate(lines_of(bench, path), start=1)
        if wanted in line.lower()
    ]
    found = [*paths, *lines]
    more = [f"({len(found) - MOST_HITS} more)"] if len(found) > MOST_HITS else []
    return "\n".join([*found[:MOST_HITS], *more]) or f"nothing holds {asked.text!r}"


SEARCH = Tool("search", "Search all files for a text; answers path:line: text.", Search, search)
