// Attribute structs as tables of the file.
#pragma once

#include <optional>

#include "ir/graph.h"
#include "mote_generated.h"

namespace mote {

struct WrittenAttributes {
  file::Attributes kind;
  flatbuffers::Offset<void> table;
};

// Nothing for an operator that the format does not know or a struct of another size.
std::optional<WrittenAttributes> write_attributes(flatbuffers::FlatBufferBuilder& builder,
                                                  const ir::Node& node);

}  // namespace mote
