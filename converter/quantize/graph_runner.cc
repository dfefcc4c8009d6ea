#include "quantize/graph_runner.h"

#include <algorithm>

#include "export/exporter.h"
#include "ir/op_view.h"
#include "mote/session.h"
#include "mote/train.h"
#include "passes/passes.h"

namespace mote {

// The file, its plan and its session. Bytes and plan stand before what reads them.
struct GraphSession {
  std::vector<uint8_t> memory;
  Model model;
  Plan plan;
  Session session;

  Status open(const std::vector<uint8_t>& bytes) {
    memory.resize(bytes.size() + kArenaAlignment);
    auto address = reinterpret_cast<uintptr_t>(memory.data());
    uint8_t* start =
        memory.data() + (kArenaAlignment - address % kArenaAlignment) % kArenaAlignment;
    std::copy(bytes.begin(), bytes.end(), start);
    Result<Model> loaded = Model::load({start, bytes.size()}, training_operators());
    if (!loaded.ok()) return loaded.status();
    model = std::move(loaded.value());
    uint32_t entry = 0;
    Result<Plan> planned = Plan::create(model, {&entry, 1});
    if (!planned.ok()) return planned.status();
    plan = std::move(planned.value());
    Result<Session> created = Session::create(plan);
    if (!created.ok()) return created.status();
    session = std::move(created.value());
    return {};
  }

  Status run(const std::vector<ir::Bytes>& inputs) {
    for (uint32_t i = 0; i < inputs.size(); ++i) {
      Result<Span<uint8_t>> memory_of = session.input(0, i);
      if (!memory_of.ok()) return memory_of.status();
      memcpy(memory_of.value().data, inputs[i].data(), inputs[i].size());
    }
    return session.run(0);
  }
};

namespace {

bool is_input(const ir::Graph& graph, ir::ValueId v, size_t* index) {
  for (size_t i = 0; i < graph.inputs.size(); ++i) {
    if (graph.inputs[i].value != v) continue;
    *index = i;
    return true;
  }
  return false;
}

}  // namespace

GraphRunner::GraphRunner(const ir::Module& module, size_t graph, std::vector<ir::ValueId> observed)
    : module_(module), graph_(graph), observed_(std::move(observed)) {}
GraphRunner::~GraphRunner() = default;

std::unique_ptr<GraphSession> GraphRunner::session(const std::vector<Shape>& shapes,
                                                   Diagnostics& diagnostics) const {
  ir::Module module;
  module.graphs = {module_.graphs[graph_]};
  module.derives = module_.derives;
  ir::Graph& graph = module.graphs[0];
  for (size_t i = 0; i < shapes.size(); ++i) {
    ShapeBounds& bounds = graph.value(graph.inputs[i].value).shape;
    for (int d = 0; d < bounds.rank; ++d) bounds.dims[d] = {shapes[i].dims[d], shapes[i].dims[d]};
  }
  graph.outputs.clear();
  for (ir::ValueId v : observed_) {
    size_t input = 0;
    if (!is_input(graph, v, &input)) graph.outputs.push_back({"v" + std::to_string(v), v});
  }
  Diagnostics own;
  infer_shapes(graph, own);
  std::vector<uint8_t> bytes;
  if (own.empty()) bytes = export_module(module, own);
  auto opened = std::make_unique<GraphSession>();
  if (own.empty()) {
    Status s = opened->open(bytes);
    if (!s.ok()) own.add("the model with all its values as outputs", ir::describe_status(s));
  }
  if (own.empty()) return opened;
  for (const Diagnostic& d : own.list()) diagnostics.add(d.where, d.what, d.remedy);
  return nullptr;
}

bool GraphRunner::run(const Samples& samples, size_t limit, const See& see,
                      Diagnostics& diagnostics, const Done& done) {
  const ir::Graph& graph = module_.graphs[graph_];
  size_t count = std::min(limit, samples.count()), planned = 0;
  std::unique_ptr<GraphSession> open;
  for (size_t first = 0; first < count;) {
    size_t batch = std::min(samples.largest_batch(), count - first);
    if (batch != planned) open = session(samples.shapes(batch), diagnostics);
    planned = batch;
    if (open == nullptr) return false;
    std::vector<ir::Bytes> inputs = samples.inputs(first, batch);
    if (Status s = open->run(inputs); !s.ok()) {
      diagnostics.add("calibration, sample " + std::to_string(first), ir::describe_status(s));
      return false;
    }
    uint32_t port = 0;
    for (size_t i = 0; i < observed_.size(); ++i) {
      size_t input = 0;
      if (is_input(graph, observed_[i], &input)) {
        see(i, {inputs[input].data(), inputs[input].size()});
      } else {
        see(i, open->session.output(0, port++).value());
      }
    }
    first += batch;
    if (done) done(first);
  }
  return true;
}

}  // namespace mote
