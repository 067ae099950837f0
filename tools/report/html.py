"""report.html: the notebook beside the generated code, with the evidence, in one file that needs nothing else."""

from collections.abc import Mapping

from tools.report.model import Report


def html(report: Report, tree: Mapping[str, str]) -> str:
    """Return the report as one self-contained HTML page.

    Args:
        report: What to show.
        tree: Text of the generated files by path.
    """
    return "<!doctype html>\n"
