"""Packages for the tests, from notebooks written as cells of code; nothing is run."""

import ast
from pathlib import Path

from tests.plan.planned import facts_of
from tools.checks.model import Step
from tools.plan.extraction import plan_extraction
from tools.plan.model import Constraint
from tools.transform.build import build_modules
from tools.transform.format import formatted

HEAD = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
# %%
df = pd.read_csv("rows.csv")
"""
FIT = """
# %%
X_train, X_test, y_train, y_test = train_test_split(df[["a", "b"]], df["y"], test_size=0.25, random_state=7)
# %%
model = LogisticRegression(C=0.5)
model.fit(X_train, y_train)
# %%
"""
JUDGED = "accuracy = accuracy_score(y_test, model.predict(X_test))\n"


def built(tmp_path: Path, text: str, *constraints: Constraint, step: Step = "structure") -> dict[str, str]:
    """Return the files of the package of a notebook in percent format."""
    facts = facts_of(tmp_path, text)
    return formatted(build_modules(facts, plan_extraction(facts, constraints), step))


def definition(files: dict[str, str], name: str) -> str:
    """Return the text of a function or class, wherever it stands."""
    for path in sorted(files):
        if path.endswith(".py"):
            for node in ast.walk(ast.parse(files[path])):
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
                    return ast.get_source_segment(files[path], node) or ""
    raise AssertionError(f"no {name} in {sorted(files)}")


def body(files: dict[str, str], name: str) -> str:
    """Return the lines of a function below its signature, not indented."""
    lines = definition(files, name).split("\n")
    start = next(n for n, line in enumerate(lines) if line.endswith(":"))
    return "\n".join(line[4:] for line in lines[start + 1 :])
