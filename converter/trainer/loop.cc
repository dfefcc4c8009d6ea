#include "trainer/loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

#include "base/hash.h"
#include "export/exporter.h"
#include "trainer/checkpoint.h"
#include "trainer/dataset.h"
#include "trainer/evaluate.h"
#include "trainer/failure.h"
#include "trainer/run_folder.h"
#include "trainer/settings.h"

namespace mote::trainer {
namespace {

using Time = std::chrono::steady_clock;

double seconds_since(Time::time_point start) {
  return std::chrono::duration<double>(Time::now() - start).count();
}

std::vector<uint8_t> bytes_of(const ir::Module& module) {
  Diagnostics diagnostics;
  std::vector<uint8_t> bytes = export_module(module, diagnostics);
  require(diagnostics);
  return bytes;
}

void require_options(const FitOptions& o) {
  const Schedule& s = o.schedule;
  auto refuse = [](const char* what, const char* remedy) {
    wrong_use("the options", what, remedy);
  };
  if (o.epochs < 1 || o.epochs > 1000000) refuse("the epochs are out of range", "1 to 1000000");
  if (!(s.rate > 0) || !std::isfinite(s.rate)) refuse("the rate is not above 0", "such as 0.001");
  if (!(s.final_rate >= 0) || !std::isfinite(s.final_rate))
    refuse("the final rate is below 0", "0 or more");
  if (!(s.warm_up >= 0 && s.warm_up < 1)) refuse("the warm-up is no share", "0 or more, below 1");
  if (o.checkpoint_steps < 0 || !(o.checkpoint_seconds >= 0))
    refuse("the distance of checkpoints is below 0", "0 or more");
}

class Loop {
 public:
  Loop(ir::Module module, const Dataset& train, const Dataset& validation,
       const FitOptions& options, FileCalls& calls)
      : module_(std::move(module)),
        bytes_(bytes_of(module_)),
        train_data_(train),
        validation_data_(validation),
        options_(options),
        calls_(calls),
        loaded_(bytes_span(), {"train", "eval"}, options.pool, options.isa, options.model_name),
        train_(loaded_, "train"),
        eval_(loaded_, "eval"),
        train_writer_(train, options.normalization),
        eval_writer_(validation, options.normalization) {}

  FitResult run() {
    prepare();
    begin();
    while (position_.epoch < options_.epochs && !result_.stopped) run_epoch();
    finish();
    return std::move(result_);
  }

 private:
  Span<const uint8_t> bytes_span() const { return {bytes_.data(), bytes_.size()}; }
  int64_t batch() const { return train_.batch(); }
  bool stop_asked() const { return options_.stop && options_.stop(); }

  void prepare() {
    check_dataset(train_data_, train_.sample_shape(), train_.classes());
    check_dataset(validation_data_, train_.sample_shape(), train_.classes());
    steps_ = static_cast<int64_t>(train_data_.size()) / batch();
    if (steps_ == 0) {
      wrong_use(train_data_.name,
                "has " + std::to_string(train_data_.size()) + " samples, fewer than a batch of " +
                    std::to_string(batch()),
                "take a smaller batch");
    }
    check_label_names();
    ir::Module plain = module_;
    plain.metadata.clear();  // labels and the like do not change what is computed
    std::vector<uint8_t> model = bytes_of(plain);
    position_.settings = settings_of(options_, batch(), xxh64(model.data(), model.size()),
                                     fingerprint(train_data_), fingerprint(validation_data_));
  }

  void check_label_names() const {
    const std::string& names = options_.label_names;
    if (names.empty()) return;
    auto count = std::count(names.begin(), names.end(), '\n') + (names.back() == '\n' ? 0 : 1);
    if (count == train_.classes()) return;
    bad_input("the names of the classes (labels.txt)",
              "there are " + std::to_string(count) + ", the model has " +
                  std::to_string(train_.classes()) + " classes",
              "one name per line, one for each class");
  }

  void begin() {
    if (!options_.folder.empty())
      folder_.emplace(options_.folder, options_.resume, options_.force, calls_);
    bool resumes = folder_ && options_.resume && folder_->has(kLast);
    if (resumes) resume();
    report_plan();
    report(TrainingProgress::Event::resumed, resumes && position_.epoch < options_.epochs);
    if (folder_ && !resumes) {
      // Replaces what is there, and shows before the work that the disk takes a checkpoint.
      save_last();
      folder_->remove_older_results();
    }
    if (resumes && position_.epoch > 0) save_history();
    start_ = last_save_ = Time::now();
  }

