// Training: the same course whatever the threads and however often it was interrupted.
#include <gmock/gmock.h>

#include "data.h"
#include "mote/platform.h"
#include "trainer/checkpoint.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

const Dataset& training() {
  static const Dataset data = quarters(200);  // 12 steps and a rest
  return data;
}
const Dataset& validation() {
  static const Dataset data = quarters(70, 2);  // no multiple of the batch
  return data;
}

FitResult run(const FitOptions& options) {
  return fit(small_cnn(), training(), validation(), options);
}

FitOptions in(const Folder& folder) {
  FitOptions o = small_options();
  o.folder = folder.file("run");
  return o;
}

// Everything that a finished training leaves.
std::vector<std::vector<uint8_t>> files_of(const std::string& folder) {
  std::vector<std::vector<uint8_t>> files;
  for (const char* name : {"best.mote", "last.mote", "history.json", "history.csv"})
    files.push_back(bytes_of(folder + "/" + name));
  return files;
}

// Ends after `steps` steps of this process.
std::function<bool()> stop_after(int steps) {
  auto left = std::make_shared<int>(steps);
  return [left] { return --*left <= 0; };
}

TEST(Training, Learns) {
  FitOptions o = small_options();
  o.epochs = 6;
  FitResult result = run(o);
  ASSERT_EQ(result.history.size(), 6u);
  EXPECT_LT(result.history.back().loss, result.history.front().loss / 2);
  EXPECT_GT(result.best_accuracy, 0.95);
}

TEST(Training, HasTheSameBitsForAnyNumberOfThreads) {
  std::vector<uint8_t> one = run(small_options()).model;
  for (uint32_t threads : {2u, 4u}) {
    Result<OwnedThreadPool> pool = OwnedThreadPool::create(threads);
    ASSERT_TRUE(pool.ok());
    FitOptions o = small_options();
    o.pool = pool->callbacks();
    EXPECT_EQ(run(o).model, one) << threads;
  }
}

TEST(Training, TheSeedDecides) {
  FitOptions o = small_options();
  std::vector<uint8_t> five = run(o).model;
  EXPECT_EQ(run(o).model, five);
  o.seed = 6;
  EXPECT_NE(run(o).model, five);
}

TEST(Training, ResumesBitForBitAnywhereWithAnyNumberOfThreads) {
  Folder folder;
  FitOptions whole = in(folder);
  FitResult expected = run(whole);
  auto files = files_of(whole.folder);
  for (uint32_t threads : {1u, 2u, 4u}) {
    for (int steps : {1, 7, 12, 13, 30}) {
      FitOptions part = whole;
      part.folder = folder.file("part_" + std::to_string(threads) + "_" + std::to_string(steps));
      part.stop = stop_after(steps);
      EXPECT_TRUE(run(part).stopped);
      Result<OwnedThreadPool> pool = OwnedThreadPool::create(threads);
      ASSERT_TRUE(pool.ok());
      part.pool = pool->callbacks();
      part.stop = {};
      part.resume = true;
      FitResult resumed = run(part);
      EXPECT_EQ(resumed.model, expected.model) << steps;
      EXPECT_EQ(resumed.best, expected.best) << steps;
      EXPECT_EQ(files_of(part.folder), files) << steps;
    }
  }
}

TEST(Training, ManyInterruptionsChangeNothing) {
  Folder folder;
  FitOptions o = small_options();
  std::vector<uint8_t> expected = run(o).model;
  o.folder = folder.file("run");
  o.stop = stop_after(5);
  FitResult result = run(o);
  o.resume = true;
  int parts = 1;
  for (; result.stopped; ++parts) {
    o.stop = stop_after(5);
    result = run(o);
  }
  EXPECT_GE(parts, 7);
  EXPECT_EQ(result.model, expected);
}

TEST(Training, AFinishedTrainingResumesToItself) {
  Folder folder;
  FitOptions o = in(folder);
  run(o);
  auto files = files_of(o.folder);
  fs::remove(o.folder + "/history.csv");  // as if killed before it was written
  o.resume = true;
  run(o);
  EXPECT_EQ(files_of(o.folder), files);
}

TEST(Training, ResumeRefusesAnotherTraining) {
  Folder folder;
  FitOptions first = in(folder);
  first.stop = stop_after(3);
  run(first);
  first.stop = {};
  first.resume = true;
  auto refusal = [&](auto change) {
    FitOptions o = first;
    change(o);
    return error_of([&] { run(o); });
  };
  EXPECT_THAT(refusal([](FitOptions& o) { o.seed = 6; }),
              HasSubstr("seed: the checkpoint has 5, asked is 6"));
  EXPECT_THAT(refusal([](FitOptions& o) { o.epochs = 4; }),
              HasSubstr("epochs: the checkpoint has 3"));
  EXPECT_THAT(refusal([](FitOptions& o) { o.schedule.rate = 0.5; }), HasSubstr("schedule: "));
  EXPECT_THAT(refusal([](FitOptions& o) { o.flips = true; }), HasSubstr("flips: "));
  EXPECT_THAT(refusal([](FitOptions& o) { o.recipe = "other"; }), HasSubstr("recipe: "));
  EXPECT_THAT(refusal([](FitOptions& o) { o.training.train_batch = 8; }), HasSubstr("batch: "));
  EXPECT_THAT(refusal([](FitOptions& o) { o.training.beta1 = 0.8f; }), HasSubstr("model: "));
  EXPECT_THAT(error_of([&] { fit(small_cnn(), quarters(200, 9), validation(), first); }),
              HasSubstr("training data: "));
  Sequential other({8, 8, 1});
  other.flatten().dense(4);
  EXPECT_THAT(error_of([&] { fit(other, training(), validation(), first); }), HasSubstr("model: "));
  EXPECT_EQ(error_of([&] { run(first); }), "");
}

