"""A notebook as cells of plain Python statements: what every later stage reads instead of the file."""

from typing import Literal

from tools.frozen import Frozen


class Output(Frozen):
    """One saved output of a cell, as text; images and HTML are left out, long text is cut in the middle."""

    kind: Literal["stream", "result", "display", "error"]
    text: str


class MagicRecord(Frozen):
    """What became of one magic, shell line or help query.

    Attributes:
        cell: Number of the code cell, from 1.
        line: Line in the cell's source, from 1.
        source: The line as written (a cell magic: its first line).
        action: `rewritten` to Python, `dropped`, `requirement` (an install), `download` (fetches a file),
            `kept` (turned into a Python call that does the same).
        detail: One clause for people, such as "timing only: the call itself is kept".
    """

    cell: int
    line: int
    source: str
    action: Literal["rewritten", "dropped", "requirement", "download", "kept"]
    detail: str


class Repair(Frozen):
    """A named change by which a notebook runs on the libraries that are installed. The user's file stays as it is.

    Attributes:
        code: Name of the repair, such as `pandas-append`.
        statement: The statement that it changed.
        before: Its code as it was.
        after: Its code now; of several statements, where the repair made one into several.
        reason: One sentence: what is gone, and what stands in its place.
        release: The release that broke it, such as `pandas 2.0`.
        evidence: What showed that it is broken here: the traced error, or the version that is installed.
    """

    code: str
    statement: str
    before: str
    after: str
    reason: str
    release: str
    evidence: str = ""


class Statement(Frozen):
    """One top-level statement of a code cell, in plain Python.

    Attributes:
        id: `c12.s3`: third statement of the twelfth code cell.
        cell: Number of the code cell, from 1.
        number: Number within the cell, from 1.
        source: The statement with its own-line comments above and its trailing comment, magics rewritten.
        code: The same without the comments above it; parses by `ast.parse` to exactly one statement.
        line: First line of `code` in the cell as written, from 1.
        end_line: Last line.
        displayed: The last expression of the cell, whose value a notebook shows (no `;` behind it).
        original: The code as written, where a repair replaced it or added the statement; else empty.
    """

    id: str
    cell: int
    number: int
    source: str
    code: str
    line: int
    end_line: int
    displayed: bool = False
    original: str = ""


class Cell(Frozen):
    """One code cell.

    Attributes:
        index: Number over the code cells, from 1.
        id: The cell's own id in the file, or `cell-<position>` where it has none.
        position: Position over all cells of the file, from 0.
        source: Source as written.
        execution_count: As saved; None where the cell was never run.
        outputs: Saved outputs.
        statements: Its statements; empty where the cell does not parse.
        headings: Markdown headings that the cell stands under, outermost first.
        markdown: Text of the markdown cells directly above (between the previous code cell and this one).
        error: Why the cell does not parse, or None.
    """

    index: int
    id: str
    position: int
    source: str
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()
    statements: tuple[Statement, ...] = ()
    headings: tuple[str, ...] = ()
    markdown: str = ""
    error: str | None = None


class NotebookSecret(Frozen):
    """A key or token of the notebook's code that was taken out; its value is in no model.

    Attributes:
        name: The environment variable that stands for it.
        kind: What it is: `openai key`.
        cell: Number of the code cell, from 1.
    """

    name: str
    kind: str
    cell: int


class Notebook(Frozen):
    """A notebook, read and upgraded; nothing of it has been run.

    Attributes:
        path: Absolute path of the file.
        sha256: Of the file's bytes.
        kernel: Name of its kernel, such as `python3`; empty where none is named.
        python_version: `language_info.version` as saved; empty where there is none.
        title: First heading of level 1 (else the file's stem as words).
        description: First paragraph of the markdown under the title; may be empty.
        cells: The code cells in document order.
        magics: What became of each magic.
        requirements: Pip requirement strings that it installs itself, such as `seaborn==0.13`.
        warnings: Sentences for people.
        repairs: What was changed to let it run here, in order; `cells[].source` stays as written.
        secrets: Taken out of its code; `cells[].source` and all else reads environment variables in their place.
    """

    path: str
    sha256: str
    kernel: str = ""
    python_version: str = ""
    title: str = ""
    description: str = ""
    cells: tuple[Cell, ...] = ()
    magics: tuple[MagicRecord, ...] = ()
    requirements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    secrets: tuple[NotebookSecret, ...] = ()

    def statements(self) -> tuple[Statement, ...]:
        """Return all statements in document order."""
        return tuple(s for cell in self.cells for s in cell.statements)
