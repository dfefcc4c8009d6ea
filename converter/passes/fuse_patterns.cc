// Activations that a file spells out in arithmetic become the operator: x * sigmoid(x) is silu.
// Only where the operator's formula (NUMERICS.md, 7.2) is that arithmetic, up to a few roundings.
#include <cmath>
#include <optional>

#include "ops/attributes.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace mote {
namespace {

using ir::ValueId;

// A constant times one or two factors.
struct Product {
  double coefficient = 1;
  std::vector<ValueId> factors;
};

class Matcher {
 public:
  explicit Matcher(const ir::Graph& graph)
      : graph_(graph), producer_(ir::producers(graph)), uses_(ir::use_counts(graph)) {}

  // The activation that node `n` is the last operation of.
  std::optional<ActivationAttrs> match(const ir::Node& n, ValueId* x) {
    std::optional<ActivationAttrs> found;
    if (n.op == op_code::div && is_plain(n) && softsign(n, x)) {
      found = {kMoteSoftsign, 0, 0};
    } else if (n.op == op_code::mul || n.op == op_code::div) {
      Product p;
      if (!add_factors(n, 1, &p) || p.factors.size() != 2) return std::nullopt;
      found = of_product(p.coefficient, p.factors[0], p.factors[1], x);
      if (!found) found = of_product(p.coefficient, p.factors[1], p.factors[0], x);
    }
    if (found && !same_shape(value(n.outputs[0]).shape, value(*x).shape)) return std::nullopt;
    return found;
  }

 private:
  const ir::Value& value(ValueId v) const { return graph_.value(v); }

  // Coefficients in files are float32 or were computed in it.
  static bool is(double v, double expected) {
    return std::fabs(v - expected) <= 1e-6 * std::fabs(expected);
  }

  bool is_plain(const ir::Node& n) const {
    return value(n.outputs[0]).type == Type::float32 &&
           n.attrs<BinaryAttrs>().activation == kMoteActivationNone;
  }

  std::optional<double> number(ValueId v) const {
    const ir::Value& c = value(v);
    if (c.kind != TensorKind::constant || c.type != Type::float32 || c.trainable) return {};
    if (c.data == nullptr || c.data->size() != sizeof(float)) return {};
    return static_cast<double>(*c.as<float>());
  }

  // The node that makes `v` for a single reader; null for any other value.
  const ir::Node* inner(ValueId v) const {
    int32_t p = producer_[static_cast<size_t>(v)];
    if (p < 0 || uses_[static_cast<size_t>(v)] != 1) return nullptr;
    return &graph_.nodes[static_cast<size_t>(p)];
  }
  const ir::Node* inner(ValueId v, uint16_t op) const {
    const ir::Node* n = inner(v);
    return n != nullptr && n->op == op ? n : nullptr;
  }

  // Operand of the node that makes `v`, if that is this activation.
  std::optional<ValueId> activation_of(ValueId v, int32_t kind) const {
    const ir::Node* n = inner(v, op_code::activation);
    if (n == nullptr || n->attrs<ActivationAttrs>().kind != kind) return {};
    return n->inputs[0];
  }
  std::optional<ValueId> math_of(ValueId v, int32_t kind) const {
    const ir::Node* n = inner(v, op_code::math);
    if (n == nullptr || n->attrs<MathAttrs>().kind != kind) return {};
    return n->inputs[0];
  }
  // a of v = a + c.
  std::optional<ValueId> sum_with(ValueId v, double c) const {
    const ir::Node* n = inner(v, op_code::add);
    if (n == nullptr || !is_plain(*n)) return {};
    for (size_t i : {0, 1})
      if (auto k = number(n->inputs[1 - i]); k && is(*k, c)) return n->inputs[i];
    return {};
  }

  // The factors of a chain of products and divisions by constants.
  bool add_factors(const ir::Node& n, int depth, Product* p) const {
    constexpr int kDeepest = 4;
    if (!is_plain(n) || depth > kDeepest) return false;
    for (size_t i : {0, 1}) {
      ValueId v = n.inputs[i];
      if (auto k = number(v)) {
        p->coefficient = n.op == op_code::mul ? p->coefficient * *k : p->coefficient / *k;
        if (n.op == op_code::div && i == 0) return false;
        continue;
      }
      if (n.op == op_code::div && i == 1) return false;
      const ir::Node* m = inner(v);
      bool chain = m != nullptr && (m->op == op_code::mul || m->op == op_code::div);
      if (Product more = *p; chain && add_factors(*m, depth + 1, &more)) {
        *p = more;
        continue;
      }
      p->factors.push_back(v);
    }
    return true;
  }

