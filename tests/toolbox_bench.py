"""A small repository in memory for tests of tools, and a way to call them as a model does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.toolbox.execute import execute
from agents.toolbox.model import Bench
from guardrails.protected_files import refuse_protected
from tools.checks.model import Diagnostic
from tools.team.model import GuardrailsConfig
from tools.workspace import Workspace

LOADER = '''"""Load the data."""

import pandas as pd

from src.config import Settings


def load_data(settings: Settings) -> pd.DataFrame:
    """Load it."""
    data = pd.read_csv(settings.path)
    return data.dropna()
'''
TREE = {
    "src/data/loader.py": LOADER,
    "src/models/model.py": "import torch\n\n\ndef build(net: torch.nn.Module) -> None:\n    net.eval()\n",
    "configs/default.yaml": "data:\n  test_size: 0.25\n",
    "tests/test_data.py": "def test_rows() -> None:\n    rows = 150\n    assert rows == 150\n",
    "tests/conftest.py": "import os\n",
    "pyproject.toml": "[tool.ruff]\nline-length = 120\n",
    "requirements.txt": "pandas==2.3.1\n",
    "REPORT.md": "accuracy 0.97\n",
    "MLproject": "name: package\n",
}


def bench(root: Path, rules: GuardrailsConfig | None = None, **more: Any) -> Bench:
    """Write the repository to a folder, and return what tools work on."""
    found = rules or GuardrailsConfig()
    workspace = Workspace(root, guards=[refuse_protected(found.protected_files)], sensitive=found.sensitive_files)
    for path, text in TREE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    tree = workspace.texts()
    values = {"check": lambda tree, name: (), "allowed": workspace.allow, "rules": found, **more}
    return Bench(tree=dict(tree), before=tree, **values)


def replace(on: Bench, path: str, old: str, new: str) -> str:
    return execute(on, "edit", {"path": path, "old": old, "new": new})


def failing(*messages: str, check: str = "pytest") -> Any:
    """A check that finds something."""

    def run(tree: Mapping[str, str], name: str) -> tuple[Diagnostic, ...]:
        return tuple(
            Diagnostic(code="E", message=message, check=check, file="src/data/loader.py") for message in messages
        )

    return run
