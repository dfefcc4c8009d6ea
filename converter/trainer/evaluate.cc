// Accuracy and confusion matrix of a file.
#include "trainer/evaluate.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "ir/op_view.h"
#include "mote/train.h"
#include "trainer/dataset.h"
#include "trainer/entry_runner.h"
#include "trainer/failure.h"

namespace mote {
namespace trainer {
namespace {

// Of more classes nobody reads a confusion matrix, and its memory grows with their square.
constexpr size_t kMaxConfusion = 4096;

// Measuring must not change what it measures.
void refuse_training(const LoadedSession& loaded, const std::string& entry) {
  const Model& model = loaded.model();
  const EntryPointInfo& info = model.entry_point(loaded.entry_point(entry));
  for (uint32_t o = 0; o < model.operator_count(); ++o) {
    const OperatorInfo node = model.operator_info(o);
    const Operator* op = node.graph == info.graph ? ir::find_operator(node.code) : nullptr;
    if (op == nullptr || (op->flags & kWritesState) == 0) continue;
    wrong_use(loaded.name() + ", '" + entry + "'",
              std::string("changes the model's states (operator ") + node.name + ")",
              "evaluate with 'eval' or 'infer'");
  }
}

}  // namespace

Evaluation evaluate_entry(EntryRunner& runner, const Dataset& data, const SampleWriter& writer) {
  Evaluation e;
  e.classes = static_cast<size_t>(runner.classes());
  bool confusion = e.classes <= kMaxConfusion;
  if (confusion) e.confusion.assign(e.classes * e.classes, 0);
  std::vector<uint32_t> samples(data.size());
  std::iota(samples.begin(), samples.end(), 0u);
  double loss_sum = 0;
  size_t loss_samples = 0;
  auto batch = static_cast<size_t>(runner.batch());
  for (size_t first = 0; first < data.size(); first += batch) {
    size_t count = std::min(batch, data.size() - first);
    BatchResult r;
    require(runner.run(data, writer, &samples[first], nullptr, count, 0, &r), data.name);
    e.samples += count;
    e.correct += r.correct;
    const std::vector<int32_t>& predicted = runner.predictions();
    e.predictions.insert(e.predictions.end(), predicted.begin(), predicted.end());
    for (size_t i = 0; i < count && confusion; ++i) {
      auto truth = static_cast<size_t>(data.labels[first + i]);
      ++e.confusion[truth * e.classes + static_cast<size_t>(predicted[i])];
    }
    // A filled up batch has the loss of samples that do not count.
    if (count == batch || !runner.is_fixed_batch()) {
      loss_sum += r.loss * static_cast<double>(count);
      loss_samples += count;
    }
  }
  if (runner.has_loss() && loss_samples > 0) e.loss = loss_sum / static_cast<double>(loss_samples);
  return e;
}

}  // namespace trainer

Evaluation evaluate(Span<const uint8_t> file, const Dataset& data,
                    const EvaluationOptions& options) {
  using namespace trainer;
  auto start = std::chrono::steady_clock::now();
  std::string entry = options.entry_point;
  if (entry.empty()) {
    entry = "infer";
    AlignedBytes bytes(file);
    Model model = require(Model::load(bytes.span(), training_operators()), options.model_name);
    Result<uint32_t> eval = model.find_entry_point("eval");
    if (eval.ok() && model.entry_point(eval.value()).availability.ok()) entry = "eval";
  }
  LoadedSession loaded(file, {entry}, options.pool, options.isa, options.model_name);
  refuse_training(loaded, entry);
  EntryRunner runner(loaded, entry);
  check_dataset(data, runner.sample_shape(), runner.classes());
  Normalization normalization =
      parse_normalization(loaded.model().metadata(kNormalizationKey)).value_or(Normalization{});
  SampleWriter writer(data, normalization);
  Evaluation e = evaluate_entry(runner, data, writer);
  e.entry_point = entry;
  if (const char* labels = loaded.model().metadata("labels"); labels != nullptr)
    e.label_names = labels;
  e.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return e;
}

}  // namespace mote
