"""The specialists, in the order in which they are asked. Adding one is one file and one line here."""

from agents.specialists.extract import EXTRACT
from agents.specialists.harden import HARDEN
from agents.specialists.model import Specialist
from agents.specialists.structure import STRUCTURE
from agents.specialists.test import TEST

SPECIALISTS: tuple[Specialist, ...] = (EXTRACT, STRUCTURE, HARDEN, TEST)
