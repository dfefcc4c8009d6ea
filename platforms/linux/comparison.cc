#include "comparison.h"

#include <algorithm>
#include <cmath>

#include "elements.h"
#include "failure.h"
#include "text.h"

namespace mote::tool {
namespace {

// Float elements have no LSB; for them arg max counts within the bound of float agreement.
constexpr double kFloatTie = 1e-4;

const Port& match(const std::vector<Port>& ports, const ReferenceTensor& tensor, size_t index,
                  bool by_name, const char* what) {
  if (!by_name) {
    if (index < ports.size()) return ports[index];
    bad_input("the set has " + std::string(what) + " " + std::to_string(index) +
              ", the model only " + std::to_string(ports.size()));
  }
  for (const Port& port : ports) {
    if (port.name == tensor.name) return port;
  }
  bad_input("the set has " + std::string(what) + " '" + tensor.name + "', which the model has not");
}

void feed(Runner& runner, const Port& port, const ReferenceTensor& tensor) {
  if (runner.input_shape(port).elements() != tensor.shape.elements() ||
      !port.info->bounds.is_static()) {
    runner.set_shape(port, tensor.shape);
  }
  const Span<uint8_t> input = runner.input(port);
  const auto count = static_cast<size_t>(tensor.shape.elements());
  const bool fits = input.size == count * type_bytes(port.info->type);
  if (!fits ||
      !convert_elements(tensor.type, tensor.bytes.data(), port.info->type, input.data, count)) {
    bad_input("input '" + port.name + "' has type " + type_name(port.info->type) +
              ", the reference " + type_name(tensor.type));
  }
}

// Inputs that take an output of the case before; collected before any input is written.
Bytes output_bytes(Runner& runner, const std::string& name) {
  for (const Port& port : runner.outputs()) {
    if (port.name != name) continue;
    const Span<const uint8_t> output = runner.output(port);
    return Bytes(output.begin(), output.end());
  }
  bad_input("an input takes output '" + name + "', which the model has not");
}

void feed_case(Runner& runner, const ReferenceSet& set, size_t index) {
  const std::vector<ReferenceTensor>& inputs = set.cases[index].inputs;
  if (inputs.size() != runner.inputs().size()) {
    bad_input("the set has " + std::to_string(inputs.size()) + " inputs, the model " +
              std::to_string(runner.inputs().size()));
  }
  std::vector<Bytes> carried(inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].from.empty()) continue;
    if (index == 0) bad_input("the first case takes output '" + inputs[i].from + "' of another");
    carried[i] = output_bytes(runner, inputs[i].from);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Port& port = match(runner.inputs(), inputs[i], i, set.by_name, "input");
    if (inputs[i].from.empty()) {
      feed(runner, port, inputs[i]);
      continue;
    }
    const Span<uint8_t> input = runner.input(port);
    if (input.size != carried[i].size()) {
      bad_input("input '" + port.name + "' and output '" + inputs[i].from + "' differ in size");
    }
    std::copy(carried[i].begin(), carried[i].end(), input.data);
  }
}

// The reference's elements in the stored units of our output.
std::vector<double> expected_values(const ReferenceTensor& tensor, const Port& port) {
  const auto count = static_cast<size_t>(tensor.shape.elements());
  const Type type = port.info->type;
  const bool bytes_differ = (type == Type::int8 && tensor.type == Type::uint8) ||
                            (type == Type::uint8 && tensor.type == Type::int8);
  if (bytes_differ) {
    Bytes converted(count);
    convert_elements(tensor.type, tensor.bytes.data(), type, converted.data(), count);
    return stored_values(type, converted.data(), count);
  }
  const auto is_float = [](Type t) {
    return t == Type::float32 || t == Type::float16 || t == Type::bfloat16 || t == Type::float64;
  };
  if (is_float(type) != is_float(tensor.type)) {
    bad_input("output '" + port.name + "' has type " + type_name(type) + ", the reference " +
              type_name(tensor.type));
  }
  return stored_values(tensor.type, tensor.bytes.data(), count);
}

double difference(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;  // a == b: also infinities
  const double d = std::fabs(a - b);
  return std::isnan(d) ? INFINITY : d;
}

double tie(const Port& port, double maximum) {
  if (port.info->quantization.quantized()) return 1;
  const bool is_float = port.info->type == Type::float32 || port.info->type == Type::float16 ||
                        port.info->type == Type::bfloat16;
  return is_float ? kFloatTie * std::max(1.0, std::fabs(maximum)) : 0;
}

