"""A run through the server that LangGraph Studio talks to: `langgraph dev` on loopback, driven by the SDK client."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.studio, pytest.mark.xdist_group("studio")]

ROOT = Path(__file__).resolve().parents[2]
GRAPH = "ml-experiment-accelerator"


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
def notebook(tmp_path: Path) -> Path:
    sample = ROOT / "tests/cases/small_classifier"
    shutil.copytree(sample, tmp_path / "notebook")
    return tmp_path / "notebook" / "experiment.ipynb"


def test_a_run_step_by_step(server: str, notebook: Path, tmp_path: Path) -> None:
    import langgraph_sdk

    client = langgraph_sdk.get_sync_client(url=server)
    thread = client.threads.create()["thread_id"]
    given = {"notebook": str(notebook), "out": str(tmp_path / "out")}

    client.runs.wait(thread, GRAPH, input=given, interrupt_before=["writer"])
    stopped = client.threads.get_state(thread)
    assert stopped["next"] == ["writer"]
    assert stopped["values"]["pending"][0] == "structure"
    assert (tmp_path / "out/EXTRACTION_PLAN.md").is_file()
    assert not (tmp_path / "out/src").exists()

    old = re.search(r"\| `(\w+)` \| src/training/train\.py", (tmp_path / "out/EXTRACTION_PLAN.md").read_text())
    dropped = re.search(r"\| (c\d+) \| explore \| dropped", (tmp_path / "out/EXTRACTION_PLAN.md").read_text())
    assert old
    assert dropped
    edits = {"rename_functions": {old[1]: "fit_it"}, "keep": [dropped[1]]}
    client.threads.update_state(thread, {"edits": edits})

    client.runs.wait(thread, GRAPH, input=None)
    values = client.threads.get_state(thread)["values"]
    assert "def fit_it(" in (tmp_path / "out/src/training/train.py").read_text()
    assert (
        f"| {dropped[1]} | explore | kept: a person asked for it" in (tmp_path / "out/EXTRACTION_PLAN.md").read_text()
    )
    assert values["verdict"] == "verified", values["reason"]
    assert values["equivalence"]["equal"] == values["equivalence"]["compared"] > 0

    nodes = {task["name"] for state in client.threads.get_history(thread, limit=100) for task in state["tasks"]}
    assert {"supervisor", "extractor", "writer", "hardener", "tester", "packager", "reviewer", "reporter"} <= nodes


def test_the_form_has_titles_and_descriptions(server: str) -> None:
    import langgraph_sdk

    client = langgraph_sdk.get_sync_client(url=server)
    assistant = client.assistants.search(graph_id=GRAPH)[0]["assistant_id"]

    properties = client.assistants.get_schemas(assistant)["input_schema"]["properties"]

    assert properties["notebook"]["title"] == "Notebook"
    assert all(field.get("description") for field in properties.values())


def test_a_wrong_notebook_ends_the_run_with_the_sentence(server: str, tmp_path: Path) -> None:
    import langgraph_sdk

    client = langgraph_sdk.get_sync_client(url=server)
    thread = client.threads.create()["thread_id"]

    given = {"notebook": str(tmp_path / "nowhere.ipynb"), "out": str(tmp_path / "out")}
    client.runs.wait(thread, GRAPH, input=given, raise_error=False)

    (task,) = client.threads.get_state(thread)["tasks"]
    assert task["name"] == "supervisor"
    assert "does not exist: name an .ipynb" in task["error"]
