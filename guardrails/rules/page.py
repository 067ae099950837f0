"""The page about the rules, made from them: `python -m guardrails.rules.page docs/rules.md` writes it anew."""

import inspect
import sys
from pathlib import Path

from guardrails.rules.model import Rule
from guardrails.rules.registry import RULES

_HEAD = """\
# Rules

What the check `conventions` holds every generated repository to, and which lines of a team's `.architect.md` each rule
checks. The report of a run lists every line of that file with the rules that check it, or says that none does.
"""


def page() -> str:
    """Return the page as Markdown."""
    return _HEAD + "".join(_section(rule) for rule in RULES)


def _section(rule: Rule) -> str:
    module = inspect.getmodule(rule.find)
    said = " ".join((inspect.getdoc(module) or "").split("\n\n")[0].split())
    blocks = "breaks the build" if rule.severity == "error" else "is a warning"
    text = f"\n## {rule.code} {rule.name}\n\n{said} What breaks it {blocks}.\n"
    if rule.words:
        words = ", ".join(f"`{word}`" for word in rule.words)
        text += f"\nChecks a line of the conventions that has one of: {words}.\n"
    elif rule.checks is not None:
        text += "\nChecks lines of the conventions by their section and form.\n"
    example = rule.example
    if example.conventions:
        text += f"\n```markdown\n{example.conventions}```\n"
    kind = {".py": "python", ".yaml": "yaml"}.get(Path(example.path).suffix, "text")
    before, after = example.before or "(missing)\n", example.after or "(nothing)\n"
    text += f"\n`{example.path}`, before and after:\n\n```{kind}\n{before}```\n\n```{kind}\n{after}```\n"
    return text


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
