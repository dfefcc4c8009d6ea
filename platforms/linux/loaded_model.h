// A model with the memory that its bytes lie in, from a .mote file or converted from a source file.
#pragma once

#include <string>

#include "files.h"
#include "mote/converter.h"
#include "mote/model.h"
#include "mote/platform.h"
#include "source_options.h"

namespace mote::tool {

struct LoadedModel {
  std::string subject;    // for messages: the path, "standard input"
  MappedFile mapping;     // the bytes are here,
  AlignedBytes memory;    // or here,
  Bytes converted_bytes;  // or, for what was just converted, here
  Model model;
  uint64_t file_bytes = 0;  // of the .mote file
  bool converted = false;
  double convert_us = 0;
  double load_us = 0;  // opening and Model::load
};

// Importers recognize what they take: TFLite by its identifier or the suffix .tflite.
bool is_source(const std::string& path, Span<const uint8_t> bytes);

// Throws Failure with all diagnostics: kBadInput, or kWrongUse when only a name in --shape is
// wrong.
Bytes convert_source(const std::string& subject, Span<const uint8_t> source,
                     const ConvertOptions& options);
// In less memory: `source` is freed as soon as it has been read.
Bytes convert_owned_source(const std::string& subject, Bytes source, const ConvertOptions& options);

// `options` are for source files; shapes of a .mote file are set on its session, and the others are
// wrong use.
LoadedModel load_model(const std::string& path, Integrity integrity, const SourceOptions& options);
// The same for bytes of a .mote file at hand.
LoadedModel load_model_bytes(const std::string& subject, Bytes bytes, Integrity integrity);

}  // namespace mote::tool
