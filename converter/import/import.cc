#include "import/import.h"

#include <cstring>

#include "import/mote/mote.h"
#include "import/onnx/onnx.h"
#include "import/tflite/tflite.h"
#include "model/container.h"

namespace mote {

SourceFormat source_format(Span<const uint8_t> bytes) {
  if (bytes.size >= 8 && memcmp(bytes.data + 4, "TFL3", 4) == 0) return SourceFormat::tflite;
  if (bytes.size >= sizeof kMagic && memcmp(bytes.data, kMagic, sizeof kMagic) == 0)
    return SourceFormat::mote;
  return looks_like_onnx(bytes) ? SourceFormat::onnx : SourceFormat::unknown;
}

const char* format_name(SourceFormat format) {
  constexpr const char* kNames[] = {"an unknown format", "TensorFlow Lite", "ONNX", "Mote"};
  return kNames[static_cast<size_t>(format)];
}

ir::Module import_source(Span<const uint8_t> bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics) {
  switch (source_format(bytes)) {
    case SourceFormat::tflite:
      return import_tflite(bytes, options, diagnostics);
    case SourceFormat::onnx:
      return import_onnx(bytes, options, diagnostics);
    case SourceFormat::mote:
      return import_mote(bytes, diagnostics);
    case SourceFormat::unknown:
      break;
  }
  diagnostics.add("", "the format is unknown: neither TensorFlow Lite nor ONNX nor .mote",
                  "give a .tflite, .onnx or .mote file");
  return {};
}

ir::Module import_source(std::vector<uint8_t>&& bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics) {
  const Span<const uint8_t> span{bytes.data(), bytes.size()};
  if (source_format(span) == SourceFormat::onnx)
    return import_onnx(std::move(bytes), options, diagnostics);
  ir::Module module = import_source(span, options, diagnostics);
  std::vector<uint8_t>().swap(bytes);
  return module;
}

}  // namespace mote
