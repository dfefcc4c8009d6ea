#include "input_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "elements.h"
#include "failure.h"
#include "npy.h"
#include "sound.h"
#include "text.h"
#include "training_data.h"

namespace mote::tool {
namespace {

bool is_floating(Type type) {
  return type == Type::float16 || type == Type::bfloat16 || type == Type::float32 ||
         type == Type::float64;
}

// By content, unless the bytes are exactly what the input takes and no suffix speaks.
std::string detect(const std::string& suffix, Span<const uint8_t> bytes, size_t input_bytes) {
  if (suffix == ".npy") return "npy";
  for (const char* known : {".bmp", ".png", ".jpg", ".jpeg"}) {
    if (suffix == known) return "picture";
  }
  for (const char* known : {".wav", ".flac", ".ogg", ".aiff", ".au"}) {
    if (suffix == known) return "sound";
  }
  if (bytes.size == input_bytes) return "raw";
  if (is_npy(bytes)) return "npy";
  if (is_picture(bytes)) return "picture";
  return is_sound(bytes) ? "sound" : "raw";
}

void fill_from_floats(Runner& runner, const Port& port, const NpyArray& array,
                      const std::string& subject) {
  const auto count = static_cast<size_t>(array.shape.elements());
  const std::vector<double> values = stored_values(array.type, array.data.data, count);
  std::vector<float> floats(values.begin(), values.end());
  require(runner.session().write_float(runner.entry_point(), port.index, {floats.data(), count}),
          subject);
}

// The same elements in the same order: shapes that differ in dimensions of 1, or a plain list.
bool is_same_layout(const Shape& array, const Shape& input) {
  const auto longer_than_one = [](const Shape& shape) {
    std::vector<int32_t> dims;
    std::copy_if(shape.dims, shape.dims + shape.rank, std::back_inserter(dims),
                 [](int32_t dim) { return dim != 1; });
    return dims;
  };
  if (array.elements() != input.elements()) return false;
  return array.rank == 1 || longer_than_one(array) == longer_than_one(input);
}

std::string load_npy(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                     const std::string& subject) {
  const NpyArray array = parse_npy(bytes, subject);
  const int64_t elements = array.shape.elements();
  if (!port.info->bounds.is_static() || !is_same_layout(array.shape, runner.input_shape(port))) {
    runner.set_shape(port, array.shape);
  }
  const std::string text =
      std::string("npy, ") + type_name(array.type) + " " + text_of(array.shape);
  if (is_floating(array.type) && array.type != port.info->type) {
    fill_from_floats(runner, port, array, subject);
    return text;
  }
  if (!convert_elements(array.type, array.data.data, port.info->type, runner.input(port).data,
                        static_cast<size_t>(elements))) {
    bad_input(subject + ": elements of type " + type_name(array.type) + " do not fit input '" +
              port.name + "' of type " + type_name(port.info->type));
  }
  return text;
}

// What the user gives, else what the model was trained with.
PixelMapping mapping_of(const Model& model, const PixelMapping& given) {
  if (given.given) return given;
  const auto stored =
      with_failures([&] { return parse_normalization(model.metadata(kNormalizationKey)); });
  if (!stored) return given;
  PixelMapping mapping = given;
  mapping.given = true;
  mapping.mean.assign(stored->mean.begin(), stored->mean.end());
  mapping.deviation.assign(stored->deviation.begin(), stored->deviation.end());
  return mapping;
}

std::string load_pixels(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                        const PixelMapping& mapping, const std::string& subject) {
  Shape shape = runner.input_shape(port);
  if (shape.rank == 4 && !port.info->bounds.dims[0].is_static()) {
    shape.dims[0] = 1;  // one picture
    runner.set_shape(port, shape);
  }
  const Pixels pixels = load_picture(bytes, shape, subject);
  map_pixels(pixels, shape, *port.info, mapping, runner.input(port));
  return "picture, " + std::to_string(pixels.source_width) + "x" +
         std::to_string(pixels.source_height) + " pixels";
}

// One channel of samples, in the dimension that is dynamic or else the longest.
Shape shape_for_samples(const Port& port, size_t samples) {
  const ShapeBounds& bounds = port.info->bounds;
  Shape shape = bounds.max();
  int axis = -1;
  for (int i = 0; i < bounds.rank; ++i) {
    if (bounds.dims[i].is_static()) continue;
    shape.dims[i] = std::max(1, bounds.dims[i].min);  // one recording
    if (axis < 0 || bounds.dims[i].max > bounds.dims[axis].max) axis = i;
  }
  if (axis < 0) return shape;
  const int64_t wanted = static_cast<int64_t>(std::min<size_t>(samples, INT32_MAX));
  shape.dims[axis] = static_cast<int32_t>(
      std::clamp<int64_t>(wanted, bounds.dims[axis].min, bounds.dims[axis].max));
  return shape;
}

int sample_rate_of(const Model& model, const InputOptions& options) {
  const char* stored = model.metadata("sample_rate");
  if (options.sample_rate > 0 || stored == nullptr) return options.sample_rate;
  const std::string text = stored;
  int rate = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool valid = failed == std::errc() && end == text.data() + text.size() && rate > 0;
  if (!valid)
    bad_input("the model's metadata 'sample_rate' are '" + text + "'; give --sample-rate");
  return rate;
}

std::string load_samples(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                         const InputOptions& options, const std::string& subject) {
  Sound sound = load_sound(bytes, sample_rate_of(runner.model(), options), subject);
  const auto skipped = static_cast<size_t>(options.offset_seconds * sound.rate);
  if (skipped >= sound.samples.size()) {
    bad_input(subject + ": lasts " + number_text(double(sound.samples.size()) / sound.rate) +
              " s; the offset is " + number_text(options.offset_seconds) + " s");
  }
  sound.samples.erase(sound.samples.begin(),
                      sound.samples.begin() + static_cast<std::ptrdiff_t>(skipped));
  const Shape shape = shape_for_samples(port, sound.samples.size());
  runner.set_shape(port, shape);
  const size_t given = sound.samples.size();
  sound.samples.resize(static_cast<size_t>(shape.elements()), 0.0f);
  if (port.info->type == Type::int16 && !port.info->quantization.quantized()) {
    std::vector<double> stored(sound.samples.begin(), sound.samples.end());
    for (double& v : stored) v = std::clamp(std::nearbyint(v * 32768), -32768.0, 32767.0);
    store_values(Type::int16, stored, runner.input(port).data);
  } else {
    require(runner.session().write_float(runner.entry_point(), port.index,
                                         {sound.samples.data(), sound.samples.size()}),
            subject);
  }
  std::string text = "sound, " + std::to_string(sound.source_rate) + " Hz";
  if (sound.rate != sound.source_rate)
    text += " resampled to " + std::to_string(sound.rate) + " Hz";
  if (given < sound.samples.size()) text += ", padded with silence";
  if (given > sound.samples.size())
    text += ", the first " + std::to_string(sound.samples.size()) + " of " + std::to_string(given) +
            " samples";
  return text;
}

std::string load_raw(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                     const std::string& subject) {
  const Span<uint8_t> input = runner.input(port);
  if (bytes.size != input.size) {
    bad_input(subject + ": has " + std::to_string(bytes.size) + " bytes; input '" + port.name +
              "' takes " + std::to_string(input.size) + " (" + type_name(port.info->type) + " " +
              text_of(runner.input_shape(port)) + "), a picture, a sound or a .npy file");
  }
  std::copy(bytes.begin(), bytes.end(), input.data);
  return "raw bytes";
}

}  // namespace

std::string load_input(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                       const std::string& suffix, const std::string& subject,
                       const InputOptions& options) {
  const std::string format =
      options.format == "auto" ? detect(suffix, bytes, runner.input(port).size) : options.format;
  if (format == "npy") return load_npy(runner, port, bytes, subject);
  if (format == "sound") return load_samples(runner, port, bytes, options, subject);
  if (format == "picture") {
    return load_pixels(runner, port, bytes, mapping_of(runner.model(), options.mapping), subject);
  }
  return load_raw(runner, port, bytes, subject);
}

std::string load_input(Runner& runner, const Port& port, const std::string& path,
                       const InputOptions& options) {
  const Bytes file = read_file(path);
  return load_input(runner, port, span_of(file), extension(path), subject_of(path), options);
}

}  // namespace mote::tool
