"""Code in backticks that the team's conventions prohibit stands nowhere in the package."""

import builtins
import re

from guardrails.code_rules import code_only
from guardrails.conventions import ConventionLine
from guardrails.rules.model import Example, Finding, Rule, Subject


def find(subject: Subject) -> list[Finding]:
    """Return the places where prohibited code stands; comments and strings are no code.

    Args:
        subject: The repository.
    """
    found = []
    for path in sorted(path for path in subject.files if path.startswith("src/") and path.endswith(".py")):
        code = code_only(subject.files[path])
        for line in subject.conventions:
            for snippet in line.snippets if checks(line) else ():
                pattern = _pattern(snippet)
                for match in re.finditer(pattern, code):
                    number = code.count("\n", 0, match.start()) + 1
                    found.append(Finding(path, number, f"`{snippet}` is prohibited (line {line.number}: {line.text})"))
    return found


def _pattern(snippet: str) -> str:
    """Return a regular expression for a snippet: whole names, blanks before a bracket; a built-in is no method."""
    name = re.match(r"[A-Za-z_]\w*", snippet)
    before = "" if name is None else r"(?<![\w.])" if hasattr(builtins, name[0]) else r"(?<!\w)"
    inside = re.sub(r"(?<=\w)\\\(", r"\\s*\\(", re.escape(snippet))
    return before + inside + (r"(?!\w)" if re.match(r"\w", snippet[-1:]) else "")


def checks(line: ConventionLine) -> bool:
    """Tell whether a line prohibits a piece of code that it shows in backticks."""
    return line.section == "prohibited" and bool(line.snippets)


RULE = Rule(
    "G014",
    "prohibited-code",
    find,
    example=Example(
        "src/data/loader.py",
        "frame = frame.append(row)\n",
        "frame = pd.concat([frame, row])\n",
        conventions="## Prohibited\n- No `frame.append(`\n",
    ),
    checks=checks,
)
