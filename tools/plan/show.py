"""The plan on the screen: stages and functions as a tree, settings, dropped cells, warnings."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.tree import Tree

from tools.analysis.model import NotebookFacts
from tools.plan.model import ExtractionPlan
from tools.repair.tell import baseline

_STAGES = ("data", "model", "training", "evaluation")


def print_plan(facts: NotebookFacts, plan: ExtractionPlan, console: Console) -> None:
    """Print the plan for people."""
    console.print(f"[bold]{escape(plan.project)}[/]: {escape(plan.summary)}")
    console.print(f"order: {facts.trace.order_kind}. {escape(facts.trace.order_reason)}")
    if facts.notebook.repairs:
        console.print(f"[yellow]repaired[/]: {escape(baseline(facts.notebook.repairs))}.")
        repairs = Table("repair", "statement", "as written", "repaired", box=None, header_style="bold")
        for repair in facts.notebook.repairs:
            before, after = (" ".join(text.split())[:60] for text in (repair.before, repair.after))
            repairs.add_row(repair.code, repair.statement, escape(before), escape(after))
        console.print(repairs)
    tree = Tree("functions")
    for stage in _STAGES:
        functions = [f for f in plan.functions if f.stage == stage]
        if functions:
            branch = tree.add(f"[bold]{stage}[/]")
            for function in functions:
                takes = ", ".join(p.name for p in function.parameters)
                gives = ", ".join(r.name for r in function.returns) or "nothing"
                where = " ".join(function.statements)
                branch.add(f"{function.name}({escape(takes)}) → {escape(gives)}  [dim]{where}[/]")
    console.print(tree)
    settings = Table("setting", "value", "from", box=None, header_style="bold")
    for setting in plan.settings:
        value = setting.value if len(setting.value) <= 60 else setting.value[:57] + "..."
        settings.add_row(escape(setting.key), escape(value), setting.places[0][0] if setting.places else "added")
    console.print(settings)
    dropped = Table("dropped", "why", box=None, header_style="bold")
    reasons: dict[str, list[str]] = {}
    for decision in plan.decisions:
        if not decision.kept:
            reasons.setdefault(decision.reason, []).append(decision.statement)
    for reason, statements in reasons.items():
        dropped.add_row(" ".join(statements), escape(reason))
    console.print(dropped)
    for warning in facts.warnings:
        console.print(f"[yellow]{warning.code}[/] {warning.statement} {escape(warning.message)}")
    for cell in facts.notebook.cells:
        if cell.error:
            console.print(f"[yellow]unparsable[/] {escape(cell.error)}")
