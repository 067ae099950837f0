"""The packager: everything around the package, so that it installs, runs, tracks, ships."""

import re
from collections.abc import Mapping

from agents.model import StepInput, StepOutput
from tools.analysis.model import NotebookFacts
from tools.errors import UserError
from tools.plan.model import ExtractionPlan
from tools.render import readme
from tools.render.engine import render
from tools.render.layout import formatted
from tools.render.lint import lint_settings
from tools.render.pipeline import COMPILED, SOURCE, compile_pipeline, pipeline_parameters, pipeline_source
from tools.render.requirements import DEVELOPMENT, RUNTIME, development, installed, requirements, versions
from tools.render.settings import defaults, job_parameters, key_of
from tools.render.sources import read_sources
from tools.render.style import styles
from tools.transform.environment_names import used_names

JOB_TESTS = "tests/test_pipelines.py"


def package(step: StepInput) -> StepOutput:
    """Write the files around the package: MLproject, requirements, lint settings, pipelines, Makefile, README, CI.

    Args:
        step: Needs facts, a plan and the sources of the package.

    Returns:
        The files, and the data files to copy.

    Raises:
        UserError: If there is no plan.
    """
    plan, facts = step.plan, step.facts
    if plan is None or facts is None:
        raise UserError("the packager needs a plan: run the extract step first")
    sources = read_sources(step.tree)
    own = installed((*DEVELOPMENT, *RUNTIME, "kfp"))
    python = minor(facts.trace.python or step.interpreter.version)
    pipeline = formatted({SOURCE: pipeline_source(plan, step.tree)})[SOURCE]
    compiled, missing = compile_pipeline(pipeline, plan.project)

    files = {
        "pipelines/__init__.py": '"""Pipelines."""\n',
        SOURCE: pipeline,
        ".github/workflows/ci.yml": render("ci.yml.j2", python=python),
        ".gitignore": render("gitignore.j2", output_dir=output_dir(plan, step.tree)),
        "Dockerfile": render("Dockerfile.j2", python=python, folders=data_folders(plan)),
        "python_env.yaml": render("python_env.yaml.j2", python=python),
        "requirements.txt": render(
            "requirements.txt.j2",
            **dict(requirements(sources, facts, versions(facts, package_versions(step), own))),
        ),
        "requirements-dev.txt": render("requirements-dev.txt.j2", pins=development(True, own)),
        "Makefile": render("Makefile.j2", name=plan.project, example=(*readme.examples(plan), "seed=1")[0]),
        **job_files(plan, step.tree),
    }
    if compiled:
        files[COMPILED] = compiled
    files |= formatted(
        {
            JOB_TESTS: render(
                "tests/pipelines.py.j2",
                kubeflow=bool(compiled),
                pipeline_parameters=pipeline_parameters(plan, step.tree),
            )
        }
    )
    after = {**step.tree, **files}
    files["pyproject.toml"] = project_file(step, plan, after, python)
    files["README.md"] = readme_text(plan, facts, after)
    note = f"; no {COMPILED}: {missing}" if missing else ""
    removed = () if compiled or COMPILED not in step.tree else (COMPILED,)
    return StepOutput(
        files=files,
        removed=removed,
        copies=data_copies(step, plan),
        summary=f"{len(files)} files around the package{note}",
    )


def project_file(step: StepInput, plan: ExtractionPlan, tree: Mapping[str, str], python: str) -> str:
    """Return pyproject.toml, whose lint settings leave the author's style alone."""
    traced = step.facts is not None and step.facts.trace.status == "ran"

    def text(style: Mapping[str, tuple[str, ...]]) -> str:
        settings = lint_settings(tree, step.constraints, traced, style)
        return render("pyproject.toml.j2", name=plan.project, python=python, **dict(settings))

    return text(styles(tree, text({})))


def job_files(plan: ExtractionPlan, tree: Mapping[str, str]) -> dict[str, str]:
    """Return MLproject and configs/mlflow_pipeline.yaml."""
    output = output_dir(plan, tree)
    context = {
        "name": plan.project,
        "parameters": job_parameters(plan, tree),
        "trained_config": f"{output}/config.yaml",
    }
    artifacts = [("config.yaml", "all settings")]
    artifacts += [(saved.name, "the model, with signature and input example") for saved in plan.saved if saved.served]
    return {
        "MLproject": render("MLproject.j2", **context),
        "configs/mlflow_pipeline.yaml": render(
            "mlflow_pipeline.yaml.j2",
            **context,
            metrics=readme.metric_names(plan),
            metrics_path=f"{output}/metrics.json",
            artifacts=artifacts,
        ),
    }


def readme_text(plan: ExtractionPlan, facts: NotebookFacts, tree: Mapping[str, str]) -> str:
    """Return the README."""
    known = [found.name for found in facts.notebook.secrets]
    table = readme.metrics_table(plan, readme.recorded_metrics(plan, facts))
    return render(
        "README.md.j2",
        name=plan.project,
        title=facts.notebook.title or plan.project.replace("-", " ").capitalize(),
        description=readme.paragraph(facts.notebook.description or plan.summary),
        columns=table.columns,
        rows=table.rows,
        figures=table.caption,
        output_dir=output_dir(plan, tree),
        examples=readme.examples(plan),
        job_example=readme.job_example(plan, tree),
        layout=readme.layout(plan, tree),
        secrets=used_names([text for path, text in tree.items() if path.startswith("src/")], known),
    )


def output_dir(plan: ExtractionPlan, tree: Mapping[str, str]) -> str:
    """Return the folder that training writes to."""
    value = defaults(plan, tree).get(key_of(plan, "output_dir"))
    return value if isinstance(value, str) else "artifacts"


def data_folders(plan: ExtractionPlan) -> tuple[str, ...]:
    """Return the top-level folders of the data that is copied into the repository."""
    folders = {path.split("/")[0] for path, _ in plan.data_files if not path.startswith(("/", ".."))}
    return tuple(sorted(folders))


def data_copies(step: StepInput, plan: ExtractionPlan) -> dict[str, str]:
    """Return the data files that exist: path in the repository to absolute source."""
    copies = {}
    for path, source in plan.data_files:
        origin = (step.notebook.parent / source).resolve()
        if origin.is_file() and not path.startswith(("/", "..")):
            copies[path] = str(origin)
    return copies


def package_versions(step: StepInput) -> dict[str, str]:
    """Return the versions in the package's environment, else those of the notebook's interpreter."""
    from tools.environment import package_environment

    return package_environment(step.interpreter).interpreter.packages | step.interpreter.packages


def minor(version: str) -> str:
    """Return `3.11` of `3.11.7`; the earliest that the package supports where nothing is known."""
    match = re.match(r"\d+\.\d+", version)
    return match.group() if match else "3.11"
