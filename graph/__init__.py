"""The state graph of a run and the command line. Checkpoints hold only the types of the state, strictly."""

import os

os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
