// Building, training and evaluating small networks. Desktop only. Everything that goes wrong is a
// TrainingError. Results are functions of model, data and options alone: the same bits for any
// number of threads, after any interruption.
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "mote/converter.h"
#include "mote/session.h"

namespace mote {

class TrainingError : public std::runtime_error {
 public:
  enum class Kind {
    wrong_use,  // options that do not fit each other, the model or the run folder
    bad_input,  // a file that is missing, damaged or does not fit; the system failed
  };
  TrainingError(Kind kind, std::vector<Diagnostic> diagnostics);
  Kind kind() const { return kind_; }
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  Kind kind_;
  std::vector<Diagnostic> diagnostics_;
};

// ---- Data ----

// Samples of one shape, each with a class. Either `pixels`, where p stands for p / 255, or `values`
// holds the elements, sample after sample.
struct Dataset {
  std::string name;                   // for messages: where it came from
  std::vector<int32_t> sample_shape;  // [h, w, c]
  std::vector<uint8_t> pixels;
  std::vector<float> values;
  std::vector<int32_t> labels;
  std::string labels_name;  // as `name`; empty: `name`
  size_t size() const { return labels.size(); }
  size_t sample_elements() const;
};

// Reads FOLDER/SPLIT-images-idx3-ubyte and FOLDER/SPLIT-labels-idx1-ubyte, with or without `.gz`;
// `split` is "train" or "t10k" (IDX: the format of MNIST, yann.lecun.com/exdb/mnist). Pictures of
// several channels have four dimensions (n, h, w, c), `-images-idx4-ubyte`.
Dataset load_idx(const std::string& folder, const std::string& split);
// The names of the classes in FOLDER/labels.txt, one per line; empty without that file. At most
// 64 KiB; ends of lines may be those of Windows.
std::string load_label_names(const std::string& folder);

// What the model's input is of a value v: (v - mean) / deviation, in float32; one number for all
// channels or one per channel. Stored in the metadata under kNormalizationKey.
struct Normalization {
  std::vector<float> mean = {0};
  std::vector<float> deviation = {1};
};
inline constexpr const char* kNormalizationKey = "normalization";
std::string normalization_text(const Normalization& normalization);
// Nothing when `text` is null. Error: bad_input.
std::optional<Normalization> parse_normalization(const char* text);
// Writes `count` samples, beginning at `first`, as the model's input takes them.
void normalize(const Dataset& data, const Normalization& normalization, size_t first, size_t count,
               float* out);

// ---- Models ----

enum class Initializer {
  he_uniform,      // He et al. 2015: +-sqrt(6 / fan in)
  glorot_uniform,  // Glorot and Bengio 2010: +-sqrt(6 / (fan in + fan out))
  zeros,
};

struct ConvolutionOptions {
  int32_t stride = 1;
  int32_t padding = 0;  // zeros on all four sides
  int32_t dilation = 1;
  int32_t groups = 1;      // conv2d
  int32_t multiplier = 1;  // depthwise_conv2d: outputs per channel
  bool bias = true;
  Initializer initializer = Initializer::he_uniform;
};
struct DenseOptions {
  bool bias = true;
  Initializer initializer = Initializer::he_uniform;
};
struct BatchNormOptions {
  float epsilon = 1e-5f;
  float momentum = 0.1f;  // share of the batch in the running statistics
};
struct PoolOptions {
  int32_t stride = 0;  // 0: the window
  int32_t padding = 0;
};

// One layer of a Sequential, as the calls below describe it.
struct Layer {
  enum class Kind {
    conv2d,
    depthwise_conv2d,
    dense,
    batch_norm,
    activation,
    softmax,
    dropout,
    max_pool2d,
    avg_pool2d,
    global_average_pool,
    flatten
  };
  Kind kind;
  std::string name;    // "conv2d_1"
  int32_t size = 0;    // filters, units, activation
  int32_t window = 0;  // kernel or pool, height and width
  ConvolutionOptions convolution;
  DenseOptions dense;
  BatchNormOptions batch_norm;
  PoolOptions pool;
  float rate = 0;                     // dropout
  std::vector<int32_t> output_shape;  // without the batch
  int64_t parameters = 0;             // trainable ones
};

// Layers one after the other:
//   Sequential model({28, 28, 1});
//   model.conv2d(24, 3, {.padding = 1, .bias = false}).batch_norm().relu().max_pool2d(2);
//   model.flatten().dense(10);
// A layer that does not fit the one before it is an error at once. Shapes have no batch dimension.
class Sequential {
 public:
  explicit Sequential(std::vector<int32_t> sample_shape);
  Sequential& conv2d(int32_t filters, int32_t kernel, const ConvolutionOptions& options = {});
  Sequential& depthwise_conv2d(int32_t kernel, const ConvolutionOptions& options = {});
  Sequential& dense(int32_t units, const DenseOptions& options = {});
  Sequential& batch_norm(const BatchNormOptions& options = {});
  Sequential& relu();
  Sequential& relu6();
  Sequential& sigmoid();
  Sequential& tanh();
  Sequential& softmax();  // only as the last layer; the loss is taken of what comes before it
  Sequential& dropout(float rate);
  Sequential& max_pool2d(int32_t window, const PoolOptions& options = {});
  Sequential& avg_pool2d(int32_t window, const PoolOptions& options = {});
  Sequential& global_average_pool();
  Sequential& flatten();

