// Reference inputs and outputs of a folder; its layout is in README.md, "Reference sets".
#pragma once

#include <string>
#include <vector>

#include "files.h"
#include "mote/types.h"

namespace mote::tool {

struct ReferenceTensor {
  std::string name;
  Type type = Type::float32;
  Shape shape;
  Bytes bytes;
  std::string from;  // not empty: output of the case before, instead of bytes
};

struct ReferenceCase {
  std::vector<ReferenceTensor> inputs;
  std::vector<ReferenceTensor> outputs;
};

struct ReferenceSet {
  bool by_name = false;   // else inputs and outputs are matched by index
  bool stateful = false;  // states persist from case to case
  std::vector<ReferenceCase> cases;
};

// Throws Failure(kBadInput).
ReferenceSet load_reference_set(const std::string& folder);

}  // namespace mote::tool
