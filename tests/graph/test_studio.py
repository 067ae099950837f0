"""A run through the server that LangGraph Studio talks to: `langgraph dev` on loopback, driven by the SDK client."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.studio, pytest.mark.xdist_group("studio")]

ROOT = Path(__file__).resolve().parents[2]
GRAPH = "ml-experiment-accelerator"
NOTEBOOK = """# %% [markdown]
# # Which iris is it?
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
# %% [markdown]
# ## Load data
# %%
df = pd.read_csv("iris.csv")
# %%
df.describe()
# %% [markdown]
# ## Split data
# %%
X = df.drop(columns="species")
y = df["species"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
# %% [markdown]
# ## Train models
# %%
line = LogisticRegression(C=0.5, max_iter=500)
line.fit(X_train, y_train)
# %%
tree = DecisionTreeClassifier(max_depth=2, random_state=1)
tree.fit(X_train, y_train)
# %% [markdown]
# ## Evaluate
# %%
print("line:", accuracy_score(y_test, line.predict(X_test)))
# %%
print("tree:", accuracy_score(y_test, tree.predict(X_test)))
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("langgraph_api", reason="needs the studio extra")
    sdk = pytest.importorskip("langgraph_sdk")
    folder = tmp_path_factory.mktemp("studio")
    for name in ("agents", "graph", "tools", "guardrails", "evals", "langgraph.json", "pyproject.toml"):
        (folder / name).symlink_to(ROOT / name)
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if "KEY" not in k and k != "LANGGRAPH_STRICT_MSGPACK"} | {
        "ML_PRODUCTIONIZE_HOME": str(folder / "state"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "langgraph_cli", "dev", "--host", "127.0.0.1", "--port", str(port)),
            *("--no-browser", "--no-reload", "--allow-blocking"),
        ],
        cwd=folder,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        client = sdk.get_sync_client(url=url)
        for _ in range(120):
            try:
                if client.assistants.search(graph_id=GRAPH):
                    break
            except Exception:
                time.sleep(0.5)
        else:
            pytest.fail((folder / "server.log").read_text()[-3000:])
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        log.close()


@pytest.fixture
def client(server: str) -> Any:
    import langgraph_sdk

    return langgraph_sdk.get_sync_client(url=server)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """Two models compared, and a cell that is only looked at."""
    folder = tmp_path / "notebook"
    folder.mkdir()
    shutil.copyfile(ROOT / "tests/cases/small_classifier/iris.csv", folder / "iris.csv")
    (folder / "two_models.py").write_text(NOTEBOOK)
    return folder / "two_models.py"


def stop_by_stop(client: Any, thread: str, given: dict[str, Any] | None, until: str = "", **settings: Any) -> list[str]:
    """Go on from node to node as a person does who sets an interrupt before each; return the nodes that lay ahead."""
    seen: list[str] = []
    while True:
        client.runs.wait(thread, GRAPH, input=given, interrupt_before="*", **settings)
        ahead = client.threads.get_state(thread)["next"]
        if not ahead:
            return seen
        assert len(ahead) == 1
        seen += ahead
        given = None
        if ahead == [until]:
            return seen


def test_a_run_step_by_step_with_its_plan_edited_on_the_way(client: Any, notebook: Path, tmp_path: Path) -> None:
    thread, out = client.threads.create()["thread_id"], tmp_path / "out"
    given = {"notebook": str(notebook), "out": str(out), "overrides": {"checks.skip": "[mutation, pipeline]"}}

    assert stop_by_stop(client, thread, given, "writer") == ["supervisor", "extractor", "supervisor", "writer"]
    assert client.threads.get_state(thread)["values"]["pending"][0] == "structure"
    plan = (out / "EXTRACTION_PLAN.md").read_text()
    assert "| c3 | explore | dropped" in plan
    assert "`decision_tree`" in plan
    assert not (out / "src").exists()

    edits = {
        "rename_functions": {"train_logistic_regression": "fit_it"},
        "drop_models": ["decision_tree"],
        "keep": ["c3"],
    }
    client.threads.update_state(thread, {"edits": edits})
    assert client.threads.get_state(thread)["next"] == ["extractor"]
    nodes = ["supervisor", "writer", "supervisor", "hardener", "supervisor", "tester", "supervisor", "packager"]
    assert stop_by_stop(client, thread, None) == [*nodes, "supervisor", "reviewer", "supervisor", "reporter"]

    code = {path.name: path.read_text() for path in (out / "src").rglob("*.py")}
    assert "def fit_it(" in code["train.py"]
    assert "df.describe()" in "".join(code.values())
    assert not [name for name, text in code.items() if "DecisionTreeClassifier" in text or "decision_tree" in text]
    assert "| c3 | explore | kept: a person asked for it" in (out / "EXTRACTION_PLAN.md").read_text()

    values = client.threads.get_state(thread)["values"]
    assert values["reason"].startswith("pipeline did not run")
    assert values["verdict"] == "unproven"
    assert values["equivalence"]["status"] == "proven"
    assert values["equivalence"]["equal"] == values["equivalence"]["compared"] > 0


