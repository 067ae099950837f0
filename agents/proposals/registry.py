"""The kinds of proposals. Adding one is one file and one line here."""

from collections.abc import Mapping

from agents.proposals.describe_function import DESCRIBE_FUNCTION
from agents.proposals.describe_setting import DESCRIBE_SETTING
from agents.proposals.docstring import DOCSTRING
from agents.proposals.further_test import FURTHER_TEST
from agents.proposals.log_event import LOG_EVENT
from agents.proposals.model import Kind
from agents.proposals.rename_function import RENAME_FUNCTION
from agents.proposals.rename_local import RENAME_LOCAL
from agents.proposals.rename_setting import RENAME_SETTING
from agents.proposals.split_function import SPLIT_FUNCTION

KINDS: Mapping[str, Kind] = {
    "rename-function": RENAME_FUNCTION,
    "rename-setting": RENAME_SETTING,
    "describe-function": DESCRIBE_FUNCTION,
    "rename-local": RENAME_LOCAL,
    "split-function": SPLIT_FUNCTION,
    "docstring": DOCSTRING,
    "log-event": LOG_EVENT,
    "describe-setting": DESCRIBE_SETTING,
    "further-test": FURTHER_TEST,
}
