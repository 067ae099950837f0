"""Cells as people write them → plain Python that runs without IPython, line numbers kept."""

import re
import textwrap
from dataclasses import dataclass, replace

from tools.notebook.cell_magics import cell_magic
from tools.notebook.escapes import escaped, ipython_call
from tools.notebook.line_magics import LINE_MAGICS
from tools.notebook.model import MagicRecord
from tools.notebook.rewrite import Context, Rewrite
from tools.notebook.scanner import LineState, scan

_ASSIGN = re.compile(r"(?<![=!<>+\-*/%&|^@:])=\s*(?=(?:%%?[A-Za-z_]|!!?\s*[\w.{$/~\"'(]))")
_IPYTHON = re.compile(r"^(?P<target>[\w\s,.\[\]'\"]+?\s*=\s*)?get_ipython\(\)\s*\.\s*\w+")
_CELL_MAGIC = re.compile(r"^%%(!|[A-Za-z_][\w.]*)[ \t]*(.*)$")
_HELP = re.compile(r"^(?:[\w\s,.]+=\s*)?[%\w.*\[\]'\"()]+\s*\?\??\s*;?\s*$")
_PROMPT = re.compile(r"^(>>> |\.\.\. |In \[\d+\]: |\s*\.\.\.+: )")


@dataclass(frozen=True)
class Rewritten:
    """A cell in plain Python.

    Attributes:
        lines: Its lines.
        origins: For each line, the line of the cell as written, from 1.
        blanked: Numbers (from 1, in `lines`) of lines that a dropped magic has left empty.
        records: What became of each magic.
        requirements: Pip requirement strings.
        warnings: Sentences with their place.
        ends_in_magic: The cell's last line was a magic that is gone, so no value is shown.
        shows_nothing: The cell's output was captured.
    """

    lines: tuple[str, ...]
    origins: tuple[int, ...]
    blanked: frozenset[int] = frozenset()
    records: tuple[MagicRecord, ...] = ()
    requirements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    ends_in_magic: bool = False
    shows_nothing: bool = False


class _Cell:
    """Rewrites one cell from top to bottom, in one pass."""

    def __init__(self, cell: int, context: Context) -> None:
        self.cell, self.context = cell, context
        self.lines: list[str] = []
        self.origins: list[int] = []
        self.blanked: set[int] = set()
        self.records: list[MagicRecord] = []
        self.requirements: list[str] = []
        self.warnings: list[str] = []
        self.shows_nothing = False
        self.ends_in_magic = False

    def record(self, line: int, source: str, result: Rewrite) -> None:
        self.records.append(
            MagicRecord(cell=self.cell, line=line, source=source, action=result.action, detail=result.detail)
        )
        self.requirements.extend(result.requirements)
        if result.warning:
            self.warnings.append(f"Cell {self.cell}, line {line}: {result.warning}.")

    def add(self, text: str, origin: int) -> None:
        self.lines.append(text)
        self.origins.append(origin)

    def add_code(self, code: str, indent: str, origin: int) -> None:
        """Put Python in the place of a magic; where nothing takes its place, an empty line or `pass`."""
        if not code.strip():
            self.blanked.add(len(self.lines) + 1)
            self.add(f"{indent}pass" if indent else "", origin)
            return
        first, *rest = code.split("\n")
        self.add(f"{indent}{first}", origin)
        for text in rest:
            self.add(text, origin)

    def run(self, lines: list[str]) -> None:
        start = self._cell_magics(lines)
        if start is None:
            return
        state = LineState()
        position = start
        while position < len(lines):
            line, origin = lines[position], position + 1
            if state.at_start and (found := self._magic(lines, position)) is not None:
                used, indent, result, source = found
                self.record(origin, source, result)
                if result.again:
                    lines[position : position + used] = [indent + result.code, *[""] * (used - 1)]
                    continue
                self.add_code(result.code, indent, origin)
                for extra in range(1, used):
                    self.add("", origin + extra)
                self.ends_in_magic = not result.code
                position += used
                continue
            scanned = scan(line, state)
            line = self._plain(line, scanned.mask, origin)
            state = scanned.state
            if scanned.mask.strip() or state.quote:
                self.ends_in_magic = False
            self.add(line, origin)
            position += 1

    def _cell_magics(self, lines: list[str]) -> int | None:
        """Handle the cell magics at the top; return where the Python starts, or None where the cell is done."""
        position = 0
        while True:
            while position < len(lines) and (not lines[position].strip() or lines[position].lstrip().startswith("#")):
                self.add(lines[position], position + 1)
                position += 1
            found = _CELL_MAGIC.match(lines[position].strip()) if position < len(lines) else None
            if found is None:
                return position
            name, arguments = found[1], found[2].strip()
            result = cell_magic(name, arguments, "\n".join(lines[position + 1 :]), self.context)
            self.record(position + 1, lines[position].strip(), result)
            self.shows_nothing = self.shows_nothing or name == "capture"
            origin = position + 1
            if result.again:
                self.add_code(result.code, "", origin)
                position += 1
                continue
            self.add_code(result.code, "", origin)
            code_lines = result.code.split("\n") if result.code else []
            for offset in range(1, len(code_lines)):
                self.origins[-len(code_lines) + offset] = min(origin + offset, len(lines))
            self.ends_in_magic = not result.code
            return None

    def _magic(self, lines: list[str], position: int) -> tuple[int, str, Rewrite, str] | None:
        """Return (lines used, indentation, what becomes of it, source) where a magic starts here."""
        line = lines[position]
        text = line.lstrip()
        indent = line[: len(line) - len(text)]
        if text[:1] in ("%", "!", "?", "/", ";", ",") and text.strip():
            joined, used = _continued(lines, position)
            result = escaped(joined, self.context)
            if text.startswith("%") and not result.code:
                used += _open_lines(lines[position : position + used], lines[position + used :])
            return used, indent, result, joined
        if "=" in line and ("%" in line or "!" in line) and (found := _ASSIGN.search(line)):
            scanned = scan(line, LineState())
            if scanned.mask[found.start()] == "=" and _depth_at(scanned.mask, found.start()) == 0:
                joined, used = _continued(lines, position)
                target = line[: found.start()].strip()
                value = joined[found.end() - len(indent) :]
                result = escaped(value, replace(self.context, target=target))
                return used, indent, result, joined
        if "?" in line and line.rstrip().rstrip(";").endswith("?") and _HELP.match(text):
            return 1, indent, Rewrite("dropped", "a help query"), text.strip()
        if "get_ipython()" in text and _IPYTHON.match(text):
            return self._ipython(lines, position, indent)
        return None

    def _ipython(self, lines: list[str], position: int, indent: str) -> tuple[int, str, Rewrite, str]:
        """Handle `get_ipython().run_line_magic("time", "f()")` and its kin, which exported scripts contain."""
        state, used = LineState(), 0
        while position + used < len(lines):
            state = scan(lines[position + used], state).state
            used += 1
            if state.at_start:
                break
        source = textwrap.dedent("\n".join(lines[position : position + used]))
        result = ipython_call(source, self.context)
        return used, indent, result, source.split("\n")[0].strip()

    def _plain(self, line: str, mask: str, origin: int) -> str:
        """Replace what is left of `get_ipython()` by what it gives outside IPython: None."""
        if "get_ipython()" not in mask:
            return line
        result = Rewrite("rewritten", "outside IPython `get_ipython()` gives None")
        self.record(origin, line.strip(), result)
        pieces, last = [], 0
        for found in re.finditer(r"(?<![\w.])get_ipython\(\)", mask):
            pieces.append(line[last : found.start()] + "None")
            last = found.end()
        return "".join(pieces) + line[last:]


