#include "trainer/entry_runner.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "trainer/failure.h"

namespace mote::trainer {

EntryRunner::EntryRunner(LoadedSession& loaded, const std::string& entry_point)
    : loaded_(loaded), entry_(loaded.entry_point(entry_point)) {
  read_ports();
  elements_ = 1;
  for (int32_t d : sample_shape()) elements_ *= static_cast<size_t>(d);
  batch_ = input_shape_.dims[0].max;
  fixed_ = input_shape_.dims[0].min == batch_;
  current_ = batch_;
}

void EntryRunner::read_ports() {
  const Model& model = loaded_.model();
  const EntryPointInfo& info = model.entry_point(entry_);
  std::string where = loaded_.name() + ", '" + info.name + "'";
  if (info.inputs.empty() || info.outputs.empty())
    bad_input(where, "has no inputs or no outputs", "a classifier has an input and an output");
  input_shape_ = model.tensor(info.inputs[0].tensor).bounds;
  bool fits = input_shape_.rank >= 1;
  for (int i = 1; i < input_shape_.rank; ++i) fits = fits && input_shape_.dims[i].is_static();
  for (uint32_t i = 1; i < info.inputs.size; ++i) {
    std::string name = info.inputs[i].name;
    const TensorInfo& port = model.tensor(info.inputs[i].tensor);
    if (name == "target") {
      target_ = i;
      fits = fits && port.type == Type::int32 && port.bounds.rank == 1;
    } else if (name == "learning_rate") {
      rate_ = i;
      fits = fits && port.type == Type::float32 && port.max_bytes == sizeof(float);
    } else {
      bad_input(where, "has a second input '" + name + "'", "one input of samples is expected");
    }
  }
  bool found = false;
  for (uint32_t i = 0; i < info.outputs.size; ++i) {
    if (std::string(info.outputs[i].name) == "loss" && target_) {
      loss_ = i;
      fits = fits && model.tensor(info.outputs[i].tensor).type == Type::float32;
    } else if (!found) {
      found = true;
      output_ = i;
    }
  }
  if (!found) bad_input(where, "has no output besides the loss");
  const ShapeBounds& out = model.tensor(info.outputs[output_].tensor).bounds;
  fits = fits && out.rank == 2 && out.dims[1].is_static();
  if (!fits) {
    bad_input(where, "its inputs or outputs are not those of a classifier",
              "expected samples [batch, ...], target int32 [batch] and scores [batch, classes]");
  }
  classes_ = out.dims[1].max;
}

std::vector<int32_t> EntryRunner::sample_shape() const {
  std::vector<int32_t> shape;
  for (int i = 1; i < input_shape_.rank; ++i) shape.push_back(input_shape_.dims[i].max);
  return shape;
}

void EntryRunner::set_batch(int32_t count) {
  if (count == current_) return;
  Span<const PortInfo> inputs = loaded_.model().entry_point(entry_).inputs;
  std::vector<Shape> shapes;
  for (uint32_t i = 0; i < inputs.size; ++i) {
    shapes.push_back(loaded_.model().tensor(inputs[i].tensor).bounds.max());
    if (i == 0 || i == target_) shapes.back().dims[0] = count;
  }
  require(loaded_.session().set_shapes(entry_, {shapes.data(), shapes.size()}), loaded_.name());
  current_ = count;
}

void EntryRunner::write_samples(const SampleWriter& writer, const uint32_t* samples,
                                const uint8_t* flips, size_t count, size_t padded) {
  Session& session = loaded_.session();
  buffer_.resize(padded * elements_);
  for (size_t i = 0; i < padded; ++i) {
    size_t from = std::min(i, count - 1);
    writer.write(samples[from], flips != nullptr && flips[from] != 0,
                 buffer_.data() + i * elements_);
  }
  require(session.write_float(entry_, 0, {buffer_.data(), buffer_.size()}), loaded_.name());
}

void EntryRunner::read_predictions(size_t count) {
  auto classes = static_cast<size_t>(classes_);
  scores_.resize(static_cast<size_t>(current_) * classes);
  require(loaded_.session().read_float(entry_, output_, {scores_.data(), scores_.size()}),
          loaded_.name());
  predictions_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    const float* row = scores_.data() + i * classes;
    predictions_[i] = static_cast<int32_t>(std::max_element(row, row + classes) - row);
  }
}

Status EntryRunner::run(const Dataset& data, const SampleWriter& writer, const uint32_t* samples,
                        const uint8_t* flips, size_t count, float rate, BatchResult* result) {
  Session& session = loaded_.session();
  if (!fixed_) set_batch(static_cast<int32_t>(count));
  auto padded = static_cast<size_t>(current_);
  write_samples(writer, samples, flips, count, padded);
  if (target_) {
    labels_.resize(padded);
    for (size_t i = 0; i < padded; ++i) labels_[i] = data.labels[samples[std::min(i, count - 1)]];
    Span<uint8_t> target = require(session.input(entry_, *target_), loaded_.name());
    memcpy(target.data, labels_.data(), std::min(target.size, padded * sizeof(int32_t)));
  }
  if (rate_) require(session.write_float(entry_, *rate_, {&rate, 1}), loaded_.name());
  MOTE_TRY(session.run(entry_));
  read_predictions(count);
  *result = {};
  for (size_t i = 0; i < count; ++i)
    result->correct += predictions_[i] == data.labels[samples[i]] ? 1 : 0;
  if (loss_) {
    float loss = 0;
    require(session.read_float(entry_, *loss_, {&loss, 1}), loaded_.name());
    result->loss = static_cast<double>(loss);
  }
  return {};
}

}  // namespace mote::trainer