  Checkpoint read_checkpoint(const std::vector<uint8_t>& file, const std::string& name) const {
    try {
      return parse_checkpoint({file.data(), file.size()}, name);
    } catch (const TrainingError& error) {
      std::vector<Diagnostic> list = error.diagnostics();
      list.back().remedy = folder_->has(kBest)
                               ? "copy " + folder_->path(kBest) +
                                     " over it and --resume, or start again with --force"
                               : "start again with --force";
      throw TrainingError(error.kind(), std::move(list));
    }
  }

  void resume() {
    std::string name = folder_->path(kLast);
    std::vector<uint8_t> file = folder_->read(kLast);
    Checkpoint checkpoint = read_checkpoint(file, name);
    require_same_settings(checkpoint.position, position_, name);
    if (checkpoint.position.step >= steps_ || checkpoint.position.epoch > options_.epochs)
      bad_input(name, "its position is beyond the training's end", "start anew without --resume");
    write_states(loaded_, checkpoint.states, name);
    checkpoint.position.settings = position_.settings;
    position_ = std::move(checkpoint.position);
    if (folder_->has(kBest)) result_.best = folder_->read(kBest);
  }

  void report_plan() {
    if (!options_.progress) return;
    PlannedMemory memory;
    const Model& model = loaded_.model();
    for (uint32_t e = 0; e < model.entry_point_count(); ++e) {
      if (!model.entry_point(e).availability.ok()) continue;
      Result<Plan> plan = Plan::create(model, {&e, 1}, plan_options(options_.pool, options_.isa));
      if (!plan.ok()) continue;
      memory.entries.push_back({model.entry_point(e).name, plan->report().arena_bytes});
    }
    const PlanReport& report = loaded_.plan().report();
    memory.arena_bytes = report.arena_bytes;
    memory.state_bytes = report.state_bytes;
    memory.packed_bytes = report.packed_bytes;
    TrainingProgress p;
    p.event = TrainingProgress::Event::planned;
    p.memory = &memory;
    options_.progress(p);
  }

  void run_epoch() {
    epoch_start_ = Time::now();
    auto epoch = static_cast<uint32_t>(position_.epoch);
    std::vector<uint32_t> order = epoch_order(options_.seed, epoch, train_data_.size());
    std::vector<uint8_t> flips(order.size(), 0);
    for (size_t i = 0; i < order.size() && options_.flips; ++i)
      flips[i] = is_flipped(options_.seed, epoch, order[i]) ? 1 : 0;
    while (position_.step < steps_) {
      run_step(order, flips);
      if (stop_asked()) result_.stopped = true;
      // The last step's checkpoint is that of the epoch, after validation.
      if (position_.step == steps_) break;
      if (result_.stopped || is_save_due()) save_last();
      if (result_.stopped) return;
    }
    end_epoch();
  }

  void run_step(const std::vector<uint32_t>& order, const std::vector<uint8_t>& flips) {
    int64_t total = options_.epochs * steps_, step = position_.epoch * steps_ + position_.step;
    rate_ = learning_rate(options_.schedule, step, total);
    auto first = static_cast<size_t>(position_.step * batch());
    BatchResult r;
    Status status = train_.run(train_data_, train_writer_, &order[first], &flips[first],
                               static_cast<size_t>(batch()), rate_, &r);
    if (status.code == Code::data_not_finite) {
      bad_input("epoch " + std::to_string(position_.epoch + 1) + ", step " +
                    std::to_string(position_.step + 1),
                "the loss is not finite; the step was refused, the weights are those before it",
                "lower the rate (--rate), warm up longer or check the data");
    }
    require(status, "step " + std::to_string(step + 1));
    ++position_.step;
    position_.loss_sum += r.loss;
    position_.correct += static_cast<int64_t>(r.correct);
    ++steps_done_;
    report(TrainingProgress::Event::step);
  }

