"""Reads a notebook file: validated, upgraded, its magics rewritten, its cells split into statements."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tools.errors import UserError
from tools.notebook.files import language, parse_file, read_bytes
from tools.notebook.headings import title_and_description, under
from tools.notebook.magics import Rewritten, rewrite_cell
from tools.notebook.model import Cell, Notebook, NotebookSecret
from tools.notebook.outputs import read_outputs, safe_text
from tools.notebook.rewrite import Context, bound_names
from tools.notebook.secrets import Taken, taken_out
from tools.notebook.statements import split_statements
from tools.secrets import redact, scrubbed


@dataclass(frozen=True)
class _RawCell:
    """A code cell before its magics are rewritten."""

    id: str
    position: int
    source: str
    execution_count: int | None
    outputs: Any
    headings: tuple[str, ...]
    markdown: str
    secrets: tuple[str, ...] = ()


def read_notebook(path: Path) -> Notebook:
    """Read a notebook: `.ipynb` of any format, or a script with cells (`# %%`).

    Args:
        path: Of the file; it is only read.

    Returns:
        Its code cells as plain Python statements. A cell that does not parse has an `error`, the others go on.

    Raises:
        UserError: If there is no such file, it is no notebook, not in Python, or holds no code.
    """
    path = Path(path).absolute()
    content = read_bytes(path)
    document = parse_file(path, content)
    kernel, foreign = language(document)
    if foreign:
        named = f" (kernel `{kernel}`)" if kernel else ""
        raise UserError(f"{path} is written in {foreign}{named}: only notebooks in Python can be read.")
    raw, markdown_texts = _raw_cells(document)
    if not any(cell.source.strip() for cell in raw):
        raise UserError(f"{path} holds no code: there is nothing to take into a package.")
    sources, taken = taken_out([cell.source for cell in raw])
    raw = [_without_secrets(cell, source, taken) for cell, source in zip(raw, sources, strict=True)]
    context = _context(path, "\n".join(cell.source for cell in raw), 0)
    rewritten = [rewrite_cell(cell.source, index, context) for index, cell in enumerate(raw, 1)]
    cells = tuple(_cell(index, cell, code) for index, (cell, code) in enumerate(zip(raw, rewritten, strict=True), 1))
    if not any(cell.statements or cell.error for cell in cells):
        raise UserError(f"{path} holds no code to run: its cells hold comments and display magics only.")
    title, description = title_and_description(markdown_texts, path.stem)
    metadata = document.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    version = str(info.get("version") or "") if isinstance(info, dict) else ""
    warnings = [warning for code in rewritten for warning in code.warnings]
    warnings.extend(cell.error for cell in cells if cell.error)
    if version.startswith("2"):
        warnings.append(f"The notebook was written for Python {version}.")
    return Notebook(
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        kernel=kernel,
        python_version=version,
        title=title,
        description=description,
        cells=cells,
        magics=tuple(record for code in rewritten for record in code.records),
        requirements=tuple(dict.fromkeys(requirement for code in rewritten for requirement in code.requirements)),
        warnings=tuple(dict.fromkeys(warnings)),
        secrets=tuple(NotebookSecret(name=found.name, kind=found.kind, cell=found.cell) for found in taken),
    )


def secret_values(path: Path) -> dict[str, str]:
    """Return the secrets in a notebook's code by the environment variables that stand for them; nothing may keep them.

    Args:
        path: Of the file; it is only read.
    """
    raw, _ = _raw_cells(parse_file(path, read_bytes(path)))
    return {found.name: found.value for found in taken_out([cell.source for cell in raw])[1]}


def _without_secrets(cell: _RawCell, source: str, taken: Sequence[Taken]) -> _RawCell:
    return replace(cell, source=source, secrets=tuple(found.value for found in taken))


def _raw_cells(document: dict[str, Any]) -> tuple[list[_RawCell], list[str]]:
    cells: list[_RawCell] = []
    texts: list[str] = []
    seen: set[str] = set()
    headings: tuple[tuple[int, str], ...] = ()
    above: list[str] = []
    for position, cell in enumerate(document.get("cells") or ()):
        if not isinstance(cell, dict):
            continue
        source = safe_text(cell.get("source", cell.get("input")))
        if cell.get("cell_type") == "markdown":
            source = redact(source)
            headings = under(headings, source)
            texts.append(source)
            above.append(source)
        elif cell.get("cell_type") == "code":
            count = cell.get("execution_count")
            cells.append(
                _RawCell(
                    id=_unique_id(cell, position, seen),
                    position=position,
                    source=source,
                    execution_count=count if isinstance(count, int) else None,
                    outputs=cell.get("outputs"),
                    headings=tuple(words for _, words in headings),
                    markdown="\n\n".join(above),
                )
            )
            above = []
    return cells, texts


def _unique_id(cell: dict[str, Any], position: int, seen: set[str]) -> str:
    found = cell.get("id")
    name = safe_text(found) if isinstance(found, str) and found and found not in seen else f"cell-{position}"
    while name in seen:
        name += "-again"
    seen.add(name)
    return name


def _cell(index: int, raw: _RawCell, code: Rewritten) -> Cell:
    split = split_statements(code, index)
    return Cell(
        index=index,
        id=raw.id,
        position=raw.position,
        source=raw.source,
        execution_count=raw.execution_count,
        outputs=tuple(
            output.model_copy(update={"text": redact(scrubbed(output.text, raw.secrets))})
            for output in read_outputs(raw.outputs)
        ),
        statements=split.statements,
        headings=raw.headings,
        markdown=raw.markdown,
        error=split.error,
    )


def _context(path: Path, source: str, nesting: int) -> Context:
    context = Context(names=bound_names(source), source=source, nesting=nesting)
    return replace(
        context,
        read_text=lambda name: _text(path.parent / name),
        read_cells=lambda name: _other_cells(path.parent / name, nesting + 1),
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return None


def _other_cells(path: Path, nesting: int) -> tuple[tuple[str, tuple[str, ...]], ...] | None:
    """Return the code cells of another notebook in plain Python, or None where it cannot be read."""
    try:
        document = parse_file(path, read_bytes(path))
    except (UserError, ValueError):
        return None
    raw, _ = _raw_cells(document)
    context = _context(path, "\n".join(cell.source for cell in raw), nesting)
    rewritten = [rewrite_cell(cell.source, index, context) for index, cell in enumerate(raw, 1)]
    return tuple(("\n".join(code.lines), code.requirements) for code in rewritten)
