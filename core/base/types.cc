#include "mote/types.h"

namespace mote {

const char* type_name(Type type) {
  constexpr const char* kNames[] = {"float32", "float16", "bfloat16", "int8",    "uint8",
                                    "int16",   "int32",   "int64",    "boolean", "float64"};
  auto i = static_cast<size_t>(type);
  return i < sizeof(kNames) / sizeof(kNames[0]) ? kNames[i] : "unknown";
}

}  // namespace mote
