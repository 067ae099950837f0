"""Facts, plan and results in, report out."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.analysis.model import NotebookFacts
from tools.checks.model import CheckResult, Diagnostic, EquivalenceResult
from tools.plan.model import ExtractionPlan
from tools.report.model import (
    CellRow,
    ChangeRow,
    CheckRow,
    ConventionRow,
    MetricRow,
    ModelRow,
    Place,
    ProposalRow,
    Report,
    SettingRow,
    StageBox,
    StatementRow,
    StepRow,
)
from tools.report.provenance import function_lines, places_of, setting_line


def gather(
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
) -> Report:
    """Return the report of a run.

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
    compared = equivalence or EquivalenceResult(status="unproven")
    return Report(
        project=plan.project,
        title=facts.notebook.title,
        summary=plan.summary,
        verdict=verdict,
        reason=reason,
        notebook=Path(facts.notebook.path).name,
        notebook_sha256=facts.notebook.sha256,
        order=facts.trace.order_reason or f"the notebook was {facts.trace.status}",
        checks=tuple(CheckRow(name=r.name, status=r.status, summary=r.summary) for r in results),
        compared=compared.compared,
        equal=compared.equal,
        tolerance=compared.tolerance,
        seeds=compared.seeds,
        evidence=compared.values,
        differences=compared.differences,
        metrics=_metrics(compared),
        cells=_cells(facts, plan, places_of(facts, plan, tree)),
        settings=_settings(plan, tree),
        repairs=facts.notebook.repairs,
        changes=tuple(ChangeRow(kind=c.kind, message=c.message, statement=c.statement) for c in plan.changes),
        questions=plan.questions,
        warnings=(*_notebook_warnings(facts), *(d for d in diagnostics if d.severity == "warning")),
        errors=tuple(d for d in diagnostics if d.severity == "error"),
        stages=_stages(plan, tree),
        steps=tuple(StepRow(name=n, attempts=a, summary=s) for n, (a, s) in steps.items()),
        conventions=tuple(conventions),
        models=tuple(models),
        proposals=tuple(proposals),
        environment={
            "python": facts.trace.python,
            "sandbox": facts.trace.sandbox,
            **dict(sorted(facts.trace.packages.items())),
        },
    )


def _metrics(compared: EquivalenceResult) -> tuple[MetricRow, ...]:
    old, new = compared.metrics_notebook, compared.metrics_package
    return tuple(
        MetricRow(name=n, notebook=old.get(n), package=new.get(n), equal=n in old and old.get(n) == new.get(n))
        for n in dict.fromkeys((*old, *new))
    )


def _cells(facts: NotebookFacts, plan: ExtractionPlan, places: Mapping[str, tuple[Place, ...]]) -> tuple[CellRow, ...]:
    decisions = {d.statement: d for d in plan.decisions}
    notes: dict[int, list[str]] = {}
    for magic in facts.notebook.magics:
        notes.setdefault(magic.cell, []).append(f"`{magic.source}` {magic.action}: {magic.detail}")
    rows = []
    for repair in facts.notebook.repairs:
        cell_number = int(repair.statement.partition(".")[0][1:])
        notes.setdefault(cell_number, []).append(f"{repair.statement} repaired: {repair.code} ({repair.release})")
    for cell in facts.notebook.cells:
        statements = []
        for s in cell.statements:
            decision = decisions.get(s.id)
            statements.append(
                StatementRow(
                    id=s.id,
                    line=s.line,
                    end_line=s.end_line,
                    source=s.code.splitlines()[0],
                    roles=facts.statements[s.id].roles if s.id in facts.statements else (),
                    kept=decision.kept if decision else False,
                    reason=decision.reason if decision else "",
                    places=places.get(s.id, ()),
                )
            )
        note = "; ".join(notes.get(cell.index, []) + ([cell.error] if cell.error else []))
        heading = cell.headings[-1] if cell.headings else ""
        rows.append(
            CellRow(index=cell.index, heading=heading, source=cell.source, statements=tuple(statements), note=note)
        )
    return tuple(rows)


def _settings(plan: ExtractionPlan, tree: Mapping[str, str]) -> tuple[SettingRow, ...]:
    text = tree.get("configs/default.yaml", "")
    return tuple(
        SettingRow(
            key=s.key,
            value=s.value,
            statements=tuple(dict.fromkeys(i for i, _ in s.places)),
            line=setting_line(text, s.key),
            added=s.added,
        )
        for s in plan.settings
    )


def _notebook_warnings(facts: NotebookFacts) -> tuple[Diagnostic, ...]:
    return tuple(
        Diagnostic(
            code=w.code, message=w.message, severity="warning", check="notebook", step="extract", statement=w.statement
        )
        for w in facts.warnings
    )


def _stages(plan: ExtractionPlan, tree: Mapping[str, str]) -> tuple[StageBox, ...]:
    return tuple(
        StageBox(
            name=f.name,
            stage=f.stage,
            file=f.module,
            line=function_lines(tree, f.module, f.name)[0],
            takes=tuple(p.variable for p in f.parameters if p.variable),
            gives=tuple(dict.fromkeys(r.variable for r in f.returns)),
        )
        for f in plan.functions
        if f.kind == "stage"
    )
