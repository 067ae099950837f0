"""The guardrails in a run: the workspace refuses, the sandbox hides, the seal proves, code rules judge every tree."""

import time
from pathlib import Path

from agents.reviewer import Review
from graph.budget import deadline, remaining_seconds
from graph.state import RunState
from guardrails.code_rules import broken_rules
from guardrails.protected_files import refuse_protected
from guardrails.sensitive_files import hidden_from_runs, project_root, refuse_sensitive
from guardrails.untouched import Seal, hold, protected_files, sealed
from tools.analysis.model import NotebookFacts
from tools.checks.model import CheckResult, Step
from tools.checks.owner import owner
from tools.notebook.model import Notebook
from tools.notebook.read import read_notebook, secret_values
from tools.path_patterns import matched_file
from tools.sandbox import ISOLATED, Limits, best_layer
from tools.team.model import ArchitectConfig, TeamFiles
from tools.trace.layout import levels_up
from tools.workspace import Workspace


def workspace_of(state: RunState) -> Workspace:
    """Return the generated repository, with the team's protected and sensitive files refused."""
    rules = state["team"].config.guardrails
    guards = [refuse_protected(rules.protected_files)] if rules.protected_files else []
    return Workspace(Path(state["out"]), guards=guards, sensitive=rules.sensitive_files)


def weak_sandbox() -> str:
    """Say that runs are not isolated here; an empty string where they are."""
    layer = best_layer()
    if layer in ISOLATED:
        return ""
    return (
        f"warning: the sandbox here is only `{layer}`: network and files are open to the notebook; install bubblewrap"
    )


def hidden_paths(notebook: Notebook, team: TeamFiles) -> tuple[str, ...]:
    """Return the sensitive files around a notebook, which no run of foreign code may see."""
    folder = Path(notebook.path).resolve().parent
    return hidden_from_runs(folder, team.config.guardrails.sensitive_files, levels_up(notebook))


def limits_of(state: RunState, facts: NotebookFacts | None) -> Limits:
    """Return the bounds of each run of foreign code as the configuration and the budget left have them."""
    config = state["team"].config
    notebook = facts.notebook if facts else read_notebook(Path(state["notebook"]))
    seconds = remaining_seconds(config.budget, state["spent"])
    found = limits_from(config, seconds, hidden_paths(notebook, state["team"]))
    secrets = tuple(secret_values(Path(state["notebook"])).items())
    return found.model_copy(update={"until": deadline(config.budget, state["spent"]), "secrets": secrets})


def limits_from(config: ArchitectConfig, seconds: float, hidden: tuple[str, ...]) -> Limits:
    """Return the bounds that a configuration sets.

    Args:
        config: Of the team.
        seconds: Wall time of one run.
        hidden: What it must not see.
    """
    return Limits(
        seconds=seconds,
        memory_mb=config.limits.memory_mb,
        processes=config.limits.processes,
        file_mb=config.limits.file_mb,
        disk_mb=config.limits.disk_mb,
        strict=config.limits.sandbox == "strict",
        hidden=hidden,
    )


def without_sensitive(copies: dict[str, str], notebook: Path, team: TeamFiles) -> tuple[dict[str, str], list[str]]:
    """Return the copies that may be made, and a sentence for each that may not."""
    patterns, root = team.config.guardrails.sensitive_files, project_root(notebook.parent)
    refused = {target: matched_file(Path(source), root, patterns) for target, source in copies.items()}
    said = [
        f"{Path(copies[target]).name} is not copied: it is sensitive (`{pattern}`, guardrails.sensitive_files)"
        for target, pattern in sorted(refused.items())
        if pattern
    ]
    return {target: source for target, source in copies.items() if not refused[target]}, said


def seal_before(notebook: Path, team: TeamFiles, run_dir: Path) -> None:
    """Seal the notebook and the protected files before anything runs; without isolation also what lies beside it.

    Raises:
        UserError: If the notebook itself is sensitive.
    """
    rules = team.config.guardrails
    refuse_sensitive(notebook, rules.sensitive_files)
    config = Path(team.sources.get("config", notebook)).parent
    paths = [notebook]
    for root in dict.fromkeys((project_root(notebook.parent), config, notebook.parent)):
        paths += protected_files(root, rules.protected_files)
    if best_layer() not in ISOLATED:
        paths += protected_files(notebook.parent, ("*",))
    hidden = set(hidden_from_runs(notebook.parent, rules.sensitive_files))
    _write_seal(run_dir, sealed([p for p in paths if str(p.resolve()) not in hidden], _store(run_dir)))


def unharmed(state: RunState, facts: NotebookFacts | None) -> None:
    """Raise if the notebook, a file that it reads or a protected one has changed since the run began.

    Raises:
        UserError: With what became of each; the originals are brought back.
    """
    run_dir, folder = Path(state["run_dir"]), Path(state["notebook"]).parent
    path = run_dir / "sealed.json"
    seal = Seal.model_validate_json(path.read_text()) if path.is_file() else Seal()
    hold(seal, _store(run_dir))
    if facts is not None:
        wider = sealed([folder / name for name in facts.trace.input_files], _store(run_dir), seal)
        if wider != seal:
            _write_seal(run_dir, wider)


def _store(run_dir: Path) -> Path:
    return run_dir / "originals"


def _write_seal(run_dir: Path, seal: Seal) -> None:
    run_dir.mkdir(parents=True, exist_ok=True)
    (run_dir / "sealed.json").write_text(seal.model_dump_json())


def with_code_rules(found: Review, team: TeamFiles, texts: dict[str, str]) -> Review:
    """Return a review with the team's code rules applied to every file; unchanged where there are none.

    Args:
        found: What the checks said.
        team: Whose rules.
        texts: Text of the repository by path.
    """
    rules = team.config.guardrails.code_rules
    if not rules:
        return found
    began = time.monotonic()
    owners: dict[str, Step] = {path: owner("code_rules", "", path) for path in texts}
    broken = tuple(broken_rules(texts, rules, owners))
    blocked = sum(1 for d in broken if d.severity == "error")
    result = CheckResult(
        name="code_rules",
        status="failed" if blocked else "passed",
        seconds=time.monotonic() - began,
        summary=f"{len(rules)} rules of the team: {blocked} broken, {len(broken) - blocked} warnings",
        diagnostics=broken,
    )
    update = {"results": (*found.results, result), "diagnostics": (*found.diagnostics, *broken)}
    return found.model_copy(update=update | ({"verdict": "failed", "reason": result.summary} if blocked else {}))
