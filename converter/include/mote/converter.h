// Converting models of other formats to .mote files. Desktop only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mote/types.h"

namespace mote {

// One complaint, with its place and what to do.
struct Diagnostic {
  std::string where;   // "subgraph 0, operator 12 (CONV_2D), tensor 'x'"
  std::string what;    // what was expected, what was found
  std::string remedy;  // what to do; may be empty
};

struct ConvertOptions {
  // Bounds of inputs by port name, for dynamic dimensions or another batch size. The rank must be
  // the input's. Inputs that are not named keep the static shape of the source.
  std::map<std::string, ShapeBounds> input_shapes;
  // Entries for the file's metadata ("licence", "labels", ...); "provenance" is written by the
  // converter unless it is given here.
  std::map<std::string, std::string> metadata;
  // Activations are fused, constants folded, cancelling operators removed. Off: the operators of
  // the source stay as they are, for comparing layer by layer.
  bool optimize = true;
};

struct ConvertResult {
  std::vector<uint8_t> bytes;           // the .mote file; empty when there are diagnostics
  std::vector<Diagnostic> diagnostics;  // everything that is wrong, not only the first
  bool ok() const { return diagnostics.empty(); }
  // One line per diagnostic: "where: what (remedy)".
  std::string text() const;
};

// Converts a model whose format is told by its first bytes: a TFLite file is converted, a .mote
// file is verified and passed through. `bytes` may hold anything: every malformed or unsupported
// input ends in diagnostics. Thread-safe; `bytes` is only read during the call.
ConvertResult convert(Span<const uint8_t> bytes, const ConvertOptions& options = {});

// Converts a TensorFlow Lite file (schema version 3). One entry point per signature, else one for
// subgraph 0, named "infer" when it is the only one. Legacy uint8 quantization becomes int8
// inside; ports keep their types. Integer results equal LiteRT's with XNNPACK (NUMERICS.md).
ConvertResult convert_tflite(Span<const uint8_t> bytes, const ConvertOptions& options = {});

}  // namespace mote
