"""Finds samples: our own, or any folder of notebooks with or without `expected.yaml`."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from evals.expected import load_expected
from evals.model import Sample
from tools.errors import UserError

OWN_SAMPLES = Path(__file__).parent / "notebooks"
_HIDDEN = (".", "__pycache__", "node_modules")


def find_samples(paths: Sequence[Path] = (), only: Sequence[str] = ()) -> tuple[Sample, ...]:
    """Find samples.

    Args:
        paths: Notebooks, and folders that hold some at any depth; our own samples if empty.
        only: Patterns (`wine*`) of which a sample's name must match one; all samples if empty.

    Returns:
        Sorted by name. A notebook takes the `expected.yaml` beside it where it is the only notebook of its folder,
        else `<stem>.expected.yaml`.

    Raises:
        UserError: If a path does not exist, holds no notebook, or an expectation is malformed.
    """
    found: dict[Path, None] = {}
    for path in paths or (OWN_SAMPLES,):
        if not path.exists():
            raise UserError(f"There is no {path}: name a notebook or a folder with notebooks.")
        notebooks = [path] if path.is_file() else sorted(_notebooks(path))
        if not notebooks:
            raise UserError(f"{path} holds no notebook (.ipynb): there is nothing to evaluate.")
        found.update(dict.fromkeys(notebook.absolute() for notebook in notebooks))
    names = _names(tuple(found))
    wanted = [path for path in found if not only or any(fnmatchcase(names[path], pattern) for pattern in only)]
    if not wanted:
        raise UserError(f"No sample's name matches {' or '.join(only)}: there are {', '.join(sorted(names.values()))}.")
    return tuple(sorted((_sample(path, names[path]) for path in wanted), key=lambda sample: sample.name))


def _notebooks(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*.ipynb"):
        if not any(part.startswith(_HIDDEN) for part in path.relative_to(folder).parts):
            yield path


def _sample(notebook: Path, name: str) -> Sample:
    own = notebook.with_name(f"{notebook.stem}.expected.yaml")
    shared = notebook.with_name("expected.yaml")
    alone = len(list(notebook.parent.glob("*.ipynb"))) == 1
    expected = load_expected(own) or (load_expected(shared) if alone else None)
    return Sample(name=name, notebook=notebook, expected=expected)


def _names(notebooks: tuple[Path, ...]) -> dict[Path, str]:
    """Name each notebook by its folder, with as much of its path as tells it from the others."""
    names: dict[Path, str] = {}
    for path in notebooks:
        usual = path.stem in ("experiment", "notebook", "main", "index")
        parts = [*path.parent.parts[1:], *(() if usual else (path.stem,))]
        names[path] = "/".join(parts[-1:])
    for depth in range(2, 50):
        double = {name for name in names.values() if list(names.values()).count(name) > 1}
        if not double:
            break
        for path in notebooks:
            if names[path] in double:
                usual = path.stem in ("experiment", "notebook", "main", "index")
                names[path] = "/".join([*path.parent.parts[1:], *(() if usual else (path.stem,))][-depth:])
    return names
