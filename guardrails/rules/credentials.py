"""No key, token or password in any file."""

from guardrails.rules.model import Example, Finding, Rule, Subject
from tools.secrets import find_secrets


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


RULE = Rule(
    "G006",
    "no-credentials",
    find,
    example=Example(
        "src/data/loader.py", 'password = "hunter2-Xy9!"\n', 'password = os.environ["DATABASE_PASSWORD"]\n'
    ),
    words=(r"credential", r"\bsecrets?\b", r"api[ _-]?keys?", r"passwords?", r"\btokens? in\b"),
)
