// mote train: trains a recipe or a file with the entry point `train`.
#include <signal.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>

#include "clock.h"
#include "commands.h"
#include "files.h"
#include "json.h"
#include "loaded_model.h"
#include "options.h"
#include "text.h"
#include "training_data.h"
#include "training_display.h"

namespace mote::tool {
namespace {

struct Options {
  std::string model;
  std::string data;
  std::string folder;
  std::optional<int64_t> epochs;
  std::optional<int32_t> batch;
  std::optional<double> rate;
  uint64_t seed = 0;
  uint32_t threads = 1;
  std::string isa = "auto";
  int64_t checkpoint_steps = 0;
  double checkpoint_seconds = 60;
  bool resume = false;
  bool force = false;
  bool json = false;
};

volatile sig_atomic_t interrupted = 0;

// The first signal asks for an end with a checkpoint, the second one ends the process.
void install_handlers() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // nohup ignores it, and that stays so.
  struct sigaction hangup = {};
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

std::string recipe_names() {
  std::string names;
  for (const Recipe& recipe : recipes()) {
    names += (names.empty() ? "" : ", ") + std::string(recipe.name);
  }
  return names;
}

const Recipe* find_recipe(const std::string& name) {
  for (const Recipe& recipe : recipes()) {
    if (name == recipe.name) return &recipe;
  }
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) {
    wrong_use("'" + name + "' is neither a file nor a recipe; the recipes are " + recipe_names());
  }
  return nullptr;
}

FitOptions fit_options(const Options& options, const Recipe* recipe) {
  FitOptions fit = recipe != nullptr ? recipe->options() : FitOptions();
  if (options.epochs) fit.epochs = *options.epochs;
  if (options.rate) fit.schedule.rate = *options.rate;
  if (options.batch) {
    if (recipe == nullptr)
      wrong_use(
          "--batch: the batch of a file's `train` is fixed in the file; "
          "'mote convert --trainable --batch' makes a file with another one");
    fit.training.train_batch = *options.batch;
  }
  fit.seed = options.seed;
  fit.folder = options.folder;
  fit.model_name = subject_of(options.model);
  fit.resume = options.resume;
  fit.force = options.force;
  fit.checkpoint_steps = options.checkpoint_steps;
  fit.checkpoint_seconds = options.checkpoint_seconds;
  fit.isa = parse_isa(options.isa);
  fit.stop = [] { return interrupted != 0; };
  return fit;
}

// The files that are there, after a training that took `steps`.
void show_end(const Options& options, const FitResult& result, int64_t steps, double seconds) {
  const std::string best = options.folder + "/best.mote", last = options.folder + "/last.mote";
  if (steps == 0) {
    std::cout << "already finished: nothing was left to do; to train further: mote train " << last
              << " --data " << options.data << " --out OTHER\n";
  }
  char text[64];
  snprintf(text, sizeof text, "best validation accuracy %.2f %%", 100 * result.best_accuracy);
  std::cout << text;
  std::error_code ignored;
  if (std::filesystem::exists(best, ignored)) {
    std::cout << " in " << best;
  } else {
    std::cout << "; its file " << best << " is gone, the last model is " << last;
  }
  std::cout << "; " << duration_text(seconds) << "\n";
}

void show_result(const Options& options, const FitResult& result, int64_t steps, double seconds) {
  if (options.json) {
    auto history = Json::array();
    for (const EpochRecord& r : result.history) {
      history.push_back({{"epoch", r.epoch},
                         {"loss", r.loss},
                         {"accuracy", r.accuracy},
                         {"validation_loss", r.validation_loss},
                         {"validation_accuracy", r.validation_accuracy},
                         {"rate", r.rate}});
    }
    return print({{"model", options.model},
                  {"folder", options.folder},
                  {"stopped", result.stopped},
                  {"best_accuracy", result.best_accuracy},
                  {"seconds", seconds},
                  {"history", history}});
  }
  if (result.stopped) {
    std::cout << "stopped; go on with --resume\n";
    return;
  }
  show_end(options, result, steps, seconds);
}

Bytes read_trainable(const std::string& path) {
  Bytes bytes = read_file(path);
  if (is_source(path, span_of(bytes))) {
    bad_input(subject_of(path) +
              ": a TensorFlow Lite file cannot be trained as it is; 'mote convert --trainable' "
              "makes a .mote file of it that can");
  }
  return bytes;
}

void train(const Options& options) {
  if (options.folder.empty()) wrong_use("--out is empty; name a folder for the checkpoints");
  if (options.resume && options.force) {
    wrong_use("--resume goes on with what --force would replace; give one of them");
  }
  const Clock clock;
  const Recipe* recipe = find_recipe(options.model);
  FitOptions fit_with = fit_options(options, recipe);
  const OwnedThreadPool pool = make_pool(options.threads);
  fit_with.pool = callbacks_of(pool, options.threads);
  TrainingDisplay display(options.json ? std::cerr : std::cout);
  int64_t steps = 0;
  fit_with.progress = [&](const TrainingProgress& progress) {
    if (progress.event == TrainingProgress::Event::step) ++steps;
    display.show(progress);
  };
  const FitResult result = with_failures([&] {
    const Dataset training = load_idx(options.data, "train");
    const Dataset validation = load_idx(options.data, "t10k");
    if (std::string names = load_label_names(options.data); !names.empty()) {
      fit_with.label_names = names;
    }
    install_handlers();
    if (recipe != nullptr) return fit(recipe->model(), training, validation, fit_with);
    const Bytes bytes = read_trainable(options.model);
    return fit(span_of(bytes), training, validation, fit_with);
  });
  display.clear();
  show_result(options, result, steps, clock.microseconds() * 1e-6);
}

// CLI11 takes -1 for the largest number.
std::string not_negative(const std::string& text) {
  return text.find('-') == std::string::npos ? "" : text + " is below 0";
}

// Ends parsing, so that what is required otherwise may be missing.
void list_recipes() {
  std::vector<std::vector<std::string>> rows;
  for (const Recipe& recipe : recipes()) rows.push_back({recipe.name, recipe.description});
  std::cout << table_text(rows);
  throw CLI::Success();
}

void add_options(CLI::App& command, Options& o) {
  command.add_flag_callback("--list", list_recipes, "List the recipes");
  command
      .add_option("MODEL", o.model,
                  "A recipe (" + recipe_names() + ") or a .mote file with the entry point train")
      ->required();
  command
      .add_option("--data", o.data,
                  "Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and the same of "
                  "t10k, each also as .gz; labels.txt names the classes")
      ->required()
      ->type_name("DIR");
  command
      .add_option("--out", o.folder, "Folder for best.mote, last.mote, history.json, history.csv")
      ->required()
      ->type_name("RUN_DIR");
  command.add_option("--epochs", o.epochs, "Passes over the data (default: the recipe's)")
      ->check(CLI::Range(int64_t{1}, int64_t{1000000}));
  command.add_option("--batch", o.batch, "Samples of a step (default: the recipe's)")
      ->check(CLI::Range(1, 65536));
  command.add_option("--rate", o.rate, "Highest learning rate (default: the recipe's)")
      ->check(number_between(1e-12, 1e6));
  command.add_option("--seed", o.seed, "Of weights, order, flips and dropout")
      ->check(not_negative)
      ->capture_default_str();
  command.add_option("--threads", o.threads, "Threads; the result does not depend on them")
      ->check(CLI::Range(1u, kMaxThreads))
      ->capture_default_str();
  command.add_option("--isa", o.isa, "Strongest instruction set to use: " + isa_names())
      ->capture_default_str();
  command
      .add_option("--checkpoint-steps", o.checkpoint_steps,
                  "Checkpoint every N steps besides each epoch's end")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 40));
  command.add_option("--checkpoint-seconds", o.checkpoint_seconds, "The same in time; 0: never")
      ->check(number_between(0, 1e9))
      ->capture_default_str();
  command.add_flag("--resume", o.resume, "Go on from RUN_DIR/last.mote, bit for bit");
  command.add_flag("--force", o.force, "Replace the training in RUN_DIR");
  command.add_flag("--json", o.json, "Write the result as JSON");
}

}  // namespace

void add_train(CLI::App& application) {
  CLI::App* command = application.add_subcommand("train", "Train a model");
  auto options = std::make_shared<Options>();
  add_options(*command, *options);
  command->footer(
      "Ctrl-C ends with a checkpoint; --resume with the same options goes on.\n"
      "Examples:\n"
      "  mote train fashion-cnn --data /usr/share/datasets/fashion-mnist --out run\n"
      "  mote train fashion-cnn --data /usr/share/datasets/fashion-mnist --out run --resume\n"
      "  mote train model.mote --data data/ --out run --epochs 3 --rate 0.01");
  command->callback([options] { train(*options); });
}

}  // namespace mote::tool
