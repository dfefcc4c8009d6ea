// The graph as it was imported, on the reference kernels, beside the result of all passes on the
// runtime's own: value by value, matched by name.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "export/exporter.h"
#include "import/import.h"
#include "ir/evaluator.h"
#include "ir/op_view.h"
#include "mote/session.h"
#include "mote/train.h"
#include "passes/layout/permutation.h"
#include "passes/passes.h"

namespace mote {
namespace {

size_t find_graph(const ir::Module& module, const std::string& name) {
  for (size_t i = 0; i < module.graphs.size(); ++i)
    if (module.graphs[i].name == name) return i;
  return module.graphs.size();
}

// Real values of elements, which may be quantized.
std::vector<double> real_values(const ir::Value& value, const uint8_t* bytes, size_t count) {
  std::vector<double> out(count);
  auto fill = [&](auto element) {
    using T = decltype(element);
    for (size_t i = 0; i < count; ++i) {
      T e;
      memcpy(&e, bytes + i * sizeof(T), sizeof(T));
      out[i] = static_cast<double>(e);
    }
  };
  switch (value.type) {
    case Type::float32:
      fill(float{});
      break;
    case Type::int8:
      fill(int8_t{});
      break;
    case Type::uint8:
    case Type::boolean:
      fill(uint8_t{});
      break;
    case Type::int16:
      fill(int16_t{});
      break;
    case Type::int32:
      fill(int32_t{});
      break;
    case Type::int64:
      fill(int64_t{});
      break;
    default:
      return {};
  }
  if (value.quantization.scales.size() == 1)
    for (double& v : out)
      v = (v - value.quantization.zero_points[0]) *
          static_cast<double>(value.quantization.scales[0]);
  return out;
}

// "NAME/0312" as name and permutation (passes.h, channels_last); nothing for other names.
std::optional<std::pair<std::string, layout::Permutation>> in_other_layout(
    const std::string& text) {
  const size_t at = text.rfind('/');
  if (at == std::string::npos || at + 1 == text.size() || text.size() - at - 1 > kMaxRank)
    return std::nullopt;
  layout::Permutation p;
  uint32_t seen = 0;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] >= '0' + kMaxRank) return std::nullopt;
    seen |= 1u << (text[i] - '0');
    p[p.rank++] = text[i] - '0';
  }
  if (seen != (1u << p.rank) - 1) return std::nullopt;
  return std::pair(text.substr(0, at), p);
}

// Elements of a value of this shape in the order of its transpose.
std::vector<double> transposed(const std::vector<double>& x, const Shape& shape,
                               const layout::Permutation& p) {
  std::vector<double> out;
  out.reserve(x.size());
  size_t strides[kMaxRank] = {}, at = 0, step = 1;
  int32_t index[kMaxRank] = {};
  for (int32_t i = shape.rank - 1; i >= 0; step *= static_cast<size_t>(shape.dims[i--]))
    strides[i] = step;
  while (out.size() < x.size()) {
    out.push_back(x[at]);
    for (int32_t i = p.rank - 1; i >= 0; --i) {
      at += strides[p[i]];
      if (++index[i] < shape.dims[p[i]]) break;
      at -= strides[p[i]] * static_cast<size_t>(shape.dims[p[i]]);
      index[i] = 0;
    }
  }
  return out;
}

Shape moved_shape(const Shape& shape, const layout::Permutation& p) {
  Shape out;
  out.rank = p.rank;
  for (int32_t i = 0; i < p.rank; ++i) out.dims[i] = shape.dims[p[i]];
  return out;
}

// A value of the result and the one of its name in the imported graph.
struct Pair {
  layout::Permutation permutation;  // that makes the result's value the source's; rank 0: none
  ir::ValueId result = ir::kNone;
  uint32_t output = 0;  // of the session
  double square_error = 0, square = 0;
  LayerError error;
};

class Proof {
 public:
  Proof(ir::Graph imported, ir::Module result, size_t graph)
      : imported_(std::move(imported)), result_(std::move(result)) {
    result_.graphs = {result_.graphs[graph]};
    graph_ = &result_.graphs[0];
    pair_values();
  }