  // v = c * x
  bool is_multiple(ValueId v, ValueId x, double c) const {
    const ir::Node* n = inner(v);
    if (n == nullptr || (n->op != op_code::mul && n->op != op_code::div)) return false;
    Product p;
    return add_factors(*n, 1, &p) && p.factors == std::vector<ValueId>{x} && is(p.coefficient, c);
  }

  // v = 0.044715 x^3
  bool is_cubic_term(ValueId v, ValueId x) const {
    constexpr double kCubic = 0.044715;
    const ir::Node* n = inner(v, op_code::mul);
    Product p;
    if (n == nullptr || !add_factors(*n, 1, &p) || !is(p.coefficient, kCubic)) return false;
    if (p.factors == std::vector<ValueId>{x, x, x}) return true;
    if (p.factors.size() == 2)
      for (size_t i : {0, 1})
        if (p.factors[i] == x && math_of(p.factors[1 - i], kMoteSquare) == x) return true;
    if (p.factors.size() != 1) return false;
    const ir::Node* power = inner(p.factors[0], op_code::pow);
    return power != nullptr && power->inputs[0] == x && number(power->inputs[1]) == 3;
  }

  // v = sqrt(2 / pi) (x + 0.044715 x^3)
  bool is_gelu_argument(ValueId v, ValueId x) const {
    const ir::Node* n = inner(v, op_code::mul);
    Product p;
    if (n == nullptr || !add_factors(*n, 1, &p) || p.factors.size() != 1) return false;
    if (!is(p.coefficient, std::sqrt(2 / M_PI))) return false;
    const ir::Node* sum = inner(p.factors[0], op_code::add);
    if (sum == nullptr || !is_plain(*sum)) return false;
    for (size_t i : {0, 1})
      if (sum->inputs[i] == x && is_cubic_term(sum->inputs[1 - i], x)) return true;
    return false;
  }

  std::optional<ActivationAttrs> of_product(double c, ValueId x, ValueId gate, ValueId* found) {
    *found = x;
    if (is(c, 1) && activation_of(gate, kMoteSigmoid) == x) return ActivationAttrs{kMoteSilu, 0, 0};
    if (is(c, 1) && is_hard_gate(gate, x)) return ActivationAttrs{kMoteHardSwish, 0, 0};
    if (auto t = activation_of(gate, kMoteTanh);
        is(c, 1) && t && activation_of(*t, kMoteSoftplus) == x)
      return ActivationAttrs{kMoteMish, 0, 0};
    if (auto s = activation_of(gate, kMoteRelu6); is(c, 1.0 / 6) && s && sum_with(*s, 3) == x)
      return ActivationAttrs{kMoteHardSwish, 0, 0};
    std::optional<ValueId> one_plus = sum_with(gate, 1);
    if (!is(c, 0.5) || !one_plus) return std::nullopt;
    if (auto e = math_of(*one_plus, kMoteErf); e && is_multiple(*e, x, M_SQRT1_2))
      return ActivationAttrs{kMoteGelu, 0, 0};
    if (auto t = activation_of(*one_plus, kMoteTanh); t && is_gelu_argument(*t, x))
      return ActivationAttrs{kMoteGeluTanh, 0, 0};
    return std::nullopt;
  }

  // hard_sigmoid with the slope of hard_swish.
  bool is_hard_gate(ValueId gate, ValueId x) const {
    if (activation_of(gate, kMoteHardSigmoid) != x) return false;
    auto a = inner(gate)->attrs<ActivationAttrs>();
    return is(static_cast<double>(a.alpha), 1.0 / 6) && a.beta == 0.5f;
  }

  // x / (1 + |x|)
  bool softsign(const ir::Node& n, ValueId* x) const {
    *x = n.inputs[0];
    std::optional<ValueId> size = sum_with(n.inputs[1], 1);
    return size && math_of(*size, kMoteAbs) == *x;
  }

  const ir::Graph& graph_;
  const std::vector<int32_t> producer_, uses_;
};

}  // namespace

void fuse_patterns(ir::Graph& graph, Diagnostics& diagnostics) {
  Matcher matcher(graph);
  std::vector<std::pair<size_t, ir::Node>> found;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const ir::Node& n = graph.nodes[i];
    ValueId x = ir::kNone;
    std::optional<ActivationAttrs> attrs = matcher.match(n, &x);
    if (!attrs) continue;
    ir::Node activation;
    activation.op = op_code::activation;
    activation.set_attrs(*attrs);
    activation.inputs = {x};
    activation.outputs = n.outputs;
    activation.location = n.location;
    found.emplace_back(i, std::move(activation));
  }
  for (auto& [i, node] : found) graph.nodes[i] = std::move(node);
  // The steps that nothing reads any more must not count as readers of x.
  if (!found.empty()) remove_dead(graph, diagnostics);
}

}  // namespace mote
