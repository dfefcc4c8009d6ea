// The classes of malformed files: each takes a valid draft, bends it, and names the error that must
// refuse it. Sources are published vulnerabilities of other inference libraries (CLASSES.md).
#pragma once

#include <functional>

#include "builder.h"
#include "mote/status.h"

namespace mote::test {

// One way to break a file. Exactly one of the functions is set.
struct Variant {
  std::string what;
  Code code = Code::ok;
  // What the message must contain: where the fault is.
  std::string place;
  // Status::name, for errors that name an attribute.
  std::string attribute;
  std::function<void(Draft&)> edit;  // before the segments are laid out
  std::function<void(Draft&)> late;  // after it
  std::function<void(Bytes&)> raw;   // the file's bytes
};

struct MalformedClass {
  std::string name;
  std::string source;
  std::function<Draft()> base;
  std::vector<Variant> variants;
};

inline Variant edited(std::string what, Code code, std::string place,
                      std::function<void(Draft&)> edit) {
  return {std::move(what), code, std::move(place), "", std::move(edit), nullptr, nullptr};
}
// An attribute out of its range or with the wrong number of elements.
inline Variant attribute(std::string what, Code code, std::string name,
                         std::function<void(Draft&)> edit) {
  return {std::move(what), code, "operator 0", std::move(name), std::move(edit), nullptr, nullptr};
}
inline Variant laid_out(std::string what, Code code, std::string place,
                        std::function<void(Draft&)> late) {
  return {std::move(what), code, std::move(place), "", nullptr, std::move(late), nullptr};
}
inline Variant patched(std::string what, Code code, std::string place,
                       std::function<void(Bytes&)> raw) {
  return {std::move(what), code, std::move(place), "", nullptr, nullptr, std::move(raw)};
}

using Classes = std::vector<MalformedClass>;
Classes container_classes();
Classes structure_classes();
Classes tensor_classes();
Classes quantization_classes();
Classes graph_classes();
Classes state_classes();
Classes derive_classes();
Classes window_classes();
Classes elementwise_classes();
Classes arithmetic_classes();
Classes movement_classes();
Classes index_classes();
Classes normalization_classes();
Classes loss_classes();
Classes optimizer_classes();
Classes gradient_classes();
Classes conv_gradient_classes();
Classes control_classes();
Classes recurrent_classes();
Classes region_classes();
Classes sampling_classes();
Classes dynamic_classes();
Classes all_classes();

// The file that a variant describes, its hashes right wherever that is possible.
Bytes mutant(const MalformedClass& c, const Variant& v);

// A file with every part of the format: a constant, a state with an initial value, an unused
// per-channel constant, three kinds of operators.
// Tensors: 0 input, 1 constant, 2 state, 3 its value, 4 sum, 5 output, 6 per-channel constant.
// Operators: read_state, add, add, assign_state. Segments: weights, state.
Draft spine();

// CLASSES.md.
std::string classes_table();

}  // namespace mote::test
