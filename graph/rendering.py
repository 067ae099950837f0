"""The `report` command: the report of a generated repository, rendered anew."""

from pathlib import Path

from tools.errors import UserError
from tools.workspace import Workspace


def render_again(folder: Path, show: bool = False) -> str:
    """Write REPORT.md and report.html of a generated repository anew from its report.json.

    Args:
        folder: The repository.
        show: Open report.html in the browser.

    Returns:
        The verdict, and where the report lies.

    Raises:
        UserError: If there is no report.json, or it is damaged or of another version.
    """
    import webbrowser

    from tools.report.markdown import verdict_line
    from tools.report.write import HTML, JSON, read_report, rendered

    workspace = Workspace(folder.expanduser())
    path = workspace.root / JSON
    if not path.is_file():
        raise UserError(f"{path} does not exist: name a generated repository whose run has ended")
    try:
        report = read_report(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"{path} is damaged or was written by another version of this program") from error
    texts = workspace.texts()
    files = {name: text for name, text in rendered(report, texts).items() if name != JSON}
    changed = sorted(name for name, text in files.items() if texts.get(name) != text)
    workspace.write({name: files[name] for name in changed})
    page = workspace.root / HTML
    if show:
        webbrowser.open(page.as_uri())
    what = f"{' and '.join(changed)} written anew" if changed else "unchanged"
    return f"{verdict_line(report)}\n{page} ({what})"
