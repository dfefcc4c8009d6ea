#include "npy.h"

#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "failure.h"

namespace mote::tool {
namespace {

constexpr char kMagic[] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};
// Magic and version; the header's length follows in 2 bytes (version 1) or 4.
constexpr size_t kVersionEnd = 8;

constexpr std::pair<std::string_view, Type> kTypes[] = {
    {"<f4", Type::float32}, {"<f2", Type::float16}, {"<f8", Type::float64},
    {"|i1", Type::int8},    {"|u1", Type::uint8},   {"<i2", Type::int16},
    {"<i4", Type::int32},   {"<i8", Type::int64},   {"|b1", Type::boolean},
};

// The text after "'key':" and spaces; the header is the literal of a Python dictionary.
std::string_view value_of(std::string_view header, std::string_view key,
                          const std::string& subject) {
  const size_t at = header.find("'" + std::string(key) + "'");
  const size_t colon = at == std::string_view::npos ? at : header.find(':', at);
  const size_t start =
      colon == std::string_view::npos ? colon : header.find_first_not_of(' ', colon + 1);
  if (start == std::string_view::npos) {
    bad_input(subject + ": the .npy header has no '" + std::string(key) + "'");
  }
  return header.substr(start);
}

Type parse_descr(std::string_view text, const std::string& subject) {
  for (const auto& [name, type] : kTypes) {
    if (text.size() > name.size() + 1 && text.substr(1, name.size()) == name) return type;
  }
  bad_input(subject + ": .npy elements are " + std::string(text.substr(0, text.find(','))) +
            "; expected little-endian floats, integers of 8 to 64 bits or booleans");
}

Shape parse_shape_tuple(std::string_view text, const std::string& subject) {
  Shape shape;
  const size_t end = text.find(')');
  if (text.front() != '(' || end == std::string_view::npos) {
    bad_input(subject + ": the .npy header has no shape");
  }
  const char* at = text.data() + 1;
  const char* const last = text.data() + end;
  while (true) {
    while (at < last && (*at == ' ' || *at == ',')) ++at;
    if (at == last) return shape;
    if (shape.rank == kMaxRank) bad_input(subject + ": more than 8 dimensions");
    const auto [next, failed] = std::from_chars(at, last, shape.dims[shape.rank]);
    if (failed != std::errc() || shape.dims[shape.rank] < 1) {
      bad_input(subject + ": the .npy shape has a dimension that is no number of 1 to 2^31 - 1");
    }
    ++shape.rank;
    at = next;
  }
}

int64_t checked_bytes(const NpyArray& array, const std::string& subject) {
  int64_t bytes = static_cast<int64_t>(type_bytes(array.type));
  for (int i = 0; i < array.shape.rank; ++i) {
    if (__builtin_mul_overflow(bytes, int64_t{array.shape.dims[i]}, &bytes)) {
      bad_input(subject + ": the .npy shape is too large");
    }
  }
  return bytes;
}

std::string header_text(Type type, const Shape& shape) {
  std::string_view descr = "<u2";  // bfloat16's bits
  for (const auto& [name, known] : kTypes) {
    if (known == type) descr = name;
  }
  std::string text = "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (";
  for (int i = 0; i < shape.rank; ++i) text += std::to_string(shape.dims[i]) + ", ";
  return text + "), }";
}

}  // namespace

bool is_npy(Span<const uint8_t> bytes) {
  return bytes.size >= kVersionEnd && std::memcmp(bytes.data, kMagic, sizeof kMagic) == 0;
}

NpyArray parse_npy(Span<const uint8_t> bytes, const std::string& subject) {
  if (!is_npy(bytes)) bad_input(subject + ": is no .npy file");
  const size_t length_bytes = bytes[6] == 1 ? 2 : 4;
  const size_t start = kVersionEnd + length_bytes;
  if (bytes.size < start) bad_input(subject + ": the .npy header is cut");
  uint32_t length = 0;
  std::memcpy(&length, bytes.data + kVersionEnd, length_bytes);
  if (length > bytes.size - start) bad_input(subject + ": the .npy header is cut");

  const std::string_view header(reinterpret_cast<const char*>(bytes.data) + start, length);
  if (value_of(header, "fortran_order", subject).substr(0, 5) != "False") {
    bad_input(subject + ": the array is in Fortran order; save np.ascontiguousarray of it");
  }
  NpyArray array;
  array.type = parse_descr(value_of(header, "descr", subject), subject);
  array.shape = parse_shape_tuple(value_of(header, "shape", subject), subject);
  const int64_t needed = checked_bytes(array, subject);
  const size_t found = bytes.size - start - length;
  if (static_cast<uint64_t>(needed) != found) {
    bad_input(subject + ": the .npy file has " + std::to_string(found) + " bytes of data, its " +
              "header says " + std::to_string(needed));
  }
  array.data = {bytes.data + start + length, found};
  return array;
}

Bytes make_npy(Type type, const Shape& shape, Span<const uint8_t> data) {
  std::string header = header_text(type, shape);
  // The data start at a multiple of 64; a newline ends the header (version 1.0).
  const size_t used = kVersionEnd + 2 + header.size() + 1;
  header.append((64 - used % 64) % 64, ' ');
  header += '\n';
  Bytes bytes(kMagic, kMagic + sizeof kMagic);
  for (const size_t byte : {size_t{1}, size_t{0}, header.size() & 0xff, header.size() >> 8}) {
    bytes.push_back(static_cast<uint8_t>(byte));
  }
  bytes.insert(bytes.end(), header.begin(), header.end());
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

}  // namespace mote::tool
