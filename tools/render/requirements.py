"""The pinned requirements of a generated repository."""

import re
import sys
from collections.abc import Mapping, Sequence

from tools.analysis.model import NotebookFacts
from tools.frozen import Frozen
from tools.render.sources import Sources

DISTRIBUTIONS = {
    "Bio": "biopython",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "fitz": "pymupdf",
    "imblearn": "imbalanced-learn",
    "mpl_toolkits": "matplotlib",
    "pytorch_lightning": "pytorch-lightning",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skopt": "scikit-optimize",
    "umap": "umap-learn",
    "yaml": "pyyaml",
}
"""Distribution by module, where the names differ."""
INDIRECT = {
    "scikit-learn": ("scipy",),
    "pandas.read_excel": ("openpyxl",),
    "pandas.read_parquet": ("pyarrow",),
    "pandas.read_feather": ("pyarrow",),
    "pandas.read_hdf": ("tables",),
    "pandas.read_html": ("lxml",),
}
"""What a distribution or a call needs without an import in the package."""
RUNTIME = ("mlflow", "omegaconf", "structlog")
DEVELOPMENT = ("mypy", "pandas-stubs", "pytest", "ruff", "types-PyYAML")


class Requirements(Frozen):
    """Lines of requirements.txt.

    Attributes:
        pins: (distribution, version) of what `src` imports.
        indirect: (distribution, version) of what these need without an import.
        unpinned: Imported, version unknown.
    """

    pins: tuple[tuple[str, str], ...] = ()
    indirect: tuple[tuple[str, str], ...] = ()
    unpinned: tuple[str, ...] = ()


def normalised(name: str) -> str:
    """Return a distribution's name in lower case with `-` between its words."""
    return re.sub(r"[-_.]+", "-", name).lower()


def third_party(sources: Sources, folder: str = "src/") -> tuple[str, ...]:
    """Return the modules outside the standard library that the files of a folder import, sorted."""
    found = {name for path, names in sources.imports.items() if path.startswith(folder) for name in names}
    return tuple(sorted(found - sys.stdlib_module_names, key=str.lower))


def versions(facts: NotebookFacts | None, *installed: Mapping[str, str]) -> dict[str, str]:
    """Return the version by normalised name: of the notebook's run where it has one, else of the first that has it."""
    known: dict[str, str] = {}
    for packages in (facts.trace.packages if facts else {}, *installed):
        for name, version in packages.items():
            known.setdefault(normalised(name), version)
    return known


def requirements(sources: Sources, facts: NotebookFacts | None, known: Mapping[str, str]) -> Requirements:
    """Choose the distributions that `src` needs, each at the version in which the package was checked.

    Args:
        sources: Of the generated repository.
        facts: Of the notebook: which distribution its modules came from.
        known: Version by normalised distribution name.
    """
    by_module = dict(DISTRIBUTIONS)
    calls: set[str] = set()
    if facts:
        by_module |= {i.module.split(".")[0]: i.distribution for i in facts.imports if i.distribution and not i.local}
        by_module |= facts.trace.imports
        calls = {call for statement in facts.statements.values() for call in statement.calls}
    wanted = {normalised(by_module.get(module, module)) for module in third_party(sources)} | set(RUNTIME)
    needed = {need for key, needs in INDIRECT.items() if key in wanted or key in calls for need in needs} - wanted
    return Requirements(
        pins=_pinned(wanted, known),
        indirect=_pinned(needed, known),
        unpinned=tuple(sorted(wanted - known.keys())),
    )


def development(kubeflow: bool, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the distributions that tests, lint and pipelines need, with their versions where known."""
    names = (*DEVELOPMENT, "kfp") if kubeflow else DEVELOPMENT
    return tuple((name, known.get(normalised(name), "")) for name in sorted(names, key=str.lower))


def installed(names: Sequence[str]) -> dict[str, str]:
    """Return the versions of the distributions in this interpreter, by normalised name."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in names:
        try:
            found[normalised(name)] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _pinned(names: set[str], known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, known[name]) for name in sorted(names & known.keys()))
