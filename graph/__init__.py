"""The state graph of a run and the command line."""
