"""The reports of a run as files of the generated repository."""

from collections.abc import Mapping, Sequence

from tools.analysis.model import NotebookFacts
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult
from tools.plan.model import ExtractionPlan
from tools.report.gather import gather
from tools.report.html import html
from tools.report.markdown import markdown
from tools.report.model import ConventionRow, ModelRow, ProposalRow, Report

CHAT = {"models", "proposals"}
"""Fields that only the report of a run with a chat model has."""
JSON, MARKDOWN, HTML = "report.json", "REPORT.md", "report.html"


def write_reports(
    facts: NotebookFacts,
    plan: ExtractionPlan,
    *,
    verdict: str,
    reason: str,
    results: Sequence[CheckResult],
    equivalence: EquivalenceResult | None,
    diagnostics: Sequence[Diagnostic],
    steps: Mapping[str, tuple[int, str]],
    tree: Mapping[str, str],
    conventions: Sequence[ConventionRow] = (),
    models: Sequence[ModelRow] = (),
    proposals: Sequence[ProposalRow] = (),
) -> dict[str, str]:
    """Return the text of `report.json`, `REPORT.md` and `report.html` by path.

    Args:
        facts: Of the notebook.
        plan: In force.
        verdict: Of the run.
        reason: Why it is not `verified`.
        results: Of the checks.
        equivalence: The comparison, where there was one.
        diagnostics: Findings of the last review.
        steps: Attempts and summary by step.
        tree: Text of the generated files by path.
        conventions: Of the team, line by line.
        models: What chat models were asked.
        proposals: What they proposed.
    """
    report = gather(
        facts,
        plan,
        verdict=verdict,
        reason=reason,
        results=results,
        equivalence=equivalence,
        diagnostics=diagnostics,
        steps=steps,
        tree=tree,
        conventions=conventions,
        models=models,
        proposals=proposals,
    )
    return rendered(report, tree)


def rendered(report: Report, tree: Mapping[str, str]) -> dict[str, str]:
    """Return the report files of a report that is known, such as one read back from `report.json`.

    Args:
        report: What to tell.
        tree: Text of the generated files by path.
    """
    return {
        JSON: report.model_dump_json(indent=1, exclude=None if report.models else CHAT) + "\n",
        MARKDOWN: markdown(report),
        HTML: html(report, tree),
    }


def read_report(text: str) -> Report:
    """Return the report that `report.json` holds.

    Args:
        text: Of the file.

    Raises:
        ValueError: If it is none, or of another version.
    """
    return Report.model_validate_json(text)
