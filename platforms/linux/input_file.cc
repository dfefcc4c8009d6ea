#include "input_file.h"

#include <algorithm>
#include <iterator>

#include "elements.h"
#include "failure.h"
#include "npy.h"
#include "text.h"
#include "training_data.h"

namespace mote::tool {
namespace {

bool is_floating(Type type) {
  return type == Type::float16 || type == Type::bfloat16 || type == Type::float32 ||
         type == Type::float64;
}

// By content, unless the bytes are exactly what the input takes and no suffix speaks.
std::string detect(const std::string& path, Span<const uint8_t> bytes, size_t input_bytes) {
  const std::string suffix = extension(path);
  if (suffix == ".npy") return "npy";
  for (const char* known : {".bmp", ".png", ".jpg", ".jpeg"}) {
    if (suffix == known) return "picture";
  }
  if (bytes.size == input_bytes) return "raw";
  if (is_npy(bytes)) return "npy";
  return is_picture(bytes) ? "picture" : "raw";
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

std::string load_raw(Runner& runner, const Port& port, Span<const uint8_t> bytes,
                     const std::string& subject) {
  const Span<uint8_t> input = runner.input(port);
  if (bytes.size != input.size) {
    bad_input(subject + ": has " + std::to_string(bytes.size) + " bytes; input '" + port.name +
              "' takes " + std::to_string(input.size) + " (" + type_name(port.info->type) + " " +
              text_of(runner.input_shape(port)) + "), a picture or a .npy file");
  }
  std::copy(bytes.begin(), bytes.end(), input.data);
  return "raw bytes";
}

}  // namespace

std::string load_input(Runner& runner, const Port& port, const std::string& path,
                       const InputOptions& options) {
  const Bytes file = read_file(path);
  const Span<const uint8_t> bytes = span_of(file);
  const std::string subject = subject_of(path);
  const std::string format =
      options.format == "auto" ? detect(path, bytes, runner.input(port).size) : options.format;
  if (format == "npy") return load_npy(runner, port, bytes, subject);
  if (format == "picture") {
    return load_pixels(runner, port, bytes, mapping_of(runner.model(), options.mapping), subject);
  }
  return load_raw(runner, port, bytes, subject);
}

}  // namespace mote::tool