void add_case(OutputComparison& result, const Port& port, const std::vector<double>& actual,
              const std::vector<double>& expected) {
  const bool is_quantized = port.info->quantization.scale_count == 1;
  int64_t max_lsb = result.max_lsb.value_or(0);
  for (size_t i = 0; i < actual.size(); ++i) {
    const double stored = difference(actual[i], expected[i]);
    if (is_quantized) max_lsb = std::max(max_lsb, static_cast<int64_t>(stored));
    const double a = real_value(actual[i], port.info->quantization);
    const double b = real_value(expected[i], port.info->quantization);
    const double real = difference(a, b);
    result.equal += stored == 0 ? 1 : 0;
    result.max_abs = std::max(result.max_abs, real);
    if (real != 0) {
      const double scaled = real / std::max(1.0, std::fabs(b));
      result.max_err = std::max(result.max_err, std::isnan(scaled) ? INFINITY : scaled);
    }
  }
  if (is_quantized) result.max_lsb = max_lsb;
  result.elements += static_cast<int64_t>(actual.size());
  ++result.cases;
  const auto best = std::max_element(expected.begin(), expected.end());
  const double maximum = *std::max_element(actual.begin(), actual.end());
  const double ours = actual[static_cast<size_t>(best - expected.begin())];
  if (ours >= maximum - tie(port, maximum)) ++result.argmax_ok;
}

void compare_case(const Runner& runner, const ReferenceSet& set, size_t index,
                  std::vector<OutputComparison>& results) {
  const std::vector<ReferenceTensor>& outputs = set.cases[index].outputs;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const Port& port = match(runner.outputs(), outputs[i], i, set.by_name, "output");
    const std::vector<double> expected = expected_values(outputs[i], port);
    const auto count = static_cast<size_t>(runner.output_shape(port).elements());
    if (count != expected.size()) {
      bad_input("output '" + port.name + "' has " + std::to_string(count) +
                " elements, the reference " + std::to_string(expected.size()));
    }
    results[i].name = port.name;
    add_case(results[i], port, stored_values(port.info->type, runner.output(port).data, count),
             expected);
  }
}

}  // namespace

std::vector<OutputComparison> compare(Runner& runner, const ReferenceSet& set) {
  const size_t count = set.cases.at(0).outputs.size();
  if (count == 0 || (!set.by_name && count != runner.outputs().size())) {
    bad_input("the set has " + std::to_string(count) + " outputs, the model " +
              std::to_string(runner.outputs().size()));
  }
  std::vector<OutputComparison> results(count);
  for (size_t i = 0; i < set.cases.size(); ++i) {
    if (i == 0 || !set.stateful) runner.session().reset_states();
    feed_case(runner, set, i);
    runner.run();
    compare_case(runner, set, i, results);
  }
  return results;
}

std::vector<std::string> violations(const std::vector<OutputComparison>& outputs,
                                    const Thresholds& thresholds) {
  std::vector<std::string> list;
  for (const OutputComparison& output : outputs) {
    const std::string subject = "output '" + output.name + "': ";
    if (thresholds.max_err.has_value() && !(output.max_err <= *thresholds.max_err)) {
      list.push_back(subject + "max_err is " + number_text(output.max_err) + ", above " +
                     number_text(*thresholds.max_err));
    }
    if (thresholds.max_lsb.has_value() && output.max_lsb.value_or(0) > *thresholds.max_lsb) {
      list.push_back(subject + "max_lsb is " + std::to_string(output.max_lsb.value_or(0)) +
                     ", above " + std::to_string(*thresholds.max_lsb));
    }
    const double share = static_cast<double>(output.equal) /
                         static_cast<double>(std::max<int64_t>(1, output.elements));
    if (thresholds.min_equal.has_value() && share < *thresholds.min_equal) {
      list.push_back(subject + std::to_string(output.equal) + " of " +
                     std::to_string(output.elements) + " elements are equal, below the share " +
                     number_text(*thresholds.min_equal));
    }
  }
  return list;
}

std::string text_of(const std::vector<OutputComparison>& outputs) {
  std::vector<std::vector<std::string>> rows = {
      {"output", "elements", "equal", "max_abs", "max_err", "max_lsb", "argmax_ok", "cases"}};
  for (const OutputComparison& o : outputs) {
    rows.push_back({o.name, std::to_string(o.elements), std::to_string(o.equal),
                    number_text(o.max_abs), number_text(o.max_err),
                    o.max_lsb.has_value() ? std::to_string(*o.max_lsb) : "-",
                    std::to_string(o.argmax_ok), std::to_string(o.cases)});
  }
  return table_text(rows, {1, 2, 3, 4, 5, 6, 7});
}

nlohmann::ordered_json json_of(const std::vector<OutputComparison>& outputs) {
  auto list = nlohmann::ordered_json::array();
  for (const OutputComparison& o : outputs) {
    nlohmann::ordered_json item = {{"name", o.name},
                                   {"elements", o.elements},
                                   {"equal", o.equal},
                                   {"max_abs", o.max_abs},
                                   {"max_err", o.max_err}};
    if (o.max_lsb.has_value()) item["max_lsb"] = *o.max_lsb;
    item["argmax_ok"] = o.argmax_ok;
    item["cases"] = o.cases;
    list.push_back(item);
  }
  return {{"outputs", list}};
}

}  // namespace mote::tool