  bool open(Diagnostics& diagnostics) {
    std::vector<uint8_t> bytes = export_module(result_, diagnostics);
    if (!diagnostics.empty()) return false;
    memory_.assign(bytes.size() + kArenaAlignment, 0);
    auto address = reinterpret_cast<uintptr_t>(memory_.data());
    uint8_t* start =
        memory_.data() + (kArenaAlignment - address % kArenaAlignment) % kArenaAlignment;
    std::copy(bytes.begin(), bytes.end(), start);
    Status s = load({start, bytes.size()});
    if (!s.ok())
      diagnostics.add("the model with all its values as outputs", ir::describe_status(s));
    return s.ok();
  }

  bool run(const ProofCase& c, Diagnostics& diagnostics) {
    if (Status s = run_result(c); !s.ok()) {
      diagnostics.add("the converted model", ir::describe_status(s));
      return false;
    }
    std::vector<Evaluated> inputs;
    for (size_t i = 0; i < c.inputs.size(); ++i) inputs.push_back({c.shapes[i], c.inputs[i]});
    evaluate(imported_, inputs, diagnostics, Precision::as_is,
             [&](ir::ValueId v, const Evaluated& e) { compare(v, e); });
    return diagnostics.empty();
  }

  std::vector<LayerError> layers() {
    std::vector<LayerError> out;
    for (auto& [name, pair] : pairs_) {
      if (pair.error.elements == 0) continue;
      pair.error.relative_l2 = pair.square == 0 ? std::sqrt(pair.square_error)
                                                : std::sqrt(pair.square_error / pair.square);
      out.push_back(pair.error);
    }
    std::stable_sort(out.begin(), out.end(), [](const LayerError& a, const LayerError& b) {
      return a.max_error > b.max_error;
    });
    return out;
  }
  size_t unmatched() const { return unmatched_; }

 private:
  void pair_values() {
    std::map<std::string, ir::ValueId> names;
    for (const ir::Node& node : imported_.nodes)
      for (ir::ValueId v : node.outputs) names.emplace(imported_.value(v).name, v);
    for (const ir::Node& node : graph_->nodes)
      for (ir::ValueId v : node.outputs) own_names_.insert(graph_->value(v).name);
    graph_->outputs.clear();
    for (const ir::Node& node : graph_->nodes) {
      for (ir::ValueId v : node.outputs) {
        const ir::Value& value = graph_->value(v);
        if (value.kind != TensorKind::activation) continue;
        const std::string name = name_in_source(value, names);
        auto [pair, is_new] = pairs_.emplace(name, Pair{});
        if (names.count(name) == 0 || !is_new) {
          if (is_new) pairs_.erase(pair);
          ++unmatched_;
          continue;
        }
        const Operator* op = ir::find_operator(node.op);
        pair->second.result = v;
        pair->second.output = static_cast<uint32_t>(graph_->outputs.size());
        pair->second.error.name = name;
        if (name != value.name) pair->second.permutation = in_other_layout(value.name)->second;
        pair->second.error.where = node.location;
        pair->second.error.op = op == nullptr ? "" : op->name;
        pair->second.error.type = value.type;
        graph_->outputs.push_back({"v" + std::to_string(v), v});
      }
    }
  }

  std::string name_in_source(const ir::Value& value,
                             const std::map<std::string, ir::ValueId>& names) const {
    if (names.count(value.name) != 0) return value.name;
    const auto other = in_other_layout(value.name);
    if (!other || other->second.rank != value.shape.rank) return value.name;
    // The value itself may be there too.
    return names.count(other->first) == 0 || own_names_.count(other->first) != 0 ? value.name
                                                                                 : other->first;
  }

  Status load(Span<const uint8_t> bytes) {
    Result<Model> model = Model::load(bytes, training_operators());
    if (!model.ok()) return model.status();
    model_ = std::move(model.value());
    uint32_t entry = 0;
    Result<Plan> plan = Plan::create(model_, {&entry, 1});
    if (!plan.ok()) return plan.status();
    plan_ = std::move(plan.value());
    Result<Session> session = Session::create(plan_);
    if (!session.ok()) return session.status();
    session_ = std::move(session.value());
    return {};
  }

