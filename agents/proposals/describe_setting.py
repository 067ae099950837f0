"""Proposal: what a setting means, as a comment in configs/default.yaml. Target: its key; value: one line."""

import re
from collections.abc import Mapping

from agents.proposals.model import Kind, Material, Proposal, Refused, short
from agents.proposals.prose import checked_prose, known_of
from tools.report.provenance import setting_line

SETTINGS = "configs/default.yaml"
_CELLS = re.compile(r"c\d+(?:, c\d+)*")


def _prepared(proposal: Proposal, material: Material) -> Proposal:
    setting = next((s for s in material.plan.settings if s.key == proposal.target), None)
    if setting is None:
        raise Refused(f"the plan has no setting `{proposal.target}`")
    source = {s.id: s.source for s in material.facts.notebook.statements()}
    code = "\n".join(source[i] for i in dict.fromkeys(place for place, _ in setting.places) if i in source)
    text = checked_prose(proposal.value, known_of(material, f"{code}\n{setting.value}"), 80)
    return proposal.model_copy(update={"value": text.removesuffix(".").replace("#", "")})


def _changed(proposal: Proposal, files: Mapping[str, str]) -> dict[str, str]:
    text = files.get(SETTINGS, "")
    number = setting_line(text, proposal.target)
    if not number:
        raise Refused(f"{SETTINGS} has no setting `{proposal.target}`")
    lines = text.split("\n")
    code, hash_sign, comment = lines[number - 1].partition("  # ")
    if hash_sign and not _CELLS.fullmatch(comment.strip()):
        raise Refused(f"`{proposal.target}` has the author's own comment")
    if not hash_sign and "#" in code:
        raise Refused(f"`{proposal.target}` has a value with a hash sign")
    lines[number - 1] = (
        f"{code.rstrip()}  # {comment.strip()}: {proposal.value}" if hash_sign else f"{code}  # {proposal.value}"
    )
    return {**files, SETTINGS: "\n".join(lines)}


def _told(proposal: Proposal) -> str:
    return f"describe setting `{proposal.target}`: {short(proposal.value)}"


DESCRIBE_SETTING = Kind(step="harden", told=_told, prepared=_prepared, changed=_changed)
