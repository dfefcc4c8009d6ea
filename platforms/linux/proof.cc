#include "proof.h"

#include <algorithm>

#include "elements.h"
#include "failure.h"
#include "text.h"

namespace mote::tool {
namespace {

const ReferenceTensor* input_of(const ReferenceCase& c, const ReferenceSet& set, const Port& port) {
  if (!set.by_name) return port.index < c.inputs.size() ? &c.inputs[port.index] : nullptr;
  for (const ReferenceTensor& t : c.inputs)
    if (t.name == port.name) return &t;
  return nullptr;
}

// False where the case takes this input from another.
bool add_input(const Runner& runner, const Port& port, const ReferenceTensor* tensor,
               ProofCase& proof_case) {
  if (tensor == nullptr) bad_input("the set lacks input '" + port.name + "'");
  if (!tensor->from.empty()) return false;
  const bool fixed = port.info->bounds.is_static();
  const Shape shape = fixed ? runner.input_shape(port) : tensor->shape;
  const auto count = static_cast<size_t>(shape.elements());
  std::vector<uint8_t> bytes(count * type_bytes(port.info->type));
  const bool fits =
      tensor->shape.elements() == shape.elements() &&
      convert_elements(tensor->type, tensor->bytes.data(), port.info->type, bytes.data(), count);
  if (!fits) {
    bad_input("input '" + port.name + "' is " + type_name(port.info->type) + " " + text_of(shape) +
              ", the reference " + type_name(tensor->type) + " " + text_of(tensor->shape));
  }
  proof_case.shapes.push_back(shape);
  proof_case.inputs.push_back(std::move(bytes));
  return true;
}

}  // namespace

std::vector<ProofCase> proof_cases(const Runner& runner, const ReferenceSet& set) {
  std::vector<ProofCase> cases;
  for (const ReferenceCase& c : set.cases) {
    ProofCase proof_case;
    bool whole = true;
    for (const Port& port : runner.inputs())
      whole = whole && add_input(runner, port, input_of(c, set, port), proof_case);
    if (whole) cases.push_back(std::move(proof_case));
    if (set.stateful) break;
  }
  return cases;
}

std::string text_of(const ProofResult& proof, size_t limit) {
  std::vector<std::vector<std::string>> rows = {
      {"layer", "operator", "max_err", "relative L2", "max_lsb"}};
  const size_t shown = limit == 0 ? proof.layers.size() : std::min(limit, proof.layers.size());
  for (size_t i = 0; i < shown; ++i) {
    const LayerError& layer = proof.layers[i];
    rows.push_back({plain(layer.name), layer.op, number_text(layer.max_error),
                    number_text(layer.relative_l2),
                    layer.max_lsb ? std::to_string(*layer.max_lsb) : "-"});
  }
  std::string text = table_text(rows, {2, 3, 4});
  text += std::to_string(proof.layers.size()) + " layers compared with the source's graph";
  if (shown < proof.layers.size()) text += ", the worst " + std::to_string(shown) + " shown";
  if (proof.unmatched != 0)
    text += "; " + std::to_string(proof.unmatched) + " values have no counterpart there";
  return text + "\n";
}

Json json_of(const ProofResult& proof) {
  Json layers = Json::array();
  for (const LayerError& layer : proof.layers) {
    Json json = {{"name", layer.name},
                 {"where", layer.where},
                 {"op", layer.op},
                 {"type", type_name(layer.type)},
                 {"elements", layer.elements},
                 {"max_err", layer.max_error},
                 {"relative_l2", layer.relative_l2}};
    if (layer.max_lsb) json["max_lsb"] = *layer.max_lsb;
    layers.push_back(json);
  }
  return {{"layers", layers}, {"unmatched", proof.unmatched}};
}

}  // namespace mote::tool
