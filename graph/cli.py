"""The command line. Everything heavy is imported where it is used, so that `--help` is quick."""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from graph.cli_delivery import deliver
from graph.cli_options import Base, Branch, Into, Json, Junit, OpenPr, Settings, Subfolder, Unverified
from graph.cli_runs import list_runs, report, resume, rollback
from graph.guarded import guarded, overrides_of, with_progress

app = typer.Typer(
    name="ml-productionize",
    help="Turn a notebook into a repository that an ML engineer can review, with proof that it computes the same.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Notebook = Annotated[Path, typer.Argument(help="The .ipynb or percent-format .py file; it is only read.")]
Python = Annotated[str, typer.Option("--python", help="Interpreter (or venv folder) that the notebook runs in.")]
NoExecute = Annotated[bool, typer.Option("--no-execute", help="Run nothing: static analysis only.")]
Out = Annotated[str, typer.Option("--out", "-o", help="New or empty folder for the repository.")]


@app.command()
def run(
    notebook: Notebook,
    out: Out = "",
    python: Python = "",
    json_output: Json = False,
    no_execute: NoExecute = False,
    sandbox: Annotated[
        str, typer.Option("--sandbox", help="`strict` refuses a weaker sandbox than full isolation.")
    ] = "",
    max_seconds: Annotated[float | None, typer.Option(help="Wall time of the whole run; 0 for no limit.")] = None,
    max_rounds: Annotated[int | None, typer.Option(help="Reviews at the most.")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="Tokens of chat models, in and out; 0 for no limit.")] = None,
    max_usd: Annotated[float | None, typer.Option(help="Dollars for chat models; 0 for no limit.")] = None,
    run_seconds: Annotated[float | None, typer.Option(help="Wall time of one run of the notebook or package.")] = None,
    no_trace: Annotated[bool, typer.Option("--no-trace", help="Leave no trace of the run in MLflow.")] = False,
    model: Annotated[
        str, typer.Option("--model", help="Chat model as provider/name, such as openai/gpt-4.1; `none` for none.")
    ] = "",
    show_prompts: Annotated[bool, typer.Option("--show-prompts", help="Print what chat models are asked.")] = False,
    settings: Settings = None,
    config: Annotated[str, typer.Option(help="`.architect.yaml`; looked for from the notebook up if left out.")] = "",
    conventions: Annotated[str, typer.Option(help="`.architect.md`; likewise.")] = "",
    pipeline: Annotated[str, typer.Option(help="`ml-productionize.yaml`; likewise.")] = "",
    approve: Annotated[
        str,
        typer.Option(help="`plan` or `each-step`: stop there for a person's answer."),
    ] = "",
    thread: Annotated[str, typer.Option(help="Id of the run, to resume it by; a new one if left out.")] = "",
    junit: Junit = None,
    into: Into = None,
    branch: Branch = "",
    base: Base = "",
    subfolder: Subfolder = "",
    open_pr: OpenPr = False,
    unverified: Unverified = False,
) -> None:
    """Notebook in, proven repository out."""

    def work() -> int:
        from graph.finishing import Finish, order_of
        from graph.run import start
        from graph.state import RunInput

        finish = Finish(junit, order_of(into, branch, base, subfolder, open_pr, unverified))
        finish.check()
        given = RunInput(
            notebook=str(notebook),
            out=out,
            python=python,
            execute=not no_execute,
            approve=_approve(approve),
            config_file=config,
            conventions_file=conventions,
            pipeline_file=pipeline,
            overrides=overrides_of(
                settings,
                {
                    "budget.max_seconds": max_seconds,
                    "budget.max_rounds": max_rounds,
                    "budget.max_tokens": max_tokens,
                    "budget.max_usd": max_usd,
                    "budget.run_seconds": run_seconds,
                    "limits.sandbox": sandbox or None,
                    "tracking.trace": "false" if no_trace else None,
                    "llm.model": model or None,
                },
            ),
        )
        return with_progress(lambda listener: start(given, listener, thread), json_output, finish, show_prompts)

    guarded(work)


app.command()(resume)
app.command("runs")(list_runs)
app.command()(rollback)
app.command()(report)
app.command()(deliver)


