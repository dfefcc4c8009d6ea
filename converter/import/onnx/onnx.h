// ONNX models as modules.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// ONNX files have no magic number: what starts like one.
bool looks_like_onnx(Span<const uint8_t> bytes);

// `bytes` may hold anything. What is unsupported or malformed is added to `diagnostics`, all of it;
// the module is to be used only when nothing was added.
ir::Module import_onnx(Span<const uint8_t> bytes, const ConvertOptions& options,
                       Diagnostics& diagnostics);
// Frees `bytes` once they are parsed.
ir::Module import_onnx(std::vector<uint8_t>&& bytes, const ConvertOptions& options,
                       Diagnostics& diagnostics);

// Of the ports of such a model; none when it is damaged.
std::vector<std::string> onnx_input_names(Span<const uint8_t> bytes);

}  // namespace mote
