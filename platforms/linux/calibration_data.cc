#include "calibration_data.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "elements.h"
#include "failure.h"
#include "loaded_model.h"
#include "mote/train.h"
#include "mote/trainer.h"
#include "npy.h"
#include "reference_set.h"

namespace mote::tool {
namespace {

using Dims = std::vector<int64_t>;

// What data must know of a model. Empty where it cannot be loaded: quantizing it says why.
struct ModelInputs {
  Normalization normalization;  // as the model was trained; p / 255 where its file does not say
  std::vector<ShapeBounds> shapes;
};

ModelInputs inputs_of(const Bytes& bytes, const std::string& entry_point) {
  ModelInputs inputs;
  AlignedBytes aligned(span_of(bytes));
  Result<Model> loaded = Model::load({aligned.data(), aligned.size()}, training_operators());
  if (!loaded.ok()) return inputs;
  const Model& model = loaded.value();
  inputs.normalization =
      parse_normalization(model.metadata(kNormalizationKey)).value_or(Normalization());
  Result<uint32_t> entry = model.find_entry_point(entry_point.c_str());
  if (!entry.ok()) return inputs;
  for (const PortInfo& port : model.entry_point(entry.value()).inputs)
    inputs.shapes.push_back(model.tensor(port.tensor).bounds);
  return inputs;
}

ModelInputs inputs_of_file(const std::string& path, const Bytes& bytes,
                           const std::string& entry_point) {
  if (!is_source(path, span_of(bytes))) return inputs_of(bytes, entry_point);
  try {
    return inputs_of(convert_source(subject_of(path), span_of(bytes), {}), entry_point);
  } catch (const Failure&) {
    return {};
  }
}

int64_t product(const Dims& dims) {
  int64_t n = 1;
  for (int64_t d : dims) n *= d;
  return n;
}

// One sample of an input: the first dimension counts samples, unless it is all there is.
Dims sample_dims(const ShapeBounds& input) {
  Dims dims;
  for (int i = 0; i < input.rank; ++i) {
    if (i > 0 || (input.rank == 1 && input.dims[0].is_static())) dims.push_back(input.dims[i].max);
  }
  return dims;
}

std::string text_of_dims(const Dims& dims) {
  std::string text;
  for (int64_t d : dims) text += (text.empty() ? "" : "x") + std::to_string(d);
  return text.empty() ? "scalar" : text;
}

// Dimensions of 1 say nothing of the order of elements. A sample may also be a plain list.
bool holds_samples(Dims found, Dims sample) {
  const int64_t elements = product(sample);
  std::erase(found, 1);
  std::erase(sample, 1);
  const Dims list = elements == 1 ? Dims{} : Dims{elements};
  auto ends_with = [&](const Dims& end) {
    // Before a sample's dimensions: their number, or runs of a fixed batch and the batch.
    return found.size() >= end.size() && found.size() <= end.size() + 2 &&
           std::equal(end.rbegin(), end.rend(), found.rbegin());
  };
  return ends_with(sample) || ends_with(list);
}

void require_samples(const std::string& name, const Dims& found, const ModelInputs& inputs,
                     size_t input) {
  if (input >= inputs.shapes.size()) return;
  for (int i = 0; i < inputs.shapes[input].rank; ++i) {
    if (i > 0 && !inputs.shapes[input].dims[i].is_static()) return;
  }
  const Dims sample = sample_dims(inputs.shapes[input]);
  if (holds_samples(found, sample)) return;
  bad_input(name + ": the array is " + text_of_dims(found) + ", expected samples of " +
            text_of_dims(sample) + " for input " + std::to_string(input) +
            "; resize the samples, or give them as Nx" + text_of_dims(sample));
}

Dims dims_of(const Shape& shape) { return {shape.dims, shape.dims + shape.rank}; }

CalibrationData from_idx(const std::string& folder, const ModelInputs& inputs, size_t samples) {
  Dataset data;
  try {
    data = load_idx(folder, "train");
  } catch (const TrainingError& error) {
    bad_input(error.what());
  }
  Dims found = {static_cast<int64_t>(data.size())};
  found.insert(found.end(), data.sample_shape.begin(), data.sample_shape.end());
  require_samples(data.name, found, inputs, 0);
  const size_t count = std::min(data.size(), samples), elements = data.sample_elements();
  std::vector<float> values(count * elements);
  for (size_t i = 0; i < count; ++i)
    normalize(data, inputs.normalization, i * data.size() / count, 1, values.data() + i * elements);
  return {{std::move(values)}};
}

void append(Type type, const void* data, size_t count, std::vector<float>* out) {
  for (double v : stored_values(type, data, count)) out->push_back(static_cast<float>(v));
}

CalibrationData from_reference_set(const std::string& folder, const ModelInputs& inputs) {
  CalibrationData data;
  for (const ReferenceCase& c : load_reference_set(folder).cases) {
    data.inputs.resize(c.inputs.size());
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      const ReferenceTensor& t = c.inputs[i];
      require_samples(folder, dims_of(t.shape), inputs, i);
      append(t.type, t.bytes.data(), t.bytes.size() / type_bytes(t.type), &data.inputs[i]);
    }
  }
  return data;
}

void require_finite(const std::vector<float>& values, const std::string& path) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) continue;
    bad_input(path + ": element " + std::to_string(i) + " is " +
              (std::isnan(values[i]) ? "NaN" : "infinite") + "; remove such samples from the data");
  }
}

// A device may never end.
void refuse_device(const std::string& path) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  if (path != "-" &&
      (kind == std::filesystem::file_type::character || kind == std::filesystem::file_type::block))
    bad_input(path + ": is a device, expected a file");
}

std::vector<float> from_file(const std::string& path, const ModelInputs& inputs, size_t input) {
  refuse_device(path);
  const Bytes bytes = read_file(path);
  std::vector<float> values;
  if (is_npy(span_of(bytes))) {
    const NpyArray array = parse_npy(span_of(bytes), path);
    require_samples(path, dims_of(array.shape), inputs, input);
    append(array.type, array.data.data, array.data.size / type_bytes(array.type), &values);
    require_finite(values, path);
    return values;
  }
  if (bytes.size() % sizeof(float) != 0)
    bad_input(path + ": neither a .npy file nor whole float32 values");
  append(Type::float32, bytes.data(), bytes.size() / sizeof(float), &values);
  require_finite(values, path);
  return values;
}

}  // namespace

CalibrationData load_calibration_data(const std::vector<std::string>& paths,
                                      const std::string& model_path, const Bytes& model,
                                      const std::string& entry_point, size_t samples) {
  const ModelInputs inputs = inputs_of_file(model_path, model, entry_point);
  if (paths.size() == 1 && std::filesystem::is_directory(paths[0])) {
    return std::filesystem::exists(paths[0] + "/golden.json") ? from_reference_set(paths[0], inputs)
                                                              : from_idx(paths[0], inputs, samples);
  }
  CalibrationData data;
  for (const std::string& path : paths)
    data.inputs.push_back(from_file(path, inputs, data.inputs.size()));
  return data;
}

}  // namespace mote::tool
