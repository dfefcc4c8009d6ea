#include "picture.h"

#include <stb_image.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "elements.h"
#include "failure.h"
#include "resize.h"
#include "text.h"

namespace mote::tool {
namespace {

struct Format {
  int height = 0;
  int width = 0;
  int channels = 1;
};

Format format_of(const Shape& shape, const std::string& subject) {
  const bool batched = shape.rank == 4 || (shape.rank == 3 && shape.dims[2] > 4);
  const int32_t* dims = shape.dims + (batched ? 1 : 0);
  const int rank = shape.rank - (batched ? 1 : 0);
  const bool usable = rank == 3 || (rank == 2 && batched);
  const Format format = {dims[0], dims[1], rank == 3 ? dims[2] : 1};
  if (!usable || (batched && shape.dims[0] != 1) || format.channels > 4) {
    bad_input(subject + ": a picture does not fit an input of shape " + text_of(shape) +
              "; expected 1 x height x width x 1 to 4 channels");
  }
  return format;
}

bool starts(Span<const uint8_t> bytes, std::initializer_list<uint8_t> magic) {
  return bytes.size >= magic.size() && std::equal(magic.begin(), magic.end(), bytes.data);
}

// stb takes zeros for the pixels that a BMP file lacks; the file's size follows "BM".
bool is_cut_bmp(Span<const uint8_t> bytes) {
  uint32_t size = 0;
  if (!starts(bytes, {'B', 'M'}) || bytes.size < 2 + sizeof size) return false;
  std::memcpy(&size, bytes.data + 2, sizeof size);
  return size > bytes.size;
}

double at(const std::vector<double>& values, size_t channel) {
  return values[values.size() == 1 ? 0 : channel];
}

void check_mapping(const PixelMapping& mapping, int channels) {
  for (const std::vector<double>* list : {&mapping.mean, &mapping.deviation}) {
    if (list->size() != 1 && list->size() != static_cast<size_t>(channels)) {
      wrong_use("--mean and --std take one value or one per channel; the input has " +
                std::to_string(channels) + " channels");
    }
  }
  for (const double value : mapping.deviation) {
    if (!(value > 0)) wrong_use("--std must be above 0");
  }
  const auto is_finite = [](double value) { return std::isfinite(value); };
  if (!is_finite(mapping.scale) ||
      !std::all_of(mapping.mean.begin(), mapping.mean.end(), is_finite) ||
      !std::all_of(mapping.deviation.begin(), mapping.deviation.end(), is_finite)) {
    wrong_use("--scale, --mean and --std must be finite");
  }
}

// NUMERICS.md, quantize; in double, as this is the host.
double quantized(double real, const TensorInfo& info) {
  const double low = info.type == Type::int8 ? -128 : 0;
  const double stored = std::nearbyint(real / info.quantization.scale()) +
                        static_cast<double>(info.quantization.zero_point());
  return std::clamp(stored, low, low + 255);
}

}  // namespace

bool is_picture(Span<const uint8_t> bytes) {
  return starts(bytes, {'B', 'M'}) || starts(bytes, {0x89, 'P', 'N', 'G'}) ||
         starts(bytes, {0xff, 0xd8, 0xff});
}

Pixels load_picture(Span<const uint8_t> file, const Shape& shape, const std::string& subject) {
  const Format format = format_of(shape, subject);
  if (file.size > INT32_MAX) bad_input(subject + ": the picture file is larger than 2 GiB");
  // stb knows more formats, which nobody has looked at here.
  if (!is_picture(file)) bad_input(subject + ": is no BMP, PNG or JPEG picture");
  if (is_cut_bmp(file)) bad_input(subject + ": the BMP file is cut");
  Pixels pixels;
  int found_channels = 0;
  const std::unique_ptr<stbi_uc, decltype(&stbi_image_free)> decoded(
      stbi_load_from_memory(file.data, static_cast<int>(file.size), &pixels.source_width,
                            &pixels.source_height, &found_channels, format.channels),
      stbi_image_free);
  if (decoded == nullptr) {
    bad_input(subject + ": is no readable BMP, PNG or JPEG picture (" + stbi_failure_reason() +
              ")");
  }
  if (pixels.source_width < 1 || pixels.source_height < 1) {
    bad_input(subject + ": the picture has no pixels");
  }
  const PictureSize found = {pixels.source_height, pixels.source_width};
  const size_t count = static_cast<size_t>(found.height) * static_cast<size_t>(found.width) *
                       static_cast<size_t>(format.channels);
  pixels.bytes =
      resize({decoded.get(), count}, found, {format.height, format.width}, format.channels);
  return pixels;
}

void map_pixels(const Pixels& pixels, const Shape& shape, const TensorInfo& info,
                const PixelMapping& mapping, Span<uint8_t> input) {
  const auto channels = static_cast<size_t>(format_of(shape, info.name).channels);
  check_mapping(mapping, static_cast<int>(channels));
  const bool is_float = info.type == Type::float32;
  const bool is_quantized = info.type == Type::int8 || info.type == Type::uint8;
  if (!is_float && !is_quantized) {
    bad_input("input '" + std::string(info.name) + "' has elements of type " +
              type_name(info.type) + "; pictures go into float32, int8 and uint8");
  }
  const bool by_value = is_float || (mapping.given && info.quantization.scale_count == 1);
  if (!by_value) {
    convert_elements(Type::uint8, pixels.bytes.data(), info.type, input.data, pixels.bytes.size());
    return;
  }
  std::vector<double> values(pixels.bytes.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t channel = i % channels;
    const double real = (mapping.scale * pixels.bytes[i] - at(mapping.mean, channel)) /
                        at(mapping.deviation, channel);
    values[i] = is_float ? real : quantized(real, info);
  }
  store_values(info.type, values, input.data);
}

}  // namespace mote::tool
