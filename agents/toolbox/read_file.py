"""Read a file, or some of its lines."""

from pydantic import Field

from agents.toolbox.model import Bench, RefusedError, Tool
from agents.toolbox.sharing import lines_of
from tools.frozen import Frozen

MOST_LINES = 200


class ReadFile(Frozen):
    """Which lines."""

    path: str = Field(description="Path in the repository, such as src/data/loader.py.")
    start: int = Field(default=1, ge=1, description="First line, from 1.")
    end: int = Field(default=0, ge=0, description=f"Last line; 0 for {MOST_LINES} lines from the first.")


def read_file(bench: Bench, asked: ReadFile) -> str:
    """Return numbered lines.

    Raises:
        RefusedError: If the file may not be read, or has no such line.
    """
    lines = lines_of(bench, asked.path)
    if asked.start > max(1, len(lines)):
        raise RefusedError(f"{asked.path} has {len(lines)} lines")
    last = min(asked.end or len(lines), asked.start + MOST_LINES - 1, len(lines))
    shown = [f"{number:>4} {lines[number - 1]}" for number in range(asked.start, last + 1)]
    more = f"\n({len(lines)} lines in all)" if last < len(lines) or asked.start > 1 else ""
    return "\n".join(shown) + more or "(empty)"


READ_FILE = Tool("read_file", "Read a file with line numbers, or a range of its lines.", ReadFile, read_file)