  Status run_result(const ProofCase& c) {
    session_.reset_states();
    const size_t inputs = graph_->inputs.size();
    if (c.inputs.size() != inputs || c.shapes.size() != inputs)
      return error(Code::operand_shape, static_cast<int64_t>(inputs),
                   static_cast<int64_t>(c.inputs.size()));
    for (uint32_t i = 0; i < inputs; ++i) {
      MOTE_TRY(session_.set_shape(0, i, c.shapes[i]));
      Result<Span<uint8_t>> memory = session_.input(0, i);
      if (!memory.ok()) return memory.status();
      if (memory.value().size != c.inputs[i].size())
        return error(Code::operand_shape, static_cast<int64_t>(memory.value().size),
                     static_cast<int64_t>(c.inputs[i].size()));
      std::copy(c.inputs[i].begin(), c.inputs[i].end(), memory.value().data);
    }
    return session_.run(0);
  }

  void compare(ir::ValueId imported, const Evaluated& expected) {
    const ir::Value& value = imported_.value(imported);
    auto found = pairs_.find(value.name);
    if (found == pairs_.end()) return;
    Pair& pair = found->second;
    const ir::Value& result = graph_->value(pair.result);
    Span<const uint8_t> bytes = session_.output(0, pair.output).value();
    const auto count = static_cast<size_t>(expected.shape.elements());
    const Shape shape = session_.output_shape(0, pair.output).value();
    const bool moved = pair.permutation.rank != 0;
    // A value of another layout has the name alone in common.
    if (!((moved ? moved_shape(shape, pair.permutation) : shape) == expected.shape)) return;
    std::vector<double> want = real_values(value, expected.bytes.data(), count);
    std::vector<double> got = real_values(result, bytes.data, count);
    if (want.size() != got.size()) return;
    if (moved) got = transposed(got, shape, pair.permutation);
    LayerError& e = pair.error;
    e.elements += count;
    double largest = 0;
    for (size_t i = 0; i < count; ++i) {
      const bool same = got[i] == want[i] || (std::isnan(got[i]) && std::isnan(want[i]));
      const double difference = same ? 0 : std::fabs(got[i] - want[i]);
      const double relative = difference / std::max(1.0, std::fabs(want[i]));
      // One side alone is not a number.
      e.max_error = std::isnan(relative) ? HUGE_VAL : std::max(e.max_error, relative);
      largest = std::max(largest, difference);
      pair.square_error += difference * difference;
      pair.square += want[i] * want[i];
    }
    if (result.quantization.scales.size() != 1) return;
    auto lsb = static_cast<int64_t>(
        std::lround(largest / static_cast<double>(result.quantization.scales[0])));
    e.max_lsb = std::max(e.max_lsb.value_or(0), lsb);
  }

  ir::Graph imported_;
  ir::Module result_;
  ir::Graph* graph_;
  std::map<std::string, Pair> pairs_;
  std::set<std::string> own_names_;  // of the result's values
  size_t unmatched_ = 0;
  std::vector<uint8_t> memory_;
  Model model_;
  Plan plan_;
  Session session_;
};

}  // namespace

ProofResult prove(Span<const uint8_t> source, const ConvertOptions& options,
                  const std::vector<ProofCase>& cases, const std::string& entry_point) {
  ProofResult result;
  Diagnostics diagnostics;
  ir::Module imported = import_source(source, options, diagnostics);
  const size_t graph = find_graph(imported, entry_point);
  if (diagnostics.empty() && graph == imported.graphs.size())
    diagnostics.add("", "the model has no entry point '" + entry_point + "'");
  ir::Module module = imported;
  if (diagnostics.empty()) run_passes(module, options.optimize, diagnostics, options.trainable);
  if (diagnostics.empty()) {
    // Shapes of what was imported, without any rewriting.
    infer_shapes(imported.graphs[graph], diagnostics);
    Proof proof(std::move(imported.graphs[graph]), std::move(module), graph);
    bool usable = diagnostics.empty() && proof.open(diagnostics);
    for (size_t i = 0; usable && i < cases.size(); ++i) usable = proof.run(cases[i], diagnostics);
    result.layers = proof.layers();
    result.unmatched = proof.unmatched();
  }
  result.diagnostics = diagnostics.list();
  return result;
}

}  // namespace mote
