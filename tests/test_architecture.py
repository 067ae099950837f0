"""What holds the parts together: imports go one way, modules are small, registries are explicit."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("tools", "guardrails", "agents", "graph", "evals")
MODULES = sorted(
    path for layer in LAYERS for path in (ROOT / layer).rglob("*.py") if "evals/notebooks" not in str(path)
)
MOST_LINES = 350
LONGER = {
    "tools/analysis/library.py": "one table: what each known call of a library does to its arguments",
    "tools/analysis/session.py": "the state of one abstract execution, read and written by all of its statements",
    "tools/analysis/calls.py": "one dispatch over the kinds of call",
    "tools/analysis/names.py": "one visitor over the kinds of syntax",
    "tools/analysis/execute.py": "one dispatch over the kinds of statement",
    "tools/render/package_probe.py": "one file that runs in the package's process and imports nothing of ours",
    "tools/transform/orchestration.py": "writes one function, the main of a package, from top to bottom",
}


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_go_one_way(layer: str) -> None:
    above = LAYERS[LAYERS.index(layer) + 1 :]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in MODULES
        if path.relative_to(ROOT).parts[0] == layer
        for name, line in imported(path)
        if name.split(".")[0] in above
    ]
    # The command line stands on top of all: its `eval` command may call the harness.
    assert [line for line in wrong if not line.startswith("graph/cli.py")] == []
    assert all(line.endswith("imports evals.harness") for line in wrong)


def test_imports_are_absolute_so_that_the_layers_can_be_seen() -> None:
    """Only the probe has relative ones: it is copied, as a package, into the process that runs the notebook."""
    relative = {
        str(path.relative_to(ROOT).parent)
        for path in MODULES
        if any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(ast.parse(path.read_text())))
    }
    assert relative <= {"tools/trace/probe"}


def test_no_module_imports_the_tests() -> None:
    assert [path for path in MODULES if any(name.split(".")[0] == "tests" for name, _ in imported(path))] == []


def test_the_agents_are_ours() -> None:
    import agents

    assert agents.__file__ is not None
    assert Path(agents.__file__).resolve() == ROOT / "agents" / "__init__.py"


@pytest.mark.parametrize("layer", LAYERS)
def test_every_package_ships_its_types(layer: str) -> None:
    assert (ROOT / layer / "py.typed").is_file()


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\nfrom graph.cli import main\nsys.argv = ['ml-productionize', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'langgraph', 'mlflow', 'pandas', 'libcst', 'numpy', 'sklearn', 'torch', 'kfp'} & set(sys.modules)\n"
        "sys.exit(f'imported: {sorted(heavy)}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "resume" in done.stdout


def test_the_picture_in_the_documentation_is_the_graph() -> None:
    from graph.build import build_graph

    text = (ROOT / "docs/architecture.md").read_text()
    pictures = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert build_graph().get_graph().draw_mermaid().strip() in [picture.strip() for picture in pictures]


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        pytest.skip("not a git repository")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_a_machine() -> None:
    """No home folder, and no host that packages come from: both differ from machine to machine."""
    home = re.escape(str(Path.home())) + r"(?![\w-])"
    pattern = re.compile(rf"{home}/\w|https?://[\w.-]*(?:pypi|nexus|artifactory)")
    found = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    assert found == []


def test_modules_are_small() -> None:
    long = {str(path.relative_to(ROOT)) for path in MODULES if len(path.read_text().splitlines()) > MOST_LINES}
    assert long <= set(LONGER), "split it, or name it in LONGER with the reason"


def test_the_long_modules_exist_and_have_a_reason() -> None:
    assert all((ROOT / name).is_file() and reason for name, reason in LONGER.items())


def test_the_registries_are_explicit() -> None:
    from agents.registry import AGENTS
    from evals.scorers import SCORERS
    from graph.routing import REDONE_WITH
    from guardrails.rules.registry import RULES
    from tools.analysis.findings import FINDINGS
    from tools.checks.model import STEPS
    from tools.checks.registry import CHECKS
    from tools.team.steps import AGENT_OF

    assert set(AGENTS) == set(AGENT_OF) == set(REDONE_WITH) == set(STEPS)
    assert all((CHECKS, RULES, FINDINGS, SCORERS))
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all((finding.__doc__ or "").strip() for finding in FINDINGS)


def test_what_is_registered_is_documented() -> None:
    from agents.registry import AGENTS
    from guardrails.rules.registry import RULES
    from tools.checks.registry import CHECKS
    from tools.team.steps import AGENT_OF

    text = (ROOT / "docs/architecture.md").read_text()
    names = [*AGENTS, *AGENT_OF.values(), *CHECKS, *(rule.code for rule in RULES), "supervisor", "reviewer", "reporter"]
    assert [name for name in names if f"`{name}`" not in text] == []