  void end_epoch() {
    Evaluation e = evaluate_entry(eval_, validation_data_, eval_writer_);
    if (!std::isfinite(e.loss.value_or(0)))
      bad_input("epoch " + std::to_string(position_.epoch + 1),
                "the validation's loss is not finite", "lower the rate (--rate) or check the data");
    EpochRecord record;
    record.epoch = position_.epoch + 1;
    record.loss = loss();
    record.accuracy = accuracy();
    record.validation_loss = e.loss.value_or(0);
    record.validation_accuracy = e.accuracy();
    record.rate = static_cast<double>(rate_);
    position_.history.push_back(record);
    bool better = record.validation_accuracy > position_.best_accuracy;
    if (better) position_.best_accuracy = record.validation_accuracy;
    report(TrainingProgress::Event::epoch_done);
    ++position_.epoch;
    position_.step = position_.correct = 0;
    position_.loss_sum = 0;
    save_epoch(better);
  }

  // best.mote first: after a kill in between, last.mote leads to the same best.mote again.
  void save_epoch(bool better) {
    std::vector<uint8_t> bytes = snapshot();
    if (better) result_.best = bytes;
    if (!folder_) return;
    if (better) folder_->write(kBest, {bytes.data(), bytes.size()});
    folder_->write(kLast, {bytes.data(), bytes.size()});
    save_history();
    last_save_ = Time::now();
  }

  void save_history() {
    folder_->write_text(kHistoryJson, history_json(position_.history));
    folder_->write_text(kHistoryCsv, history_csv(position_.history));
  }

  std::vector<uint8_t> snapshot() {
    return checkpoint_bytes(module_, read_states(loaded_), position_);
  }

  void save_last() {
    if (!folder_) return;
    std::vector<uint8_t> bytes = snapshot();
    folder_->write(kLast, {bytes.data(), bytes.size()});
    last_save_ = Time::now();
  }

  bool is_save_due() const {
    bool by_steps =
        options_.checkpoint_steps > 0 && position_.step % options_.checkpoint_steps == 0;
    bool by_time =
        options_.checkpoint_seconds > 0 && seconds_since(last_save_) >= options_.checkpoint_seconds;
    return by_steps || by_time;
  }

  void finish() {
    result_.model = snapshot();
    if (result_.best.empty()) result_.best = result_.model;
    result_.history = position_.history;
    result_.best_accuracy = std::max(position_.best_accuracy, 0.0);
  }

  double loss() const {
    return position_.step > 0 ? position_.loss_sum / static_cast<double>(position_.step) : 0;
  }
  double accuracy() const {
    return position_.step > 0 ? static_cast<double>(position_.correct) /
                                    static_cast<double>(position_.step * batch())
                              : 0;
  }

  void report(TrainingProgress::Event event, bool wanted = true) const {
    if (!options_.progress || !wanted) return;
    TrainingProgress p;
    p.event = event;
    p.epochs = options_.epochs;
    p.epoch = std::min(position_.epoch + 1, p.epochs);
    p.step = position_.step;
    p.steps = steps_;
    p.loss = loss();
    p.accuracy = accuracy();
    int64_t left = (options_.epochs - position_.epoch) * steps_ - position_.step;
    if (steps_done_ > 0)
      p.seconds_left =
          seconds_since(start_) / static_cast<double>(steps_done_) * static_cast<double>(left);
    if (event == TrainingProgress::Event::epoch_done) {
      p.epoch_seconds = seconds_since(epoch_start_);
      p.record = &position_.history.back();
    }
    options_.progress(p);
  }

  ir::Module module_;
  std::vector<uint8_t> bytes_;
  const Dataset& train_data_;
  const Dataset& validation_data_;
  const FitOptions& options_;
  FileCalls& calls_;
  LoadedSession loaded_;
  EntryRunner train_, eval_;
  SampleWriter train_writer_, eval_writer_;
  std::optional<RunFolder> folder_;
  Position position_;
  FitResult result_;
  int64_t steps_ = 0;  // of an epoch
  float rate_ = 0;
  int64_t steps_done_ = 0;  // by this process
  Time::time_point start_, epoch_start_, last_save_;
};

}  // namespace

FitResult run_training(ir::Module module, const Dataset& train, const Dataset& validation,
                       const FitOptions& options, FileCalls& calls) {
  require_options(options);
  module.metadata[kNormalizationKey] = normalization_text(options.normalization);
  if (!options.label_names.empty()) module.metadata["labels"] = options.label_names;
  return Loop(std::move(module), train, validation, options, calls).run();
}

}  // namespace mote::trainer