  const std::vector<int32_t>& input_shape() const { return input_shape_; }
  const std::vector<int32_t>& output_shape() const;
  int64_t parameter_count() const;
  const std::vector<Layer>& layers() const { return layers_; }
  std::string summary() const;  // a table for people

 private:
  Sequential& add(Layer layer);
  std::vector<int32_t> input_shape_;
  std::vector<Layer> layers_;
};

// ---- Training ----

// The rate of step `step` of `steps`, from 0: constant; linear from `rate` to `final_rate`;
// one_cycle linearly up to `rate` over the share `warm_up` of the steps, then linearly down to 0.
struct Schedule {
  enum class Kind { constant, linear, one_cycle };
  Kind kind = Kind::constant;
  double rate = 1e-3;
  double final_rate = 0;
  double warm_up = 0.2;
};
float learning_rate(const Schedule& schedule, int64_t step, int64_t steps);

struct EpochRecord {
  int64_t epoch = 0;  // from 1
  double loss = 0;    // means over the epoch's training samples
  double accuracy = 0;
  double validation_loss = 0;
  double validation_accuracy = 0;
  double rate = 0;  // of the last step
};

// What a plan takes before the first step.
struct PlannedMemory {
  struct Entry {
    std::string name;  // "train"
    uint64_t arena_bytes = 0;
  };
  std::vector<Entry> entries;
  uint64_t arena_bytes = 0;   // the largest: all entry points share it
  uint64_t state_bytes = 0;   // parameters, running statistics, the optimizer's
  uint64_t packed_bytes = 0;  // weights rearranged for kernels
};

struct TrainingProgress {
  enum class Event { planned, resumed, step, epoch_done };
  Event event = Event::step;
  int64_t epoch = 0, epochs = 0;          // from 1
  int64_t step = 0, steps = 0;            // done, within the epoch
  double loss = 0, accuracy = 0;          // of the epoch so far
  double seconds_left = 0;                // of the whole training
  double epoch_seconds = 0;               // epoch_done: of the part that this process ran
  const EpochRecord* record = nullptr;    // epoch_done
  const PlannedMemory* memory = nullptr;  // planned
};

struct FitOptions {
  int64_t epochs = 10;
  // Loss (softmax_cross_entropy), optimizer, batch. Samples that do not fill the last batch of an
  // epoch are left out; `training.seed` is set to `seed`.
  TrainingOptions training;
  uint64_t seed = 0;  // of the initial weights, the order of the samples, flips and dropout
  Schedule schedule;
  bool flips = false;  // half of the samples are mirrored, left to right
  Normalization normalization;
  std::string recipe;       // a name for the checkpoint
  std::string label_names;  // for the model's metadata, one per line: as many as classes
  std::string model_name = "the model";  // for messages

  // Checkpoints best.mote and last.mote, history.json and history.csv; empty: nothing is written.
  std::string folder;
  bool resume = false;             // go on from last.mote
  bool force = false;              // `folder` may exist; its checkpoints are replaced
  int64_t checkpoint_steps = 0;    // besides the end of each epoch; 0: no
  double checkpoint_seconds = 60;  // the same in time; 0: no

  // What the results do not depend on.
  ThreadPool pool;
  Isa isa = Isa::automatic;
  std::function<bool()> stop;  // asked after each step; true ends with a checkpoint
  std::function<void(const TrainingProgress&)> progress;
};

struct FitResult {
  std::vector<EpochRecord> history;
  double best_accuracy = 0;    // of validation
  bool stopped = false;        // by FitOptions::stop
  std::vector<uint8_t> model;  // the .mote file after the last step, with `train`, `eval`, `infer`
  std::vector<uint8_t> best;   // that of the best validation accuracy so far
};

// Trains with softmax cross-entropy and validates after each epoch.
FitResult fit(const Sequential& model, const Dataset& train, const Dataset& validation,
              const FitOptions& options);
// The same for the bytes of a .mote file with the entry points `train` and `eval`, whose batch,
// optimizer and initial states are the file's; `options.training` does not count, and
// `options.normalization` only if the file has none.
FitResult fit(Span<const uint8_t> model, const Dataset& train, const Dataset& validation,
              const FitOptions& options);

// What belongs together under a name: a model and how it is trained.
struct Recipe {
  const char* name;
  const char* description;
  Sequential (*model)();
  FitOptions (*options)();
};
Span<const Recipe> recipes();

// ---- Evaluation ----

struct Evaluation {
  size_t samples = 0;
  size_t correct = 0;
  std::optional<double> loss;  // where the file has `eval`
  size_t classes = 0;
  std::vector<uint64_t>
      confusion;  // classes x classes: true class, then predicted; empty beyond 4096 classes
  std::vector<int32_t> predictions;  // of every sample
  double seconds = 0;
  std::string entry_point;  // that was used
  std::string label_names;  // of the file's metadata, one per line
  double accuracy() const { return samples ? double(correct) / double(samples) : 0; }
};
struct EvaluationOptions {
  std::string entry_point;  // empty: `eval` where this build can run it, else `infer`
  ThreadPool pool;
  Isa isa = Isa::automatic;
  std::string model_name = "the model";  // for messages
};
// Runs every sample; float32, int8 and uint8 inputs and outputs. The first output's arg max is the
// prediction.
Evaluation evaluate(Span<const uint8_t> model, const Dataset& data,
                    const EvaluationOptions& options = {});

}  // namespace mote
