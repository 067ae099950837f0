"""The graph as `langgraph.json` exposes it: without a checkpointer of its own, since the server brings one."""

from graph.build import build_graph

graph = build_graph()
