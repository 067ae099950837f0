"""Runs the work of a command: progress, result and exit code; a failure becomes one sentence."""

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.finishing import Finish
    from graph.screen import Progress
    from graph.state import RunState
    from tools.errors import UserError


def with_progress(
    work: "Callable[[Callable[[dict[str, Any]], None]], RunState]",
    json_output: bool,
    finish: "Finish | None" = None,
    prompts: bool = False,
) -> int:
    """Run or resume a run, show how it ended, and return the exit code.

    Args:
        work: Given a listener for progress events, returns the state at the end.
        json_output: Print one JSON object instead of tables.
        finish: What is done with the result; the result is shown also where that fails.
        prompts: Show what chat models are asked.
    """
    from graph.finishing import show_delivered
    from graph.screen import Progress, show_summary, show_waiting
    from graph.summary import exit_code, result_object

    progress = Progress(prompts=prompts)
    try:
        state = _answered_here(work(progress), progress)
    finally:
        progress.stop()
    added, failure = _finished(finish, state)
    if json_output:
        sys.stdout.write(json.dumps(result_object(state) | added, indent=2) + "\n")
    elif state.get("awaiting"):
        show_waiting(state)
    else:
        show_summary(state)
        if "delivered" in added:
            show_delivered(added["delivered"])
    if failure is not None:
        sys.stderr.write(f"ml-productionize: {failure}\n")
        return int(exit_code(state) or failure.code)
    return int(exit_code(state))


def _finished(finish: "Finish | None", state: "RunState") -> "tuple[dict[str, Any], UserError | None]":
    from tools.errors import UserError

    try:
        return (finish.done(state) if finish else {}), None
    except UserError as error:
        return {}, error


def _answered_here(state: "RunState", progress: "Progress") -> "RunState":
    """Ask the person at the terminal as long as the run waits for an answer; without a terminal leave it waiting."""
    from graph.asking import ask, on_terminal
    from graph.run import resume
    from tools.errors import UserError

    while state.get("awaiting") and on_terminal():
        progress.stop()
        try:
            state = resume(state["thread_id"], progress, reply=ask(state))
        except UserError as error:
            sys.stderr.write(f"ml-productionize: {error}\n")
    return state


def guarded(work: Callable[[], int]) -> None:
    """Run a command; a failure that a user can act on becomes one sentence and its exit code."""
    from tools.errors import ExitCode, UserError

    try:
        code = work()
    except UserError as error:
        sys.stderr.write(f"ml-productionize: {error}\n")
        code = int(error.code)
    except KeyboardInterrupt:
        sys.stderr.write("ml-productionize: interrupted; `ml-productionize resume` goes on\n")
        code = int(ExitCode.INTERRUPTED)
    except Exception as error:
        code = _internal(error)
    raise SystemExit(code)


def _internal(error: Exception) -> int:
    """Record a failure of our own and say where the details are."""
    import traceback

    from graph.record import make_state_folder
    from tools.errors import UserError

    text = "".join(traceback.format_exception(error))
    try:
        path = make_state_folder() / "error.log"
        path.write_text(text)
        where = f"details are in {path}"
    except (OSError, UserError):
        where = f"details could not be written: {text.strip().splitlines()[-2].strip()}"
    sys.stderr.write(f"ml-productionize: internal error ({type(error).__name__}: {error}); {where}\n")
    return 1


def overrides_of(settings: list[str] | None, options: dict[str, object]) -> dict[str, str]:
    """Return the values of the command line by dotted key."""
    found = {key: str(value) for key, value in options.items() if value is not None}
    for text in settings or []:
        key, equals, value = text.partition("=")
        if not equals or not key:
            from tools.errors import UserError

            raise UserError(f"--set {text!r} is not KEY=VALUE")
        found[key.strip()] = value
    return found
