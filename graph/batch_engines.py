"""Where the processes of a batch run: here, or on the workers of a Dask cluster."""

import importlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from graph.batch_process import supervised
from graph.batch_table import Row, Table
from graph.checkpoints import ADDRESS
from tools.errors import ExitCode, UserError

Arguments = Callable[[Row], list[str]]
"""Gives what Python is called with to run the notebook of a row."""
Engine = Callable[[Sequence[Row], Arguments, Table, Path], Iterator[Row]]
"""Runs the rows, keeps the table, and gives each row when it has ended."""


def here(workers: int) -> Engine:
    """Return the engine that runs so many processes at a time on this machine."""

    def run(rows: Sequence[Row], arguments: Arguments, table: Table, out: Path) -> Iterator[Row]:
        stop = threading.Event()
        with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
            running = [pool.submit(supervised, row, arguments(row), out, table.put, stop=stop) for row in rows]
            try:
                for future in as_completed(running):
                    table.put(future.result())
                    yield future.result()
            except BaseException:
                stop.set()
                pool.shutdown(cancel_futures=True)
                raise

    return run


def on_cluster(address: str, seconds: float = 20.0) -> Engine:
    """Return the engine that hands the rows to the scheduler of a Dask cluster.

    A worker that dies takes nothing with it: the scheduler gives its notebooks to others, and one that has ended has
    written so into the folder of the batch, which all workers see, so that it is not run again.

    Args:
        address: Of the scheduler, such as `tcp://10.0.0.5:8786`.
        seconds: To wait for its answer.
    """

    def run(rows: Sequence[Row], arguments: Arguments, table: Table, out: Path) -> Iterator[Row]:
        try:
            distributed: Any = importlib.import_module("distributed")
        except ImportError as error:
            raise UserError(
                "--scheduler needs the extra `cluster`: pip install 'ml-experiment-accelerator[cluster]', "
                "or use --workers on this machine"
            ) from error
        try:
            client = distributed.Client(address, timeout=seconds, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise UserError(f"no Dask scheduler answers at {address}: start it, or mend --scheduler") from error
        with client:
            if not client.scheduler_info()["workers"]:
                raise UserError(f"the Dask scheduler at {address} has no workers: start some with `dask worker`")
            running = {}
            for row in rows:
                table.put(row.model_copy(update={"status": "running", "attempts": row.attempts + 1}))
                task = client.submit(_on_worker, row, arguments(row), out, key=f"{Path(row.out).name}-{row.sha256}")
                running[task.key] = (task, row)
            for done in distributed.as_completed([task for task, _ in running.values()], loop=client.loop):
                row = _ended(done, running[done.key][1])
                table.put(row)
                yield row

    return run


def _on_worker(row: Row, arguments: list[str], out: Path) -> Row:
    """Run one notebook on a worker, with a state folder of its own where no database holds the checkpoints."""
    own = {} if os.environ.get(ADDRESS) else {"ML_PRODUCTIONIZE_HOME": str(out / "state" / Path(row.out).name)}
    return supervised(row, arguments, out, lambda _: None, own)


def _ended(done: Any, row: Row) -> Row:  # noqa: ANN401  distributed is an extra
    """Return the row that a task gave; one that failed, or took too many workers with it, ends without a verdict."""
    error = done.exception()
    if error is None:
        return Row.model_validate(done.result())
    message = f"the cluster could not run it ({type(error).__name__}: {str(error).splitlines()[0]})"[:500]
    return row.model_copy(
        update={"status": "done", "code": int(ExitCode.FAILED), "message": message, "attempts": row.attempts + 1}
    )
