// Any source format to a module.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// By the file's first bytes (mote/converter.h, convert); errors become diagnostics.
ir::Module import_source(Span<const uint8_t> bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics);

}  // namespace mote
