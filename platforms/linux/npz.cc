#include "npz.h"

#include <zip.h>

#include <cstring>
#include <memory>

#include "failure.h"

namespace mote::tool {
namespace {

using Archive = std::unique_ptr<zip_t, void (*)(zip_t*)>;

Archive open(Span<const uint8_t> file, const std::string& subject) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(file.data, file.size, 0, &error);
  zip_t* zip = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (zip == nullptr) {
    zip_source_free(source);
    bad_input(subject + ": is no .npz file: " + why);
  }
  return {zip, zip_discard};
}

// In blocks: a size in the archive's directory is not believed.
Bytes read_entry(zip_t* zip, zip_uint64_t index, const std::string& subject) {
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen_index(zip, index, 0),
                                                               zip_fclose);
  if (file == nullptr) bad_input(subject + ": " + zip_strerror(zip));
  // What a model takes as inputs is far less.
  constexpr size_t kMaxBytes = size_t{1} << 32;
  Bytes bytes, block(1 << 16);
  while (true) {
    const zip_int64_t n = zip_fread(file.get(), block.data(), block.size());
    if (n < 0) bad_input(subject + ": is damaged");
    if (n == 0) return bytes;
    bytes.insert(bytes.end(), block.begin(), block.begin() + n);
    if (bytes.size() > kMaxBytes) bad_input(subject + ": has more than 4 GiB");
  }
}

}  // namespace

bool is_npz(Span<const uint8_t> bytes) {
  return bytes.size >= 4 && std::memcmp(bytes.data, "PK\3\4", 4) == 0;
}

std::map<std::string, Bytes> read_npz(Span<const uint8_t> file, const std::string& subject) {
  if (!is_npz(file)) bad_input(subject + ": is no .npz file");
  const Archive zip = open(file, subject);
  std::map<std::string, Bytes> arrays;
  const zip_int64_t count = zip_get_num_entries(zip.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(zip.get(), static_cast<zip_uint64_t>(i), 0);
    if (name == nullptr) bad_input(subject + ": an entry has no name");
    std::string array = name;
    if (array.size() > 4 && array.ends_with(".npy")) array.resize(array.size() - 4);
    arrays[array] =
        read_entry(zip.get(), static_cast<zip_uint64_t>(i), subject + ", array '" + array + "'");
  }
  return arrays;
}

}  // namespace mote::tool
