"""The writer: turns the plan into modules that work."""

from agents.model import StepInput, StepOutput
from agents.proposals.admit import with_proposals
from tools.errors import ExitCode, UserError
from tools.transform.build import build_modules
from tools.transform.format import formatted

OWNED = ("src/", "configs/default.yaml")


def write(step: StepInput) -> StepOutput:
    """Do the step `structure`.

    Args:
        step: With facts and plan.

    Raises:
        UserError: If there is no plan.
    """
    if step.facts is None or step.plan is None:
        raise UserError("step structure needs a plan: run step extract first", ExitCode.FAILED)
    files = formatted(build_modules(step.facts, step.plan, "structure"))
    if step.proposals:
        proposed, _ = with_proposals(files, step.proposals, "structure")
        files = formatted(proposed)
    folder = step.notebook.parent
    copies = {target: str((folder / source).resolve()) for target, source in step.plan.data_files}
    stale = [path for path in step.tree if path.startswith("src/") and path not in files]
    modules = sum(1 for path in files if path.endswith(".py") and not path.endswith("__init__.py"))
    lines = sum(text.count("\n") for path, text in files.items() if path.endswith(".py"))
    return StepOutput(
        files=files,
        removed=tuple(sorted(stale)),
        copies=copies,
        summary=f"{modules} modules, {lines} lines, configs/default.yaml",
    )
