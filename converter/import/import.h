// Any source format to a module.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

enum class SourceFormat { unknown, tflite, onnx, mote };
// By the file's first bytes.
SourceFormat source_format(Span<const uint8_t> bytes);
const char* format_name(SourceFormat format);  // "TensorFlow Lite"

// A file of any known format; errors become diagnostics.
ir::Module import_source(Span<const uint8_t> bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics);
// Frees `bytes` as soon as nothing reads them any more.
ir::Module import_source(std::vector<uint8_t>&& bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics);

}  // namespace mote
