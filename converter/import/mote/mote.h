// Our own files back as a module, so that a trained model can be changed further.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"
#include "mote/types.h"

namespace mote {

// The graphs of all entry points and the derive graphs. States have the file's initial values.
// A malformed file, or one with operators that this build lacks, ends in diagnostics.
ir::Module import_mote(Span<const uint8_t> bytes, Diagnostics& diagnostics);

}  // namespace mote
