#include "import/import.h"

#include <cstring>

#include "import/mote/mote.h"
#include "import/onnx/onnx.h"
#include "import/tflite/tflite.h"
#include "model/container.h"

namespace mote {

ir::Module import_source(Span<const uint8_t> bytes, const ConvertOptions& options,
                         Diagnostics& diagnostics) {
  const bool tflite = bytes.size >= 8 && memcmp(bytes.data + 4, "TFL3", 4) == 0;
  const bool mote = bytes.size >= sizeof kMagic && memcmp(bytes.data, kMagic, sizeof kMagic) == 0;
  if (tflite) return import_tflite(bytes, options, diagnostics);
  if (mote) return import_mote(bytes, diagnostics);
  if (looks_like_onnx(bytes)) return import_onnx(bytes, options, diagnostics);
  diagnostics.add("", "the format is unknown: neither TensorFlow Lite, ONNX nor .mote",
                  "give a .tflite, an .onnx or a .mote file");
  return {};
}

}  // namespace mote
