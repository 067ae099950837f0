"""Finds keys, tokens and passwords in text, so that they reach no generated file, log, report or prompt."""

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

MASK = "[secret removed]"

_KNOWN = {
    "aws access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "github token": r"\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}\b",
    "openai key": r"\bsk-(?:proj-)?[A-Za-z0-9_-]{20,}\b",
    "slack token": r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b",
    "google key": r"\bAIza[0-9A-Za-z_-]{35}\b",
    "hugging face token": r"\bhf_[A-Za-z0-9]{30,}\b",
    "private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    "json web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b",
    "password in a url": r"(?<=://)[^\s:/@'\"]+:[^\s/@'\"]{3,}(?=@)",
}
_ASSIGNED = re.compile(
    r"""(?ix)\b[\w.]*(?:api_?key|secret|token|passw(?:or)?d|pwd|credential|access_?key)\w*["']?\s*\]?\s*[:=]\s*
    (?P<quote>["'])(?P<value>[^"'\s]{8,})(?P=quote)"""
)
_PLACEHOLDER = re.compile(
    r"(?i)^(?:your|my|the|insert|enter|xxx|\*+|<|\$\{|\{\{|changeme|example|dummy|test|none|null|string)"
)


class Secret(NamedTuple):
    """One finding: what kind, and where in the text (character offsets)."""

    kind: str
    start: int
    end: int


def find_secrets(text: str) -> list[Secret]:
    """Return the secrets in a text, in order, none within another."""
    found = [Secret(kind, m.start(), m.end()) for kind, pattern in _KNOWN.items() for m in re.finditer(pattern, text)]
    for match in _ASSIGNED.finditer(text):
        value = match["value"]
        if not _PLACEHOLDER.match(value) and entropy(value) >= 2.8:
            found.append(Secret("assigned secret", match.start("value"), match.end("value")))
    found.sort(key=lambda s: (s.start, -s.end))
    kept: list[Secret] = []
    for secret in found:
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
    return kept


def redact(text: str) -> str:
    """Return a text with every secret replaced by a mask."""
    for secret in reversed(find_secrets(text)):
        text = text[: secret.start] + MASK + text[secret.end :]
    return text


def scrubbed(text: str, values: Sequence[str]) -> str:
    """Return a text in which each of some known secrets is masked."""
    for value in sorted({value for value in values if len(value) >= 6}, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text


def entropy(text: str) -> float:
    """Return the Shannon entropy of a text's characters, in bits a character."""
    counts = [text.count(character) for character in set(text)]
    return -sum(n / len(text) * math.log2(n / len(text)) for n in sorted(counts))
