"""The tools of agents. Adding one is one file and one line here."""

from agents.toolbox.edit import EDIT
from agents.toolbox.model import Tool
from agents.toolbox.provenance import PROVENANCE
from agents.toolbox.read_file import READ_FILE
from agents.toolbox.run_check import RUN_CHECK
from agents.toolbox.search import SEARCH

TOOLS: tuple[Tool, ...] = (READ_FILE, SEARCH, PROVENANCE, EDIT, RUN_CHECK)
