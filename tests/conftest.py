"""Shared by all tests: no sockets save loopback, a state folder of the test's own, strict checkpoints."""

from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Refuse every connection that leaves this machine."""
    try:
        import pytest_socket
    except ImportError:
        return
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("ML_PRODUCTIONIZE_HOME", str(folder))
    monkeypatch.setenv("LANGGRAPH_STRICT_MSGPACK", "true")
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("ML_PRODUCTIONIZE_TRACKING__TRACE", "false")  # a test that wants a trace asks for it
    return folder
