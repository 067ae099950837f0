"""Checkpoints in PostgreSQL: a real server, which the tests start."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from killed_runs import holds, in_a_process, killed_at, outcome
from postgres_server import Server, program
from scripted_line import agents, judge, run_input

from agents.model import StepInput, StepOutput
from graph.checkpoints import ADDRESS, checkpointer, threads
from graph.history import rollback
from graph.listing import listed_runs
from graph.nodes import Line
from graph.record import state_folder
from graph.run import resume, start
from tools.errors import ExitCode, UserError

pytestmark = [
    pytest.mark.xdist_group("postgres"),
    pytest.mark.skipif(not program("initdb"), reason="no PostgreSQL server program (initdb) is installed here"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def database(server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database."""
    server.execute("DROP SCHEMA public CASCADE")
    server.execute("CREATE SCHEMA public")
    monkeypatch.setenv(ADDRESS, server.address)
    return server.address


@pytest.mark.usefixtures("database")
def test_a_run_is_kept_listed_and_gone_back_in(tmp_path: Path) -> None:
    line = Line(agents({}, []), judge)
    start(run_input(tmp_path), lambda _: None, "one", line)
    start(run_input(tmp_path / "other"), lambda _: None, "two", line)

    assert threads() == ["two", "one"]
    assert [(run.thread_id, run.status, run.verdict) for run in listed_runs()] == [
        ("two", "ended", "verified"),
        ("one", "ended", "verified"),
    ]
    assert not (state_folder() / "checkpoints.sqlite").exists()

    rollback("structure", "one")
    assert [run.ahead for run in listed_runs() if run.thread_id == "one"] == ["harden"]
    assert resume("one", lambda _: None, line)["verdict"] == "verified"


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.95])
def test_killed_and_resumed_it_gives_the_same(database: str, tmp_path: Path, share: float) -> None:
    for name in ("undisturbed", "killed"):
        (tmp_path / name).mkdir()
    moments = in_a_process(tmp_path / "undisturbed", 0, database=database)

    killed_at(tmp_path / "killed", round(moments * share), database)

    holds(tmp_path / "killed", outcome(tmp_path / "undisturbed")[0])


def test_a_server_that_goes_away_is_a_sentence_and_the_run_goes_on_later(
    database: str, server: Server, tmp_path: Path
) -> None:
    calls: list[str] = []
    made = agents({}, calls)
    honest, running = made["harden"], [True]

    def away(given: StepInput) -> StepOutput:
        if running:
            running.clear()
            server.stop()
        return honest(given)

    made["harden"] = away
    line = Line(made, judge)
    try:
        with pytest.raises(UserError, match="the database that ML_PRODUCTIONIZE_CHECKPOINTS names is out of reach"):
            start(run_input(tmp_path), lambda _: None, "one", line)
        with pytest.raises(UserError, match=r"out of reach .*start it or mend the address") as error:
            resume("one", lambda _: None, line)
    finally:
        server.start()

    assert error.value.code is ExitCode.INTERRUPTED
    assert resume("one", lambda _: None, line)["verdict"] == "verified"
    assert calls == ["extract", "structure", "harden", "harden", "test", "pipeline-config"]


def test_a_damaged_checkpoint_of_one_run_leaves_the_others_alone(database: str, server: Server, tmp_path: Path) -> None:
    line = Line(agents({}, []), judge)
    for name in ("one", "two"):
        start(run_input(tmp_path / name), lambda _: None, name, line)
    server.execute("UPDATE checkpoint_blobs SET blob = '\\xc1ff00' WHERE thread_id = 'one'")

    with pytest.raises(UserError, match="the checkpoint of run one cannot be read"):
        resume("one", lambda _: None, line)
    assert {run.thread_id: run.status for run in listed_runs()} == {"one": "unreadable", "two": "ended"}


def test_processes_that_begin_at_once_make_the_tables_once(database: str) -> None:
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                with checkpointer():
                    os._exit(0)
            finally:
                os._exit(1)
        children.append(child)

    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4


@pytest.mark.parametrize(
    "granted, complaint",
    [("USAGE", "permission denied for schema public"), ("", "no schema has been selected to create in")],
)
def test_a_user_who_may_not_make_tables_is_told(
    database: str, server: Server, monkeypatch: pytest.MonkeyPatch, granted: str, complaint: str
) -> None:
    server.execute("DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    if granted:
        server.execute(f"GRANT {granted} ON SCHEMA public TO guest")
    monkeypatch.setenv(ADDRESS, database.replace("user=tester", "user=guest"))

    with pytest.raises(UserError, match=rf"refuses its user \({complaint}.*\): grant it USAGE and CREATE"):
        threads()


@pytest.mark.parametrize("address", ["mysql://me:secret@host/x", "secret", "postgresql://me:secret@[host"])
def test_what_is_no_address_is_refused_without_showing_its_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, address)

    with pytest.raises(UserError, match="is no address of a PostgreSQL database: write postgresql://") as error:
        threads()
    assert "secret" not in str(error.value)
