// Small pieces of output for people.
#pragma once

#include <string>
#include <vector>

#include "mote/types.h"

namespace mote::tool {

std::string text_of(const Shape& shape);         // "1x96x96x3"; "scalar"
std::string text_of(const ShapeBounds& bounds);  // "[1-8]x96x96x3" where a dimension is dynamic
std::string bytes_text(uint64_t bytes);          // "1.25 MiB"
std::string time_text(double microseconds);      // "1.234 ms"
std::string number_text(double value);           // six significant digits

// Names come from files, which shall not control the terminal: control characters but the newline
// become '?'.
std::string plain(std::string text);

// "1x96x96x3", "1-8x96x96x3" where the dimension is dynamic; throws Failure(kWrongUse).
ShapeBounds parse_bounds(const std::string& text);

// Rows of cells, padded to columns two spaces apart. Columns in `right` are aligned to the right.
std::string table_text(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<size_t>& right = {});

}  // namespace mote::tool
