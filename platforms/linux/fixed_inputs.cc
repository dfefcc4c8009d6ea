#include "fixed_inputs.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <nlohmann/json.hpp>

#include "elements.h"
#include "failure.h"
#include "text.h"

namespace mote::tool {
namespace {

using Json = nlohmann::json;

// What ConvertOptions::fixed_inputs may fill.
constexpr int64_t kMaxElements = 1 << 24;

// Metadata may say anything.
bool holds(Type type, double value) {
  if (type == Type::float32) return std::fabs(value) <= static_cast<double>(FLT_MAX);
  const bool is_unsigned = type == Type::uint8 || type == Type::boolean;
  // Every integer up to 2^53 is a double.
  const int bits = std::min(53, static_cast<int>(8 * type_bytes(type)) - (is_unsigned ? 0 : 1));
  return value <= std::ldexp(1, bits) - 1 && value >= (is_unsigned ? 0 : -std::ldexp(1, bits));
}

FixedInput parse(const Json& json) {
  FixedInput fixed;
  fixed.place = json.at("place").get<size_t>();
  fixed.values = json.at("values").get<std::vector<double>>();
  ReferenceTensor& t = fixed.tensor;
  t.name = json.at("name").get<std::string>();
  t.type = parse_type(json.at("type").get<std::string>());
  const auto dims = json.at("shape").get<std::vector<int32_t>>();
  int64_t count = 1;
  for (int32_t d : dims) {
    if (t.shape.rank == kMaxRank || d < 0 || d > kMaxElements || (count *= d) > kMaxElements)
      bad_input("a shape");
    t.shape.dims[t.shape.rank++] = d;
  }
  std::vector<double> elements = fixed.values;
  if (elements.size() == 1) elements.resize(static_cast<size_t>(count), elements[0]);
  if (elements.size() != static_cast<size_t>(count)) bad_input("values");
  for (double v : elements)
    if (!holds(t.type, v)) bad_input("values");
  t.bytes.resize(elements.size() * type_bytes(t.type));
  store_values(t.type, elements, t.bytes.data());
  return fixed;
}

size_t place_of(const FixedInput& fixed, const ReferenceSet& set, const ReferenceCase& c) {
  if (!set.by_name) return std::min(fixed.place, c.inputs.size());
  size_t i = 0;
  while (i < c.inputs.size() && c.inputs[i].name != fixed.tensor.name) ++i;
  return i;
}

bool same_values(const ReferenceTensor& a, const ReferenceTensor& b) {
  const auto count = static_cast<size_t>(a.shape.elements());
  return a.from.empty() && a.shape.elements() == b.shape.elements() &&
         stored_values(a.type, a.bytes.data(), count) ==
             stored_values(b.type, b.bytes.data(), count);
}

bool continues(const ReferenceSet& set, const ReferenceCase& c) {
  return set.stateful || std::any_of(c.inputs.begin(), c.inputs.end(),
                                     [](const ReferenceTensor& t) { return !t.from.empty(); });
}

}  // namespace

std::vector<FixedInput> fixed_inputs_of(const Model& model) {
  std::vector<FixedInput> list;
  const char* text = model.metadata("fixed_inputs");
  if (text == nullptr) return list;
  try {
    for (const Json& json : Json::parse(text)) list.push_back(parse(json));
  } catch (const std::exception& failure) {
    bad_input(std::string("the metadata 'fixed_inputs' are damaged: ") + failure.what());
  }
  std::sort(list.begin(), list.end(),
            [](const FixedInput& a, const FixedInput& b) { return a.place < b.place; });
  return list;
}

void add_fixed_inputs(const std::vector<FixedInput>& fixed, ReferenceSet& set) {
  for (ReferenceCase& c : set.cases)
    for (const FixedInput& f : fixed)
      c.inputs.insert(c.inputs.begin() + static_cast<ptrdiff_t>(std::min(f.place, c.inputs.size())),
                      f.tensor);
}

std::string drop_fixed_inputs(const std::vector<FixedInput>& fixed, size_t inputs,
                              ReferenceSet& set) {
  std::vector<ReferenceCase> kept;
  std::string first;
  bool was_skipped = false;
  for (size_t k = 0; k < set.cases.size(); ++k) {
    ReferenceCase& c = set.cases[k];
    was_skipped = was_skipped && continues(set, c);
    const bool is_whole = set.by_name || c.inputs.size() == inputs + fixed.size();
    // From behind, so that the places before stay.
    for (size_t f = is_whole ? fixed.size() : 0; f-- > 0;) {
      const size_t place = place_of(fixed[f], set, c);
      if (place == c.inputs.size()) continue;
      const ReferenceTensor& t = c.inputs[place];
      if (!same_values(t, fixed[f].tensor)) {
        was_skipped = true;
        if (first.empty())
          first = "case " + std::to_string(k) + " and its input '" + fixed[f].tensor.name + "'";
      }
      c.inputs.erase(c.inputs.begin() + static_cast<ptrdiff_t>(place));
    }
    if (!was_skipped) kept.push_back(std::move(c));
  }
  const size_t skipped = set.cases.size() - kept.size();
  if (skipped == 0) {
    set.cases = std::move(kept);
    return {};
  }
  const std::string text = std::to_string(skipped) + " of " + std::to_string(set.cases.size()) +
                           " cases have another value than the model was fixed to (" + first +
                           ") and are left out";
  if (kept.empty()) bad_input("the reference set: " + text);
  set.cases = std::move(kept);
  return text;
}

}  // namespace mote::tool