@app.command()
def plan(
    notebook: Notebook,
    python: Python = "",
    json_output: Json = False,
    no_execute: NoExecute = False,
    show_prompts: Annotated[
        bool, typer.Option("--show-prompts", help="Print what chat models would be asked; nothing is sent.")
    ] = False,
) -> None:
    """Show what would be kept, dropped and built; write nothing."""

    def work() -> int:
        from graph.planning import make_plan, print_people, print_programs, print_prompts

        facts, made = make_plan(notebook, python, execute=not no_execute)
        if show_prompts:
            print_prompts(facts, made)
        elif json_output:
            print_programs(facts, made)
        else:
            print_people(facts, made)
        return 0

    guarded(work)


@app.command()
def review(
    folder: Annotated[Path, typer.Argument(help="A generated repository.")],
    python: Python = "",
    json_output: Json = False,
    junit: Junit = None,
) -> None:
    """Run the reviewer alone on a generated repository."""

    def work() -> int:
        from graph.reviewing import review_folder

        return review_folder(folder, python, json_output, junit)

    guarded(work)


@app.command("eval")
def evaluate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Folders of samples or notebooks; ours if left out.")
    ] = None,
    out: Out = "",
    fail_under: Annotated[
        float, typer.Option(help="End with 1 if fewer than this share of the samples are as expected.")
    ] = 1.0,
    repeats: Annotated[int, typer.Option(min=1, help="Runs of each sample.")] = 1,
    against: Annotated[
        str, typer.Option(help="Compare with an earlier evaluation: a scores.json, its folder, or its MLflow run.")
    ] = "",
    only: Annotated[list[str] | None, typer.Option(help="Samples whose name matches, such as `wine*`.")] = None,
    options: Annotated[
        list[str] | None, typer.Option("--option", help="For each run, such as `--option=--no-execute`.")
    ] = None,
    json_output: Json = False,
) -> None:
    """Run all samples, score them, print a table and log it to MLflow."""

    def work() -> int:
        from evals.harness import run_eval

        return run_eval(
            paths or [],
            out=Path(out) if out else None,
            fail_under=fail_under,
            json_output=json_output,
            repeats=repeats,
            against=against,
            only=only or [],
            options=options or [],
        )

    guarded(work)


@app.command()
def batch(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, and folders with notebooks.")],
    out: Out = "batch",
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, help="Notebooks at a time, on this machine.")] = 1,
    scheduler: Annotated[
        str, typer.Option(help="Address of a Dask scheduler: its workers run them, and see the same folders.")
    ] = "",
    python: Python = "",
    run_seconds: Annotated[float, typer.Option(help="Wall time of one run of a notebook or its package.")] = 900.0,
    json_output: Json = False,
) -> None:
    """Run many notebooks, one supervised process each; call it again to go on."""

    def work() -> int:
        from graph.batch_engines import here, on_cluster
        from graph.batching import run

        extra = ["--run-seconds", str(run_seconds), *(["--python", python] if python else [])]
        engine = on_cluster(scheduler) if scheduler else here(workers)
        return run(paths, Path(out), engine, extra, json_output)

    guarded(work)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where to write them.")] = Path()) -> None:
    """Write the three team files with commented defaults."""

    def work() -> int:
        from tools.team.init import write_team_files

        written = write_team_files(folder)
        for path in written:
            sys.stdout.write(f"wrote {path}\n")
        if not written:
            sys.stdout.write("all three files are there already; nothing was written\n")
        return 0

    guarded(work)


@app.command("config")
def show_config(
    notebook: Annotated[Path, typer.Argument(help="A notebook, or a folder.")] = Path(),
    settings: Settings = None,
    config: Annotated[str, typer.Option(help="`.architect.yaml`.")] = "",
) -> None:
    """Print the configuration in force, and where each value came from."""

    def work() -> int:
        from tools.team.find import load_team_files
        from tools.team.override import from_environment, overridden
        from tools.team.show import config_lines

        start = notebook if notebook.is_dir() else notebook.parent
        found = overridden(load_team_files(start, config), from_environment(), "environment")
        found = overridden(found, overrides_of(settings, {}), "command line")
        sys.stdout.write("\n".join(config_lines(found)) + "\n")
        return 0

    guarded(work)


def _approve(text: str) -> Literal["", "plan", "each-step"]:
    from tools.errors import UserError

    if text in ("", "plan", "each-step"):
        return cast(Literal["", "plan", "each-step"], text)
    raise UserError(f"--approve {text!r}: say `plan` or `each-step`")


def main() -> None:
    """Run the command line; its checkpoints hold only the types of the state, strictly."""
    os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
    app()


if __name__ == "__main__":
    main()
