#include "loaded_model.h"

#include <algorithm>
#include <cstring>

#include "clock.h"
#include "failure.h"
#include "mote/train.h"

namespace mote::tool {
namespace {

void load_bytes(LoadedModel& loaded, Span<const uint8_t> bytes, Integrity integrity) {
  LoadOptions options;
  options.integrity = integrity;
  const Clock clock;
  loaded.file_bytes = bytes.size;
  loaded.model = require(Model::load(bytes, training_operators(), options), loaded.subject);
  loaded.load_us += clock.microseconds();
}

void refuse_for_mote_file(const SourceOptions& options, const std::string& subject) {
  const char* name = !options.bounds.empty()   ? "--bound"
                     : !options.fixed.empty()  ? "--fix"
                     : !options.custom.empty() ? "--custom"
                                               : nullptr;
  if (name != nullptr)
    wrong_use(std::string(name) + " is for source models; " + subject + " is a .mote file");
}

// Throws what is wrong.
Bytes bytes_of(ConvertResult result, const std::string& subject) {
  if (result.ok()) return std::move(result.bytes);
  std::string text = subject + ": cannot be converted:\n" + result.text();
  while (text.back() == '\n') text.pop_back();
  const bool is_wrong_use =
      std::all_of(result.diagnostics.begin(), result.diagnostics.end(),
                  [](const Diagnostic& d) { return d.where.rfind("--", 0) == 0; });
  throw Failure(is_wrong_use ? kWrongUse : kBadInput, text);
}

}  // namespace

bool is_source(const std::string& path, Span<const uint8_t> bytes) {
  const bool identified = bytes.size >= 8 && std::memcmp(bytes.data + 4, "TFL3", 4) == 0;
  return identified || extension(path) == ".tflite" || extension(path) == ".onnx";
}

Bytes convert_source(const std::string& subject, Span<const uint8_t> source,
                     const ConvertOptions& options) {
  return bytes_of(convert(source, options), subject);
}

Bytes convert_owned_source(const std::string& subject, Bytes source,
                           const ConvertOptions& options) {
  return bytes_of(convert_owned(std::move(source), options), subject);
}

LoadedModel load_model_bytes(const std::string& subject, Bytes bytes, Integrity integrity) {
  LoadedModel loaded;
  loaded.subject = subject;
  loaded.converted_bytes = std::move(bytes);
  load_bytes(loaded, span_of(loaded.converted_bytes), integrity);
  return loaded;
}

LoadedModel load_model(const std::string& path, Integrity integrity,
                       const SourceOptions& source_options) {
  LoadedModel loaded;
  loaded.subject = subject_of(path);
  const Clock clock;
  Span<const uint8_t> bytes;
  if (is_stream(path)) {
    loaded.memory = AlignedBytes(span_of(read_file(path)));
    bytes = {loaded.memory.data(), loaded.memory.size()};
  } else {
    loaded.mapping = require(MappedFile::open(path.c_str()), loaded.subject);
    bytes = loaded.mapping.bytes();
  }
  loaded.load_us = clock.microseconds();
  if (is_source(path, bytes)) {
    const Clock conversion;
    ConvertOptions options;
    apply(source_options, path, &options);
    loaded.memory = AlignedBytes(span_of(convert_source(loaded.subject, bytes, options)));
    loaded.mapping = MappedFile();
    loaded.converted = true;
    loaded.convert_us = conversion.microseconds();
    bytes = {loaded.memory.data(), loaded.memory.size()};
  }
  load_bytes(loaded, bytes, integrity);
  if (!loaded.converted) refuse_for_mote_file(source_options, loaded.subject);
  return loaded;
}

}  // namespace mote::tool
