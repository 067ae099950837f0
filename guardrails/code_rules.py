"""A team's own rules over generated code: regular expressions that do not mistake comments and strings for code."""

import fnmatch
import io
import re
import tokenize
from collections.abc import Mapping, Sequence

from tools.checks.model import Diagnostic, Step
from tools.team.model import CodeRule


def code_only(source: str) -> str:
    """Return Python source with the text of comments and strings blanked out, every position kept.

    The quotes stay; source that cannot be tokenised is returned as it is (a rule then errs on the side of finding).
    """
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    characters = list(source)
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                _blank(characters, starts, token.start, token.end, keep=0)
            elif token.type == tokenize.STRING:
                _blank(characters, starts, token.start, token.end, keep=1)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return source
    return "".join(characters)


def broken_rules(files: Mapping[str, str], rules: Sequence[CodeRule], owners: Mapping[str, Step]) -> list[Diagnostic]:
    """Apply the rules to whole files.

    Args:
        files: Text by path.
        rules: The team's rules.
        owners: The step that owns a file, by path; `harden` where it is unknown.

    Returns:
        One diagnostic for each place, in the order of files, rules and lines.
    """
    found: list[Diagnostic] = []
    for path in sorted(files):
        code = code_only(files[path]) if path.endswith(".py") else files[path]
        for number, rule in enumerate(rules, start=1):
            if not (fnmatch.fnmatch(path, rule.files) or fnmatch.fnmatch(path.rsplit("/", 1)[-1], rule.files)):
                continue
            for match in re.compile(_on_names(rule.pattern), re.MULTILINE).finditer(code):
                found.append(
                    Diagnostic(
                        code=f"code-rule-{number}",
                        message=rule.message,
                        severity="error" if rule.severity == "block" else "warning",
                        check="code_rules",
                        file=path,
                        line=code.count("\n", 0, match.start()) + 1,
                        step=owners.get(path, "harden"),
                    )
                )
    return found


def _on_names(pattern: str) -> str:
    r"""Let a pattern that begins with a name match whole names only, and allow blanks before a bracket.

    `print\(` finds `print (x)` and not `pprint(x)`.
    """
    begins = rf"(?<![\w.]){pattern}" if re.match(r"[A-Za-z_]", pattern) else pattern
    return re.sub(r"(?<=\w)\\\(", r"\\s*\\(", begins)


def _blank(characters: list[str], starts: list[int], start: tuple[int, int], end: tuple[int, int], keep: int) -> None:
    first = starts[start[0] - 1] + start[1] + keep
    last = starts[end[0] - 1] + end[1] - keep
    for index in range(first, last):
        if characters[index] not in "\n\r\"'":
            characters[index] = " "
