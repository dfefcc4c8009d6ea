// What training and evaluation ask of data before they begin.
#include "trainer/dataset.h"

#include <cmath>

#include "base/hash.h"
#include "trainer/failure.h"

namespace mote {

size_t Dataset::sample_elements() const {
  size_t n = 1;
  for (int32_t d : sample_shape) n *= static_cast<size_t>(d);
  return n;
}

namespace trainer {
namespace {

// 28x28x1 and 28x28 are the same elements in the same order.
std::vector<int32_t> without_ones(std::vector<int32_t> shape) {
  std::erase(shape, 1);
  return shape;
}

}  // namespace

std::string shape_text(const std::vector<int32_t>& shape) {
  std::string text;
  for (int32_t d : shape) text += (text.empty() ? "" : "x") + std::to_string(d);
  return text.empty() ? "scalar" : text;
}

void check_dataset(const Dataset& data, const std::vector<int32_t>& sample_shape, int32_t classes) {
  if (without_ones(data.sample_shape) != without_ones(sample_shape)) {
    bad_input(data.name,
              "the samples are " + shape_text(data.sample_shape) + ", the model takes " +
                  shape_text(sample_shape),
              "take data or a model of that size");
  }
  if (data.size() == 0) bad_input(data.name, "there are no samples", "give at least one");
  bool pixels = !data.pixels.empty();
  size_t have = pixels ? data.pixels.size() : data.values.size();
  if ((pixels && !data.values.empty()) || have != data.size() * data.sample_elements()) {
    bad_input(data.name, "there are " + std::to_string(data.pixels.size()) + " pixels and " +
                             std::to_string(data.values.size()) + " values, expected " +
                             std::to_string(data.size() * data.sample_elements()) + " of either");
  }
  for (size_t i = 0; i < data.size(); ++i) {
    if (data.labels[i] >= 0 && data.labels[i] < classes) continue;
    bad_input(data.labels_name.empty() ? data.name : data.labels_name,
              "label " + std::to_string(i) + " is " + std::to_string(data.labels[i]) +
                  ", the model has the classes 0 to " + std::to_string(classes - 1),
              "correct the labels or give the model more outputs");
  }
  for (size_t i = 0; i < data.values.size(); ++i) {
    if (!std::isfinite(data.values[i]))
      bad_input(data.name, "value " + std::to_string(i) + " is not finite");
  }
}

uint64_t fingerprint(const Dataset& data) {
  uint64_t hash = xxh64(data.sample_shape.data(), data.sample_shape.size() * sizeof(int32_t));
  hash = xxh64(data.pixels.data(), data.pixels.size(), hash);
  hash = xxh64(data.values.data(), data.values.size() * sizeof(float), hash);
  return xxh64(data.labels.data(), data.labels.size() * sizeof(int32_t), hash);
}

}  // namespace trainer
}  // namespace mote
