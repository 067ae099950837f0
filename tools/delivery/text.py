"""The text of a pull request, with where the package lies and what a reviewer must not miss."""

from tools.errors import printable
from tools.report.model import Report
from tools.report.pull_request import pull_request_text
from tools.secrets import redact

TEXT = "PULL_REQUEST.md"
_MOST = 5


def delivery_text(report: Report, folder: str, later: int) -> tuple[str, str]:
    """Return title and body of the pull request of a delivery.

    Args:
        report: Of the run.
        folder: Where the package lies; empty for the root.
        later: Number of commits after the report.
    """
    title, body = pull_request_text(report)
    parts = [_warning(report, later), body.strip(), _where(folder)]
    whole = "\n\n".join(part for part in parts if part) + "\n"
    return redact(printable(title).replace("\n", " ")), redact(printable(whole))


def unverified(report: Report, later: int) -> str:
    """Return why a delivery is not one of a verified result; empty where it is."""
    if report.verdict != "verified":
        return f"its verdict is `{report.verdict}`" + (f" ({report.reason})" if report.reason else "")
    if later:
        return f"{later} commit{'s' if later > 1 else ''} came after its report, whose verdict is not about them"
    return ""


def proven(report: Report, later: int) -> str:
    """Return the verdict of what is delivered: commits after a report of `verified` make it `unproven`."""
    return "unproven" if report.verdict == "verified" and later else report.verdict


def _warning(report: Report, later: int) -> str:
    why = unverified(report, later)
    if not why:
        return ""
    lines = [
        f"> **Not verified.** This was delivered with `--deliver-unverified`: {' '.join(why.split())}.",
        "> Do not merge it as if it computed what the notebook computes.",
    ]
    found = [f"{d.check}: {d.message}" if d.check else d.message for d in report.errors]
    found += [f"{d.statement}: {d.message}" if d.statement else d.message for d in report.differences]
    found = list(dict.fromkeys(" ".join(text.split()) for text in found))
    more = [f"> - and {len(found) - _MOST} more in REPORT.md"] if len(found) > _MOST else []
    listed = [f"> - {text}" for text in found[:_MOST]]
    return "\n".join([*lines, *([">"] if listed else []), *listed, *more])


def _where(folder: str) -> str:
    if not folder:
        return ""
    return (
        f"The package lies in `{folder}/`: run `make` there. A workflow in `{folder}/.github/` runs only where it is "
        "copied to the root of the repository."
    )
