// Converting models of other formats to .mote files. Desktop only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mote/types.h"

namespace mote {

// One complaint, with its place and what to do.
struct Diagnostic {
  std::string where;   // "subgraph 0, operator 12 (CONV_2D), tensor 'x'"
  std::string what;    // what was expected, what was found
  std::string remedy;  // what to do; may be empty
};

enum class Loss {
  softmax_cross_entropy,  // of logits [..., classes] and labels int32 [...]: mean over the labels
  mse,                    // of prediction and target of equal shape: mean over the elements
};
enum class Optimizer { sgd, adam, adamw };

// What `train` and `eval` of a trainable model compute. Everything is fixed in the file but the
// learning rate, which is an input of `train`.
struct TrainingOptions {
  Loss loss = Loss::softmax_cross_entropy;
  float label_smoothing = 0;  // softmax_cross_entropy: 0 to 1
  Optimizer optimizer = Optimizer::sgd;
  float momentum = 0.9f;  // sgd
  bool nesterov = false;  // sgd
  float beta1 = 0.9f;     // adam, adamw
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0;        // adamw: of the parameters; else added to the gradient
  int32_t train_batch = 1;       // samples of a step; `eval` takes 1 to this many
  bool train_batch_norm = true;  // by the batch's statistics; false: by the running ones
  uint64_t seed = 0;             // of dropout
};

class CustomOperator;

// What a custom operator of source models is made of here: mote/custom_operator.h.
struct CustomImporter {
  enum class Format { any, tflite, onnx };
  Format format = Format::any;
  // TFLite: the operator's custom code. ONNX: domain and type, "com.example.Scale"; also an
  // operator that Mote knows, or a function of the model.
  std::string name;
  // Called once per operator of this name, from the thread that converts.
  std::function<void(CustomOperator&)> import;
};

struct ConvertOptions {
  // Bounds of inputs by port name, for dynamic dimensions or another batch size. The rank must be
  // the input's. Inputs that are not named keep the static shape of the source.
  std::map<std::string, ShapeBounds> input_shapes;
  // ONNX: bounds of the inputs' dimensions that are not known, by their name in the model
  // ("batch"), else by the input's name and place ("x.dim0"). input_shapes comes first.
  std::map<std::string, Dim> dimension_bounds;
  // Inputs that become constants, by name: their elements, or one for all; none (ONNX): it has no
  // elements. They are no ports of the file; what depends on them alone is computed now.
  std::map<std::string, std::vector<double>> fixed_inputs;
  // ONNX: where files with weights beside the model are looked for; nothing outside of it is read.
  // Empty: a model with such files is refused.
  std::string external_data_directory;
  // ONNX: float64 becomes float32, at the ports too; a number that float32 cannot hold becomes
  // infinite. Off: a model with float64 is refused.
  bool double_as_float = false;
  // ONNX: the result of a NonMaxSuppression has as many rows as it may have at most, zeros at last,
  // and the model one more output, "<the result's name>.count" int32 [1]: how many rows count. What
  // the model computes from the rows behind is of no meaning. Off: such a model is refused.
  bool pad_selections = false;
  // Importers of operators; the first that fits comes before Mote's own.
  std::vector<CustomImporter> custom_operators;
  // Entries for the file's metadata ("licence", "labels", ...); "provenance" is written by the
  // converter unless it is given here.
  std::map<std::string, std::string> metadata;
  // Activations are fused, constants folded, cancelling operators removed. Off: the operators of
  // the source stay as they are, for comparing layer by layer.
  bool optimize = true;
  // A loop whose number of steps is not known when the model is converted fails at run after these.
  int32_t max_loop_steps = 1'000'000;
  // The file gets the entry points `train` and `eval` beside `infer`, and the weights and biases of
  // a float model become states that they share. Quantized models are refused.
  bool trainable = false;
  TrainingOptions training;
};

struct ConvertResult {
  std::vector<uint8_t> bytes;           // the .mote file; empty when there are diagnostics
  std::vector<Diagnostic> diagnostics;  // everything that is wrong, not only the first
  bool ok() const { return diagnostics.empty(); }
  // One line per diagnostic: "where: what (remedy)".
  std::string text() const;
};

// Converts a model whose format is told by its first bytes: a TFLite or ONNX file is converted, a
// .mote file is verified and passed through. `bytes` may hold anything: every malformed or
// unsupported input ends in diagnostics. Thread-safe; `bytes` is only read during the call.
ConvertResult convert(Span<const uint8_t> bytes, const ConvertOptions& options = {});

// The same in less memory: the bytes are freed as soon as they have been read.
ConvertResult convert_owned(std::vector<uint8_t> bytes, const ConvertOptions& options = {});

// Converts a TensorFlow Lite file (schema version 3). One entry point per signature, else one for
// subgraph 0, named "infer" when it is the only one. Legacy uint8 quantization becomes int8
// inside; ports keep their types. Integer results equal LiteRT's with XNNPACK (NUMERICS.md).
ConvertResult convert_tflite(Span<const uint8_t> bytes, const ConvertOptions& options = {});

// Converts an ONNX model (operator sets 7 to 23): one entry point, "infer", with the model's inputs
// and outputs as ports. Sizes that the model leaves open need bounds (see the options). Float
// results agree with ONNX Runtime's within rounding.
ConvertResult convert_onnx(Span<const uint8_t> bytes, const ConvertOptions& options = {});

// ---- Proof ----

// Inputs of one run, in the order of the entry point's: raw little-endian elements and shapes.
struct ProofCase {
  std::vector<Shape> shapes;
  std::vector<std::vector<uint8_t>> inputs;
};

// A value of the result against the one of the same name in the source, over all cases.
struct LayerError {
  std::string name;
  std::string where;  // the source's operator that computes it
  std::string op;     // Mote's operator
  Type type = Type::float32;
  size_t elements = 0;
  double max_error = 0;            // largest |result - source| / max(1, |source|), of real values
  double relative_l2 = 0;          // |result - source| / |source|
  std::optional<int64_t> max_lsb;  // of quantized values
};

struct ProofResult {
  std::vector<LayerError> layers;  // worst max_error first
  size_t unmatched = 0;            // values of the result that the source does not have
  std::vector<Diagnostic> diagnostics;
  bool ok() const { return diagnostics.empty(); }
};

// Runs the source's graph as it was imported, before any pass, on the reference kernels, and the
// converted model on the kernels for this machine, and compares every value that both have. States
// begin at their initial values in each case. Thread-safe.
ProofResult prove(Span<const uint8_t> source, const ConvertOptions& options,
                  const std::vector<ProofCase>& cases, const std::string& entry_point = "infer");

// ---- Quantization ----

// Real values of typical inputs, before quantization. For each input of the entry point, in order:
// all samples, one after the other, as float32 (whole numbers for integer inputs). A sample has
// the input's shape; a dynamic first dimension counts samples.
struct CalibrationData {
  std::vector<std::vector<float>> inputs;
};

struct QuantizeOptions {
  std::string entry_point = "infer";
  std::string observer = "min_max";  // or moving_average: rare outliers are clipped
  size_t samples = 512;              // at most, spread evenly over the data
  size_t report_samples = 32;        // of these, for comparing with the float model
  bool int8_ports = false;           // else float32 ports, with quantize and dequantize behind
  // A trainable .mote file stays one: weights stay float32 states, and `infer` reads int8 states
  // that a derive graph computes from them with the scales chosen here.
  bool trainable = false;
  std::map<std::string, std::string> metadata;  // as ConvertOptions::metadata
};

// A value that became int8.
struct QuantizedTensor {
  std::string name;
  std::string where;  // the operator that computes it; empty: an input
  float scale = 0;
  int32_t zero_point = 0;
  float min = 0, max = 0;  // of the float values seen
  double sqnr_db = 0;      // signal to quantization noise against the float model
  double max_error = 0;
};
struct FloatOperator {
  std::string where;
  std::string op;  // "batch_matmul"
  std::string reason;
};
struct QuantizeResult : ConvertResult {
  std::vector<QuantizedTensor> tensors;        // worst signal to noise first
  std::vector<FloatOperator> float_operators;  // that stayed as they are, in order
  size_t int8_operators = 0;
  size_t samples = 0;  // used for calibration
};

// Quantizes a float model (TFLite or .mote) to int8 after training: activations per tensor, weights
// per output channel, biases int32 (core/NUMERICS.md, 3). The file has the entry point alone, named
// "infer"; with `trainable` it keeps the others. The same bytes, options and data give the
// same file on one kind of processor. Thread-safe.
QuantizeResult quantize(Span<const uint8_t> bytes, const QuantizeOptions& options,
                        const CalibrationData& calibration);

}  // namespace mote