TEST(Training, AnExistingFolderIsKeptWithoutForce) {
  Folder folder;
  FitOptions o = in(folder);
  run(o);
  auto files = files_of(o.folder);
  EXPECT_THAT(error_of([&] { run(o); }), HasSubstr("--force"));
  EXPECT_EQ(files_of(o.folder), files);
  o.force = true;
  o.seed = 8;
  EXPECT_EQ(error_of([&] { run(o); }), "");
  EXPECT_NE(files_of(o.folder), files);
}

TEST(Training, ResumeNeedsAFolder) {
  Folder folder;
  FitOptions o = in(folder);
  o.resume = true;
  EXPECT_THAT(error_of([&] { run(o); }), HasSubstr("nothing to resume"));
  EXPECT_FALSE(fs::exists(o.folder));
}

TEST(Training, TwoTrainersInOneFolderAreRefused) {
  Folder folder;
  FitOptions o = in(folder);
  std::string second;
  o.progress = [&](const TrainingProgress& p) {
    if (p.event != TrainingProgress::Event::epoch_done || p.epoch != 1) return;
    FitOptions other = small_options();
    other.folder = o.folder;
    other.resume = true;
    second = error_of([&] { run(other); });
  };
  run(o);
  EXPECT_THAT(second, HasSubstr("another trainer"));
}

TEST(Training, ALossThatIsNotFiniteIsRefusedAndChangesNothing) {
  Folder folder;
  FitOptions o = in(folder);
  o.schedule = {Schedule::Kind::constant, 1e38, 0, 0};
  o.training.optimizer = Optimizer::sgd;
  o.checkpoint_steps = 1;
  std::string message = error_of([&] { run(o); });
  EXPECT_THAT(message, HasSubstr("the loss is not finite"));
  EXPECT_THAT(message, HasSubstr("epoch 1, step "));
  EXPECT_THAT(message, HasSubstr("--rate"));
  std::vector<uint8_t> last = bytes_of(o.folder + "/last.mote");
  EXPECT_NO_THROW(trainer::parse_checkpoint({last.data(), last.size()}, "last"));
}

TEST(Training, DataThatDoNotFitAreRefusedBeforeAFolderIsMade) {
  Folder folder;
  FitOptions o = in(folder);
  EXPECT_THAT(error_of([&] { fit(small_cnn(), quarters(10), validation(), o); }),
              HasSubstr("fewer than a batch of 16"));
  Dataset bad = training();
  bad.labels[7] = 4;
  EXPECT_THAT(error_of([&] { fit(small_cnn(), bad, validation(), o); }), HasSubstr("label 7 is 4"));
  EXPECT_FALSE(fs::exists(o.folder));
}

TEST(Training, EvaluationOfTheFileIsThatOfTheTraining) {
  FitResult result = run(small_options());
  Evaluation e = evaluate({result.model.data(), result.model.size()}, validation());
  EXPECT_EQ(e.entry_point, "eval");
  EXPECT_EQ(e.samples, 70u);
  EXPECT_EQ(e.accuracy(), result.history.back().validation_accuracy);
  EXPECT_EQ(*e.loss, result.history.back().validation_loss);
  uint64_t all = 0, diagonal = 0;
  for (size_t i = 0; i < e.confusion.size(); ++i) {
    all += e.confusion[i];
    diagonal += i % 5 == 0 ? e.confusion[i] : 0;
  }
  EXPECT_EQ(all, 70u);
  EXPECT_EQ(diagonal, e.correct);
}

TEST(Training, AFileCanBeTrainedFurther) {
  Folder folder;
  FitResult first = run(small_options());
  FitOptions o = in(folder);
  o.epochs = 1;
  o.schedule = {Schedule::Kind::constant, 1e-3, 0, 0};
  Span<const uint8_t> file{first.model.data(), first.model.size()};
  FitResult second = fit(file, training(), validation(), o);
  // The loss goes on from where it was, not from the beginning.
  EXPECT_LT(second.history[0].loss, (first.history[0].loss + first.history[2].loss) / 2);
  EXPECT_NE(second.model, first.model);
}

}  // namespace
}  // namespace mote::test