def rewrite_cell(source: str, cell: int, context: Context) -> Rewritten:
    """Rewrite the magics of one cell.

    Args:
        source: As written.
        cell: Its number over the code cells, from 1.
        context: What is known of the notebook around it.

    Returns:
        Plain Python with, for every line, the line it stands for.
    """
    lines = _normal_lines(source)
    work = _Cell(cell, context)
    automatic = _automagic(lines, context)
    work.run(automatic or lines)
    return Rewritten(
        tuple(work.lines),
        tuple(work.origins),
        frozenset(work.blanked),
        tuple(work.records),
        tuple(work.requirements),
        tuple(work.warnings),
        work.ends_in_magic,
        work.shows_nothing,
    )


def _normal_lines(source: str) -> list[str]:
    """Split into lines, with the indentation or the prompts that the whole cell shares removed, as IPython does."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first[:1] in (" ", "\t"):
        indent = first[: len(first) - len(first.lstrip())]
        lines = [line.removeprefix(indent) for line in lines]
    elif _PROMPT.match(first):
        lines = [_PROMPT.sub("", line) for line in lines]
    return lines


def _automagic(lines: list[str], context: Context) -> list[str] | None:
    """Return the lines with `%` put before a magic that stands without it, as IPython allows in a cell of one line."""
    written = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if len(written) != 1 or written[0][:1] in (" ", "\t"):
        return None
    found = re.match(
        r"^([a-z_]\w*)(?:\s+([^\s=(,.\[+\-*/%<>!&|^@:].*|-.*|\.\.?(?:/.*)?|/.*|~.*))?$", written[0].rstrip()
    )
    if not found or found[1] not in LINE_MAGICS or found[1] in context.names:
        return None
    if found[2] is None and found[1] not in ("ls", "pwd", "cd", "who", "whos", "pylab", "history"):
        return None
    if found[2] is not None and re.match(r"^(in|is|and|or|if|not)\b", found[2]):
        return None
    return [f"%{line}" if line is written[0] else line for line in lines]


def _continued(lines: list[str], position: int) -> tuple[str, int]:
    """Join a magic's line with those that a backslash continues; return it without indentation, and how many lines."""
    parts, used = [lines[position].strip()], 1
    while parts[-1].endswith("\\") and position + used < len(lines):
        parts[-1] = parts[-1][:-1].rstrip()
        parts.append(lines[position + used].strip())
        used += 1
    return " ".join(parts), used


def _open_lines(magic: list[str], below: list[str]) -> int:
    """Return how many lines below a dropped magic close the brackets that it has opened; 0 where none does."""
    state = LineState()
    for line in magic:
        state = scan(line, state).state
    for number, line in enumerate(below, 1):
        if not state.depth:
            return number - 1
        state = scan(line, state).state
    return len(below) if not state.depth else 0


def _depth_at(mask: str, position: int) -> int:
    return sum(mask[:position].count(mark) for mark in "([{") - sum(mask[:position].count(mark) for mark in ")]}")
