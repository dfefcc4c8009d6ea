#include "trainer/idx.h"

#include <filesystem>

#include "trainer/failure.h"
#include "trainer/file_bytes.h"

namespace mote::trainer {
namespace {

constexpr uint8_t kUnsignedByte = 0x08;
// Of a whole array. More is no data set that is read at once, and sizes stay far from overflow.
constexpr uint64_t kMaxElements = uint64_t{1} << 40;

std::string number(uint64_t n) { return std::to_string(n); }

// Of labels.txt: names of thousands of classes, far from what strains a model's metadata.
constexpr uintmax_t kMaxLabelBytes = 64 << 10;

uint32_t big_endian(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | uint32_t{p[3]};
}

void check_magic(const uint8_t* magic, const std::string& name, int min_rank, int max_rank) {
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != kUnsignedByte) {
    char found[16];
    snprintf(found, sizeof found, "%02x %02x %02x", magic[0], magic[1], magic[2]);
    bad_input(name, std::string("the first bytes are ") + found + ", expected 00 00 08",
              "this is no IDX file of unsigned bytes");
  }
  if (magic[3] < min_rank || magic[3] > max_rank) {
    bad_input(name,
              "byte 3 says " + number(magic[3]) + " dimensions, expected " +
                  (min_rank == max_rank
                       ? number(uint64_t(min_rank))
                       : number(uint64_t(min_rank)) + " or " + number(uint64_t(max_rank))),
              "images have 3 dimensions (count, height, width) or 4 (and channels), labels 1; are "
              "the files exchanged?");
  }
}

void read_exactly(ByteSource& source, uint8_t* out, size_t bytes, uint64_t at,
                  const std::string& name, const char* what) {
  size_t n = source.read(out, bytes);
  if (n == bytes) return;
  bad_input(name,
            "the file ends at byte " + number(at + n) + ", within " + what + "; expected " +
                number(at + bytes) + " bytes",
            "it is cut; get it again");
}

uint64_t element_count(const std::vector<uint32_t>& dims, const std::string& name) {
  uint64_t elements = 1;
  for (uint32_t d : dims) {
    if (d == 0) bad_input(name, "a dimension is 0 in the header", "get the file again");
    if (d > kMaxElements / elements) {
      bad_input(name, "the header promises more than 2^40 elements", "the header is damaged");
    }
    elements *= d;
  }
  return elements;
}

std::string first_existing(const std::vector<std::string>& paths, const std::string& folder) {
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) return path;
  }
  std::error_code ignored;
  const char* const remedy = "name the folder of the IDX files with --data";
  if (!std::filesystem::exists(folder, ignored)) bad_input(folder, "does not exist", remedy);
  if (!std::filesystem::is_directory(folder, ignored)) bad_input(folder, "is no folder", remedy);
  std::string names;
  for (const std::string& path : paths) {
    names += (names.empty() ? "" : ", ") + std::filesystem::path(path).filename().string();
  }
  bad_input(folder, "holds none of " + names, remedy);
}

}  // namespace

IdxArray parse_idx(Span<const uint8_t> bytes, const std::string& name, int min_rank, int max_rank) {
  std::unique_ptr<ByteSource> source = open_bytes(bytes, name);
  uint8_t magic[4];
  read_exactly(*source, magic, sizeof magic, 0, name, "the header");
  check_magic(magic, name, min_rank, max_rank);
  IdxArray array;
  uint64_t at = sizeof magic;
  for (int i = 0; i < magic[3]; ++i, at += 4) {
    uint8_t dim[4];
    read_exactly(*source, dim, sizeof dim, at, name, "the header");
    array.dims.push_back(big_endian(dim));
  }
  uint64_t elements = element_count(array.dims, name);
  if (elements > source->at_most()) {
    bad_input(name,
              "the header promises " + number(elements) +
                  " bytes of elements, the file holds at "
                  "most " +
                  number(source->at_most()),
              "it is cut; get it again");
  }
  array.elements.resize(elements);
  read_exactly(*source, array.elements.data(), elements, at, name, "the elements");
  uint8_t more;
  if (source->read(&more, 1) != 0) {
    bad_input(name,
              "bytes follow after byte " + number(at + elements) +
                  ", where the last element "
                  "of the header's sizes ends",
              "something was appended; get the file again");
  }
  return array;
}

Dataset dataset_from_idx(Span<const uint8_t> images, const std::string& images_name,
                         Span<const uint8_t> labels, const std::string& labels_name) {
  IdxArray pictures = parse_idx(images, images_name, 3, 4);
  IdxArray classes = parse_idx(labels, labels_name, 1, 1);
  if (pictures.dims[0] != classes.dims[0]) {
    bad_input(labels_name,
              "has " + number(classes.dims[0]) + " labels, " + images_name + " has " +
                  number(pictures.dims[0]) + " images",
              "both files must be of the same set");
  }
  Dataset data;
  data.name = images_name;
  data.labels_name = labels_name;
  for (size_t i = 1; i < pictures.dims.size(); ++i) {
    // A side beyond this never fits a model; products stay within 64 bits.
    if (pictures.dims[i] > INT32_MAX)
      bad_input(images_name, "a picture's dimension is " + number(pictures.dims[i]));
    data.sample_shape.push_back(static_cast<int32_t>(pictures.dims[i]));
  }
  if (data.sample_shape.size() == 2) data.sample_shape.push_back(1);
  data.pixels = std::move(pictures.elements);
  data.labels.assign(classes.elements.begin(), classes.elements.end());
  return data;
}

}  // namespace mote::trainer

namespace mote {

Dataset load_idx(const std::string& folder, const std::string& split) {
  std::string base = folder + "/" + split;
  std::string images, labels;
  images = trainer::first_existing({base + "-images-idx3-ubyte", base + "-images-idx3-ubyte.gz",
                                    base + "-images-idx4-ubyte", base + "-images-idx4-ubyte.gz"},
                                   folder);
  labels = trainer::first_existing({base + "-labels-idx1-ubyte", base + "-labels-idx1-ubyte.gz"},
                                   folder);
  std::vector<uint8_t> image_bytes = trainer::read_file(images);
  std::vector<uint8_t> label_bytes = trainer::read_file(labels);
  return trainer::dataset_from_idx({image_bytes.data(), image_bytes.size()}, images,
                                   {label_bytes.data(), label_bytes.size()}, labels);
}

std::string load_label_names(const std::string& folder) {
  std::string path = folder + "/labels.txt";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  uintmax_t size = std::filesystem::file_size(path, ignored);
  if (ignored || size > trainer::kMaxLabelBytes) {
    trainer::bad_input(path, ignored ? "is no file" : "has " + std::to_string(size) + " bytes",
                       "one name per line, at most 64 KiB");
  }
  std::vector<uint8_t> bytes = trainer::read_file(path);
  std::string names(bytes.begin(), bytes.end());
  std::erase(names, '\r');
  while (!names.empty() && names.back() == '\n') names.pop_back();
  return names;
}

}  // namespace mote
