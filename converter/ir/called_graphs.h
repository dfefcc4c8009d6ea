// Control flow in the graph: a node owns the graphs that it calls.
#pragma once

#include "ir/graph.h"
#include "ops/operator.h"

namespace mote::ir {

// Of a node that calls graphs: gives them the shapes of the operands, infers what is in them, sets
// the shapes of the node's outputs and checks all ports (core/ops/control.h). Else does nothing.
Status infer_called(Graph& graph, Node& node);

// Whether the node is a loop or calls one: how long it takes is not known.
bool has_loop(const Node& node);

// Nodes, those of called graphs included.
size_t count_nodes(const Graph& graph);

// Appends the nodes of `called` to `graph` as if they stood there: its inputs are `inputs`. Returns
// the values of its outputs; one that is an input of it is that input.
std::vector<ValueId> inline_graph(Graph& graph, const Graph& called,
                                  const std::vector<ValueId>& inputs);

// ---- Nodes of a graph as a graph of their own ----

// Takes the nodes from `first` on out of the graph.
std::vector<Node> take_nodes(Graph& graph, size_t first);
// Adds to `found` what the nodes and `results` read and nothing among the nodes writes: no
// constants, and nothing twice.
void find_captured(const Graph& graph, const std::vector<Node>& nodes,
                   const std::vector<ValueId>& results, std::vector<ValueId>* found);
// The nodes with copies of the values that they name. A result that is an input, a constant or
// another result becomes a copy of it.
Graph make_called(const Graph& graph, std::string name, const std::vector<Node>& nodes,
                  const std::vector<ValueId>& inputs, const std::vector<ValueId>& results);

}  // namespace mote::ir