def quick(notebook: Path, out: Path) -> dict[str, Any]:
    """What a run starts from in which nothing is executed."""
    skipped = "[mypy, pytest, pipeline, equivalence, mutation]"
    return {"notebook": str(notebook), "out": str(out), "execute": False, "overrides": {"checks.skip": skipped}}


def test_a_run_that_has_ended_goes_another_way_from_an_earlier_checkpoint(
    client: Any, notebook: Path, tmp_path: Path
) -> None:
    thread, trained = client.threads.create()["thread_id"], tmp_path / "out/src/training/train.py"
    client.runs.wait(thread, GRAPH, input=quick(notebook, tmp_path / "out"))
    first = client.threads.get_state(thread)["values"]
    assert "def train_logistic_regression(" in trained.read_text()

    history = client.threads.get_history(thread, limit=100)
    (before_writer,) = [state for state in history if state["next"] == ["writer"]]
    edits = {"rename_functions": {"train_logistic_regression": "fit_it"}}
    client.threads.update_state(thread, {"edits": edits}, checkpoint=before_writer["checkpoint"])
    client.runs.wait(thread, GRAPH, input=None)

    second = client.threads.get_state(thread)["values"]
    assert "def fit_it(" in trained.read_text()
    assert second["verdict"] == first["verdict"] == "unproven"
    assert second["head"] != first["head"]
    log = subprocess.run(["git", "cat-file", "-t", first["head"]], cwd=tmp_path / "out", capture_output=True, text=True)
    assert log.stdout == "commit\n"
    assert len(client.threads.get_history(thread, limit=100)) > len(history)


def test_an_assistant_carries_model_budget_sandbox_and_approvals(client: Any, notebook: Path, tmp_path: Path) -> None:
    context = {"max_rounds": 3, "max_usd": 0.5, "sandbox": "best", "approve": "plan", "model": "none"}
    assistant = client.assistants.create(GRAPH, context=context, name="careful")["assistant_id"]
    thread = client.threads.create()["thread_id"]

    client.runs.wait(thread, assistant, input=quick(notebook, tmp_path / "out"))

    state = client.threads.get_state(thread)
    (task,) = state["tasks"]
    assert task["interrupts"][0]["value"]["question"].startswith("Step extract is done")
    config = state["values"]["team"]["config"]
    assert (config["budget"]["max_rounds"], config["budget"]["max_usd"]) == (3, 0.5)
    assert state["values"]["team"]["origin"]["budget.max_usd"] == "the configuration form"
    assert config["checks"]["skip"][-1] == "mutation"

    changed = {"max_rounds": 4, "approve": "never"}
    client.runs.wait(thread, assistant, command={"resume": {"action": "accept"}}, context=changed)
    values = client.threads.get_state(thread)["values"]
    assert values["verdict"] == "unproven"
    assert values["team"]["config"]["budget"]["max_rounds"] == 4


@pytest.mark.parametrize("name, needed", [("input_schema", ["notebook"]), ("context_schema", [])])
def test_the_forms_have_titles_and_descriptions(client: Any, name: str, needed: list[str]) -> None:
    assistant = client.assistants.search(graph_id=GRAPH)[0]["assistant_id"]

    schema = client.assistants.get_schemas(assistant)[name]

    assert schema.get("required", []) == needed
    assert schema["additionalProperties"] is False
    for key, described in schema["properties"].items():
        assert described.get("title"), key
        assert described.get("description"), key
        assert "anyOf" not in described, key


def test_a_wrong_notebook_ends_the_run_with_the_sentence(client: Any, tmp_path: Path) -> None:
    thread = client.threads.create()["thread_id"]

    given = {"notebook": str(tmp_path / "nowhere.ipynb"), "out": str(tmp_path / "out")}
    client.runs.wait(thread, GRAPH, input=given, raise_error=False)

    (task,) = client.threads.get_state(thread)["tasks"]
    assert task["name"] == "supervisor"
    assert "does not exist: name an .ipynb" in task["error"]
