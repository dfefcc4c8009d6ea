#include "calibration_data.h"

#include <algorithm>
#include <filesystem>

#include "elements.h"
#include "failure.h"
#include "mote/train.h"
#include "mote/trainer.h"
#include "npy.h"
#include "reference_set.h"

namespace mote::tool {
namespace {

// As the model was trained; p / 255 where its file does not say.
Normalization normalization_of(const Bytes& bytes) {
  AlignedBytes aligned(span_of(bytes));
  Result<Model> model = Model::load({aligned.data(), aligned.size()}, training_operators());
  if (!model.ok()) return {};
  return parse_normalization(model.value().metadata(kNormalizationKey)).value_or(Normalization());
}

CalibrationData from_idx(const std::string& folder, const Bytes& model, size_t samples) {
  Dataset data;
  Normalization normalization;
  try {
    data = load_idx(folder, "train");
    normalization = normalization_of(model);
  } catch (const TrainingError& error) {
    bad_input(error.what());
  }
  const size_t count = std::min(data.size(), samples), elements = data.sample_elements();
  std::vector<float> values(count * elements);
  for (size_t i = 0; i < count; ++i)
    normalize(data, normalization, i * data.size() / count, 1, values.data() + i * elements);
  return {{std::move(values)}};
}

void append(Type type, const void* data, size_t count, std::vector<float>* out) {
  for (double v : stored_values(type, data, count)) out->push_back(static_cast<float>(v));
}

CalibrationData from_reference_set(const std::string& folder) {
  CalibrationData data;
  for (const ReferenceCase& c : load_reference_set(folder).cases) {
    data.inputs.resize(c.inputs.size());
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      const ReferenceTensor& t = c.inputs[i];
      append(t.type, t.bytes.data(), t.bytes.size() / type_bytes(t.type), &data.inputs[i]);
    }
  }
  return data;
}

std::vector<float> from_file(const std::string& path) {
  const Bytes bytes = read_file(path);
  std::vector<float> values;
  if (is_npy(span_of(bytes))) {
    const NpyArray array = parse_npy(span_of(bytes), path);
    append(array.type, array.data.data, array.data.size / type_bytes(array.type), &values);
    return values;
  }
  if (bytes.size() % sizeof(float) != 0)
    bad_input(path + ": neither a .npy file nor whole float32 values");
  append(Type::float32, bytes.data(), bytes.size() / sizeof(float), &values);
  return values;
}

}  // namespace

CalibrationData load_calibration_data(const std::vector<std::string>& paths, const Bytes& model,
                                      size_t samples) {
  if (paths.size() == 1 && std::filesystem::is_directory(paths[0])) {
    return std::filesystem::exists(paths[0] + "/golden.json") ? from_reference_set(paths[0])
                                                              : from_idx(paths[0], model, samples);
  }
  CalibrationData data;
  for (const std::string& path : paths) data.inputs.push_back(from_file(path));
  return data;
}

}  // namespace mote::tool
