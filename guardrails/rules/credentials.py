"""No key, token or password in any file."""

from guardrails.rules.model import Finding, Rule, Subject
from guardrails.secrets import find_secrets


def find(subject: Subject) -> list[Finding]:
    """Return the places of secrets; the message never repeats them.

    Args:
        subject: The repository.
    """
    return [
        Finding(path, text.count("\n", 0, secret.start) + 1, f"{secret.kind}: read it from the environment")
        for path, text in sorted(subject.files.items())
        for secret in find_secrets(text)
    ]


RULE = Rule("G006", "no-credentials", find)
