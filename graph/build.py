"""The graph: nodes and edges only."""

from typing import cast, get_args

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph._node import StateNode
from langgraph.graph.state import CompiledStateGraph

from graph.approval import approval
from graph.context import RunContext
from graph.nodes import LINE, Line, agent_node, mender_node, proposer_node, reporter, reviewer_node
from graph.routing import Target, next_node
from graph.state import RunInput, RunState
from graph.supervising import supervisor
from graph.tracing import traced
from tools.team.steps import AGENT_OF

Node = StateNode[RunState, RunContext]


def build_graph(
    line: Line = LINE, checkpointer: BaseCheckpointSaver[str] | None = None
) -> CompiledStateGraph[RunState, RunContext, RunInput, RunState]:
    """Compile the state graph: a supervisor that routes between the agents, the reviewer and the reporter.

    Args:
        line: The agents and checks.
        checkpointer: Keeps the state after each node; None where the host (LangGraph Studio) brings its own.
    """
    graph = StateGraph(RunState, context_schema=RunContext, input_schema=RunInput, output_schema=RunState)
    graph.add_node("supervisor", supervisor)
    graph.add_conditional_edges("supervisor", next_node, list(get_args(Target)))
    for step, name in AGENT_OF.items():
        graph.add_node(name, cast(Node, traced(name, agent_node(step, line))))
        graph.add_edge(name, "supervisor")
    graph.add_node("reviewer", cast(Node, traced("reviewer", reviewer_node(line))))
    graph.add_edge("reviewer", "supervisor")
    graph.add_node("proposer", cast(Node, traced("proposer", proposer_node(line))))
    graph.add_edge("proposer", "supervisor")
    graph.add_node("mender", cast(Node, traced("mender", mender_node(line))))
    graph.add_edge("mender", "supervisor")
    graph.add_node("approval", cast(Node, traced("approval", approval)))
    graph.add_edge("approval", "supervisor")
    graph.add_node("reporter", cast(Node, traced("reporter", reporter)))
    graph.add_edge(START, "supervisor")
    graph.set_finish_point("reporter")
    return graph.compile(checkpointer=checkpointer, name="ml-experiment-accelerator")
