#include "run_case.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "import/onnx/source.h"
#include "ir/op_view.h"
#include "mote/session.h"
#include "support/aligned_bytes.h"

namespace mote::conformance {
namespace {

// ONNX's own runner.
constexpr double kRelative = 1e-3, kAbsolute = 1e-7;

// ---- Comparing ----

double half_value(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double sign = bits >> 15 != 0 ? -1 : 1;
  if (exponent == 31) return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

double real_element(Type type, const uint8_t* p, size_t i) {
  if (type == Type::float32) {
    float x;
    memcpy(&x, p + 4 * i, sizeof x);
    return x;
  }
  uint16_t bits;
  memcpy(&bits, p + 2 * i, sizeof bits);
  if (type == Type::float16) return half_value(bits);
  uint32_t wide = static_cast<uint32_t>(bits) << 16;
  float x;
  memcpy(&x, &wide, sizeof x);
  return x;
}

bool is_real(Type t) { return t == Type::float32 || t == Type::float16 || t == Type::bfloat16; }

bool is_close(double x, double expected) {
  if (std::isnan(x) || std::isnan(expected)) return std::isnan(x) && std::isnan(expected);
  if (std::isinf(x) || std::isinf(expected)) return x == expected;
  return std::fabs(x - expected) <= kAbsolute + kRelative * std::fabs(expected);
}

// Empty when they agree.
std::string compare(Type type, const Shape& shape, const uint8_t* bytes,
                    const onnx_import::Tensor& expected) {
  bool same_shape = static_cast<size_t>(shape.rank) == expected.dims.size();
  for (int i = 0; same_shape && i < shape.rank; ++i)
    same_shape = shape.dims[i] == expected.dims[static_cast<size_t>(i)];
  if (!same_shape) return "another shape";
  if (type != expected.type)
    return std::string("type ") + type_name(type) + ", not " + type_name(expected.type);
  const auto count = static_cast<size_t>(shape.elements());
  if (!is_real(type))
    return memcmp(bytes, expected.data->data(), expected.data->size()) == 0 ? "" : "other elements";
  for (size_t i = 0; i < count; ++i) {
    double x = real_element(type, bytes, i), y = real_element(type, expected.data->data(), i);
    if (!is_close(x, y))
      return "element " + std::to_string(i) + " is " + std::to_string(x) + ", not " +
             std::to_string(y);
  }
  return "";
}

// ---- Converting ----

std::vector<double> reals_of(const onnx_import::Tensor& t) {
  std::vector<double> out;
  const uint8_t* p = t.data->data();
  for (size_t i = 0; i < t.data->size() / type_bytes(t.type); ++i) {
    auto read = [&](auto element) {
      memcpy(&element, p + i * sizeof element, sizeof element);
      out.push_back(static_cast<double>(element));
    };
    switch (t.type) {
      case Type::float32:
        read(float{});
        break;
      case Type::int8:
        read(int8_t{});
        break;
      case Type::int16:
        read(int16_t{});
        break;
      case Type::int32:
        read(int32_t{});
        break;
      case Type::int64:
        read(int64_t{});
        break;
      default:
        read(uint8_t{});
    }
  }
  return out;
}

// The model's inputs that a name depends on.
void add_sources(const TestCase& test_case, const std::string& name, std::set<std::string>* seen) {
  if (name.empty() || !seen->insert(name).second) return;
  for (const onnx::NodeProto& node : test_case.model.graph().node())
    for (const std::string& output : node.output())
      if (output == name)
        for (const std::string& input : node.input()) add_sources(test_case, input, seen);
}

// Names of operands that the importer wants to know.
std::set<std::string> asked_for(const TestCase& test_case, const ConvertResult& result) {
  std::set<std::string> names;
  for (const Diagnostic& d : result.diagnostics) {
    if (d.remedy.find("--fix") == std::string::npos) continue;
    size_t begin = d.what.find('\''), end = d.what.find('\'', begin + 1);
    if (begin == std::string::npos || end == std::string::npos) continue;
    add_sources(test_case, d.what.substr(begin + 1, end - begin - 1), &names);
  }
  return names;
}

ConvertOptions options_of(const TestCase& test_case, const DataSet& set) {
  ConvertOptions options;
  options.double_as_float = true;
  options.pad_selections = true;
  const auto inputs = test_case.inputs();
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto& declared = inputs[i]->type().tensor_type().shape();
    bool is_open = !inputs[i]->type().tensor_type().has_shape();
    for (const auto& d : declared.dim()) is_open = is_open || d.dim_value() < 1;
    if (!is_open || !set.inputs[i]) continue;
    if (set.inputs[i]->is_empty()) {
      options.fixed_inputs[inputs[i]->name()] = {};
      continue;
    }
    if (set.inputs[i]->dims.size() > kMaxRank) continue;
    ShapeBounds shape;
    for (int64_t d : set.inputs[i]->dims)
      shape.dims[shape.rank++] = {static_cast<int32_t>(d), static_cast<int32_t>(d)};
    options.input_shapes[inputs[i]->name()] = shape;
  }
  return options;
}

// The operands that must be known when the model is converted become constants, and only those.
ConvertResult convert_case(const TestCase& test_case, const DataSet& set, bool* frozen) {
  ConvertOptions options = options_of(test_case, set);
  *frozen = !options.fixed_inputs.empty();
  const Span<const uint8_t> bytes{test_case.bytes.data(), test_case.bytes.size()};
  ConvertResult result = convert_onnx(bytes, options);
  const auto inputs = test_case.inputs();
  for (bool is_new = true; is_new && !result.ok();) {
    is_new = false;
    const std::set<std::string> names = asked_for(test_case, result);
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (names.count(inputs[i]->name()) == 0 || !set.inputs[i] || set.inputs[i]->is_empty())
        continue;
      is_new = options.fixed_inputs.emplace(inputs[i]->name(), reals_of(*set.inputs[i])).second ||
               is_new;
    }
    if (is_new) result = convert_onnx(bytes, options);
    *frozen = *frozen || is_new;
  }
  return result;
}

std::string first_line(const std::vector<Diagnostic>& list) {
  std::string text = list[0].where.empty() ? list[0].what : list[0].where + ": " + list[0].what;
  return text.substr(0, text.find('\n'));
}

// ---- Running ----

// Something that an input goes into is left to run.
bool runs_on_inputs(const Model& model) {
  std::set<int32_t> reached;
  for (const PortInfo& p : model.entry_point(0).inputs)
    reached.insert(static_cast<int32_t>(p.tensor));
  for (uint32_t i = 0; i < model.operator_count(); ++i)
    for (int32_t t : model.operator_info(i).inputs)
      if (reached.count(t) != 0) return true;
  return false;
}

std::string fill_inputs(const TestCase& test_case, const DataSet& set, Session& session) {
  const auto inputs = test_case.inputs();
  for (size_t i = 0; i < inputs.size(); ++i) {
    Result<uint32_t> port = session.find_input(0, inputs[i]->name().c_str());
    if (!port.ok()) continue;  // it became a constant
    if (!set.inputs[i] || set.inputs[i]->is_empty()) return "an input has no data";
    Result<Span<uint8_t>> memory = session.input(0, port.value());
    if (!memory.ok() || memory.value().size != set.inputs[i]->data->size())
      return "an input of another size";
    memcpy(memory.value().data, set.inputs[i]->data->data(), memory.value().size);
  }
  return "";
}

// The rows of an output that count: all, or as many as ConvertOptions::pad_selections says.
Shape counted_shape(const Session& session, const std::string& name, uint32_t port) {
  Shape shape = session.output_shape(0, port).value();
  Result<uint32_t> count = session.find_output(0, (name + ".count").c_str());
  if (count.ok() && shape.rank > 0)
    memcpy(&shape.dims[0], session.output(0, count.value()).value().data, sizeof shape.dims[0]);
  return shape;
}

std::string check_outputs(const TestCase& test_case, const DataSet& set, const Model& model,
                          const Session& session) {
  for (int i = 0; i < test_case.model.graph().output_size(); ++i) {
    const std::string& name = test_case.model.graph().output(i).name();
    const Data& expected = set.outputs[static_cast<size_t>(i)];
    Result<uint32_t> port = session.find_output(0, name.c_str());
    if (!port.ok() || !expected || expected->is_empty()) return "output '" + name + "' is missing";
    const Type type = model.tensor(model.entry_point(0).outputs[port.value()].tensor).type;
    std::string problem = compare(type, counted_shape(session, name, port.value()),
                                  session.output(0, port.value()).value().data, *expected);
    if (!problem.empty()) return "output '" + name + "': " + problem;
  }
  return "";
}

Outcome run_set(const TestCase& test_case, const DataSet& set) {
  auto is_there = [](const Data& d) { return d.has_value(); };
  const bool is_readable = std::all_of(set.inputs.begin(), set.inputs.end(), is_there) &&
                           std::all_of(set.outputs.begin(), set.outputs.end(), is_there);
  bool frozen = false;
  ConvertResult converted = convert_case(test_case, set, &frozen);
  if (!converted.ok()) return {Verdict::unsupported, first_line(converted.diagnostics)};
  if (!is_readable) return {Verdict::unsupported, "the case's data are of another type"};
  test::AlignedBytes bytes(converted.bytes);
  Result<Model> model = Model::load(bytes.span(), inference_operators());
  if (!model.ok()) return {Verdict::wrong, ir::describe_status(model.status())};
  if (!runs_on_inputs(model.value())) return {Verdict::unsupported, "nothing is left to run"};
  Result<Plan> plan = Plan::create(model.value());
  if (!plan.ok()) return {Verdict::wrong, ir::describe_status(plan.status())};
  Result<Session> session = Session::create(plan.value());
  if (!session.ok()) return {Verdict::wrong, ir::describe_status(session.status())};
  std::string problem = fill_inputs(test_case, set, session.value());
  if (!problem.empty()) return {Verdict::wrong, problem};
  Status ran = session.value().run(0);
  if (!ran.ok()) return {Verdict::wrong, "at run: " + ir::describe_status(ran)};
  problem = check_outputs(test_case, set, model.value(), session.value());
  if (!problem.empty()) return {Verdict::wrong, problem};
  return frozen ? Outcome{Verdict::frozen, "shapes depend on an input's values"} : Outcome{};
}

}  // namespace

Outcome run_case(const TestCase& test_case) {
  Outcome worst;
  for (const DataSet& set : test_case.sets) {
    Outcome outcome = run_set(test_case, set);
    if (outcome.verdict > worst.verdict) worst = outcome;
  }
  if (test_case.sets.empty()) return {Verdict::unsupported, "the case has no data"};
  return worst;
}

}  // namespace mote::conformance
