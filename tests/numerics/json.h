// The little of JSON that the dumped cases need. NaN and infinities are written as Python reads
// them.
#pragma once

#include <cmath>
#include <cstdio>
#include <string>

namespace mote::test {

inline std::string json_number(float f) {
  if (std::isnan(f)) return "NaN";
  if (std::isinf(f)) return f > 0 ? "Infinity" : "-Infinity";
  char text[32];
  snprintf(text, sizeof text, "%.9g", static_cast<double>(f));  // 9 digits give back every float32
  return text;
}

// For names made by the tests themselves: nothing to escape but quotes and backslashes.
inline std::string json_string(const std::string& s) {
  std::string out = "\"";
  for (char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

template <class List, class ToText>
std::string json_array(const List& list, ToText to_text) {
  std::string out = "[";
  for (const auto& item : list) {
    if (out.size() > 1) out += ", ";
    out += to_text(item);
  }
  return out + "]";
}

}  // namespace mote::test
