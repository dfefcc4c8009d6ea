#include "text.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "failure.h"

namespace mote::tool {
namespace {

template <class... Arguments>
std::string format(const char* pattern, Arguments... arguments) {
  char text[64];
  std::snprintf(text, sizeof text, pattern, arguments...);
  return text;
}

std::string join(const std::vector<std::string>& parts) {
  if (parts.empty()) return "scalar";
  std::string text = parts[0];
  for (size_t i = 1; i < parts.size(); ++i) text += "x" + parts[i];
  return text;
}

}  // namespace

std::string text_of(const Shape& shape) {
  std::vector<std::string> parts;
  for (int i = 0; i < shape.rank; ++i) parts.push_back(std::to_string(shape.dims[i]));
  return join(parts);
}

std::string text_of(const ShapeBounds& bounds) {
  std::vector<std::string> parts;
  for (int i = 0; i < bounds.rank; ++i) {
    const Dim& dim = bounds.dims[i];
    parts.push_back(dim.is_static() ? std::to_string(dim.min)
                                    : format("[%d-%d]", int{dim.min}, int{dim.max}));
  }
  return join(parts);
}

std::string bytes_text(uint64_t bytes) {
  constexpr const char* kUnits[] = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  for (; value >= 1024 && unit < 3; ++unit) value /= 1024;
  return format("%.1f %s", value, kUnits[unit]);
}

std::string time_text(double microseconds) {
  if (microseconds < 1000) return format("%.1f us", microseconds);
  if (microseconds < 1e6) return format("%.3f ms", microseconds / 1e3);
  return format("%.3f s", microseconds / 1e6);
}

std::string number_text(double value) { return format("%.6g", value); }

std::string plain(std::string text) {
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  };
  std::replace_if(text.begin(), text.end(), is_control, '?');
  return text;
}

ShapeBounds parse_bounds(const std::string& text) {
  ShapeBounds bounds;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](int32_t& value) {
    const auto [next, failed] = std::from_chars(at, end, value);
    at = next;
    return failed == std::errc() && value >= 1;
  };
  while (bounds.rank < kMaxRank) {
    Dim& dim = bounds.dims[bounds.rank];
    if (!number(dim.min)) break;
    dim.max = dim.min;
    if (at != end && *at == '-' && (++at, !number(dim.max) || dim.max < dim.min)) break;
    ++bounds.rank;
    if (at == end) return bounds;
    if (*at++ != 'x') break;
  }
  wrong_use("'" + text + "' is no shape; expected up to 8 dimensions such as 1x96x96x3, or " +
            "1-8x96x96x3 for a dynamic one");
}

std::string table_text(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<size_t>& right) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      const bool is_right = std::find(right.begin(), right.end(), i) != right.end();
      line += (i == 0 ? "" : "  ") + (is_right ? padding + row[i] : row[i] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += plain(line) + "\n";
  }
  return text;
}

}  // namespace mote::tool
