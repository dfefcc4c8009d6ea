#include "import/onnx/external_data.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace mote::onnx_import {
namespace {

namespace fs = std::filesystem;

// A number of the file; false when it is none.
bool read_number(const std::string& text, uint64_t* out) {
  constexpr size_t kMaxDigits = 18;
  if (text.empty() || text.size() > kMaxDigits) return false;
  *out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    *out = *out * 10 + static_cast<uint64_t>(c - '0');
  }
  return true;
}

bool is_inside(const fs::path& path, const fs::path& directory) {
  auto [end, ignored] = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

}  // namespace

ExternalData::File& ExternalData::open(const std::string& location) {
  auto [it, is_new] = files_.try_emplace(location);
  File& file = it->second;
  if (!is_new) return file;
  file.problem = "its data stand in the file '" + location.substr(0, 256) + "', ";
  if (directory_.empty()) {
    file.problem += "and no directory was given to read it from";
    return file;
  }
  fs::path relative(location);
  bool is_plain = !location.empty() && location.find('\0') == std::string::npos &&
                  !relative.is_absolute() &&
                  std::find(relative.begin(), relative.end(), "..") == relative.end();
  std::error_code failed;
  fs::path directory = fs::canonical(directory_, failed);
  fs::path path = is_plain && !failed ? fs::canonical(directory / relative, failed) : fs::path();
  if (!is_plain || (!failed && !is_inside(path, directory))) {
    file.problem += "which is not inside the model's directory";
    return file;
  }
  bool is_file = !failed && fs::is_regular_file(path, failed);
  file.size = is_file && !failed ? fs::file_size(path, failed) : 0;
  if (failed || !is_file) {
    file.problem += "which cannot be read";
    return file;
  }
  file.path = path.string();
  file.bytes_left = 2 * file.size;
  return file;
}

std::string ExternalData::read(const onnx::TensorProto& tensor, uint64_t bytes, ir::Bytes* data) {
  std::string location;
  uint64_t offset = 0, length = bytes;
  for (const onnx::StringStringEntryProto& e : tensor.external_data()) {
    bool is_number = true;
    if (e.key() == "location") location = e.value();
    if (e.key() == "offset") is_number = read_number(e.value(), &offset);
    if (e.key() == "length") is_number = read_number(e.value(), &length);
    if (!is_number) return "the place of its data in an external file is not a number";
  }
  File& file = open(location);
  if (file.path.empty()) return file.problem;
  if (length != bytes || bytes > file.size || offset > file.size - bytes || bytes > file.bytes_left)
    return "its " + std::to_string(bytes) + " bytes do not lie within the external file of " +
           std::to_string(file.size) + " bytes";
  file.bytes_left -= bytes;
  data->resize(bytes);
  std::ifstream stream(file.path, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(offset));
  stream.read(reinterpret_cast<char*>(data->data()), static_cast<std::streamsize>(bytes));
  return stream ? std::string() : "its data cannot be read from the external file";
}

}  // namespace mote::onnx_import
