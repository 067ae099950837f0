"""Metrics as the saved outputs print them, compared to the digits printed."""

import re

from tools.analysis.model import NotebookFacts
from tools.checks.model import Diagnostic
from tools.frozen import Frozen

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.])")


class PrintedMetric(Frozen):
    """A metric as the saved output of its cell prints it.

    Attributes:
        name: In metrics.json.
        printed: The text of the number.
        value: Computed now.
        equal: To the digits printed.
    """

    name: str
    printed: str
    value: float
    equal: bool


def printed_metrics(facts: NotebookFacts, metrics: dict[str, float]) -> tuple[PrintedMetric, ...]:
    """Find the metrics in the saved outputs: where the traced output prints one, the saved output has its number too.

    Args:
        facts: With trace and saved outputs.
        metrics: Values by name.
    """
    found: dict[str, PrintedMetric] = {}
    for cell in facts.notebook.cells:
        saved = _numbers("\n".join(o.text for o in cell.outputs if o.kind != "error"))
        traces = [facts.trace.statements[s.id] for s in cell.statements if s.id in facts.trace.statements]
        shown = {s.id for s in cell.statements if s.displayed}
        now = _numbers("\n".join(t.stdout + (f"\n{t.result_text}" if t.id in shown else "") for t in traces))
        if not saved or len(saved) != len(now):
            continue
        for text, old in zip(now, saved, strict=True):
            for name, value in metrics.items():
                if name not in found and "." in text and is_printed_as(value, text):
                    equal = is_printed_as(value, old)
                    found[name] = PrintedMetric(name=name, printed=old, value=value, equal=equal)
                    break
    return tuple(found[name] for name in metrics if name in found)


def is_printed_as(value: float, text: str) -> bool:
    """Tell whether a printed number is a value, or its percentage, to the digits printed.

    Args:
        value: The value.
        text: As printed.
    """
    try:
        printed = float(text)
    except ValueError:
        return False
    mantissa, _, exponent = text.lower().partition("e")
    digits = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - digits)
    return any(abs(scale * value - printed) <= unit * 0.5000001 for scale in (1.0, 100.0))


def printed_differently(facts: NotebookFacts, written: dict[str, float], *, repeats: bool) -> tuple[Diagnostic, ...]:
    """Warn of metrics that the saved outputs print otherwise than the notebook computes them here.

    Args:
        facts: With trace and saved outputs.
        written: Metrics of a run of the notebook as it is written.
        repeats: Whether the notebook gives the same metrics whenever it runs.
    """
    why = (
        "the notebook gives the same here whenever it runs: the packages or the data were others then"
        if repeats
        else "the notebook does not repeat its own figures: it draws at random without a seed"
    )
    return tuple(
        Diagnostic(
            code="saved-output",
            message=f"the saved output prints {found.name} as {found.printed}, it is {found.value:.6g} here; {why}",
            severity="warning",
            check="equivalence",
            step="extract",
        )
        for found in printed_metrics(facts, written)
        if not found.equal
    )


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(text)
