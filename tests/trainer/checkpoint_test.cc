// Checkpoints whose writing fails or is killed.
#include "trainer/checkpoint.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "data.h"
#include "grad/training_module.h"
#include "trainer/build_graph.h"
#include "trainer/loop.h"
#include "trainer/run_folder.h"

namespace mote::test {
namespace {

using testing::HasSubstr;

Sequential tiny() {
  Sequential model({8, 8, 1});
  model.flatten().dense(4);
  return model;
}

const Dataset& data() {
  static const Dataset set = quarters(64);
  return set;
}

FitOptions options_in(const std::string& folder) {
  FitOptions o = small_options();
  o.epochs = 1;
  o.folder = folder;
  o.checkpoint_steps = 2;
  return o;
}

FitResult train(const FitOptions& o, FileCalls& calls = system_calls()) {
  Diagnostics diagnostics;
  ir::Module module =
      make_training_module(trainer::build_graph(tiny(), o.seed), o.training, diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return trainer::run_training(std::move(module), data(), data(), o, calls);
}

// Lets one call fail, as a disk that is full or broken from then on for that call.
class FailingCalls : public FileCalls {
 public:
  explicit FailingCalls(int number, int why = EIO) : left_(number), why_(why) {}
  bool failed() const { return failed_; }

  int create_temporary(char* n) override { return fails() ? -1 : FileCalls::create_temporary(n); }
  // Short writes, so that some calls are in the middle of a file.
  ssize_t write(int fd, const uint8_t* p, size_t n) override {
    return fails() ? -1 : FileCalls::write(fd, p, std::min<size_t>(n, 4000));
  }
  int change_mode(int fd, mode_t m) override {
    return fails() ? -1 : FileCalls::change_mode(fd, m);
  }
  int flush(int fd) override { return fails() ? -1 : FileCalls::flush(fd); }
  int close(int fd) override {
    int result = FileCalls::close(fd);  // a close that fails has closed
    return fails() ? -1 : result;
  }
  int rename(const char* a, const char* b) override {
    return fails() ? -1 : FileCalls::rename(a, b);
  }
  int open_folder(const char* n) override { return fails() ? -1 : FileCalls::open_folder(n); }
  int flush_folder(int fd) override { return fails() ? -1 : FileCalls::flush_folder(fd); }

 private:
  bool fails() {
    if (left_-- != 0) return false;
    failed_ = true;
    errno = why_;
    return true;
  }
  int left_, why_;
  bool failed_ = false;
};

bool is_whole_or_none(const std::string& path) {
  if (!fs::exists(path)) return true;
  std::vector<uint8_t> bytes = bytes_of(path);
  return error_of([&] { trainer::parse_checkpoint({bytes.data(), bytes.size()}, path); }).empty();
}

size_t files_in(const std::string& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(Checkpoint, AnyFailingCallLeavesAWholeOneFromWhichTrainingGoesOn) {
  Folder folder;
  FitOptions whole = options_in(folder.file("whole"));
  train(whole);
  std::vector<uint8_t> expected = bytes_of(whole.folder + "/last.mote");
  int number = 0;
  for (;; ++number) {
    FailingCalls calls(number);
    FitOptions o = options_in(folder.file("run"));
    std::string message = error_of([&] { train(o, calls); });
    if (!calls.failed()) break;
    EXPECT_THAT(message, HasSubstr(o.folder)) << number;
    EXPECT_THAT(message, HasSubstr(strerror(EIO))) << number;
    EXPECT_THAT(message, HasSubstr("put the disk in order")) << number;
    EXPECT_TRUE(is_whole_or_none(o.folder + "/last.mote")) << number;
    o.resume = true;
    train(o);
    EXPECT_EQ(bytes_of(o.folder + "/last.mote"), expected) << number;
    EXPECT_EQ(files_in(o.folder), 5u) << number;  // no temporary file remains
    fs::remove_all(o.folder);
  }
  // Six files of at least eight calls each: last.mote at the start and after two steps, then those
  // of the epoch.
  EXPECT_GE(number, 48);
}

TEST(Checkpoint, AFullDiskIsNamed) {
  struct Full : FileCalls {
    int create_temporary(char* name) override {
      int file = FileCalls::create_temporary(name), full = open("/dev/full", O_WRONLY);
      dup2(full, file);
      ::close(full);
      return file;
    }
  } calls;
  Folder folder;
  std::string message = error_of([&] { train(options_in(folder.file("run")), calls); });
  EXPECT_THAT(message, HasSubstr("last.mote"));
  EXPECT_THAT(message, HasSubstr("free space"));
}

TEST(Checkpoint, KillsAtAnyMomentChangeNothing) {
  const int kills = getenv("MOTE_SLOW") != nullptr ? 100 : 5;
  Folder folder;
  FitOptions whole = options_in(folder.file("whole"));
  whole.epochs = 10;
  whole.checkpoint_steps = 1;
  auto start = std::chrono::steady_clock::now();
  train(whole);
  auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(
                          std::chrono::steady_clock::now() - start)
                          .count();
  FitOptions o = whole;
  o.folder = folder.file("run");
  fs::create_directories(o.folder);
  o.resume = true;
  trainer::Random random(1, trainer::Stream::order, 0);
  for (int k = 0; k < kills; ++k) {
    pid_t child = fork();
    if (child == 0) {
      try {
        train(o);
      } catch (...) {
        _exit(1);
      }
      _exit(0);
    }
    // Within a third, so that several processes share one training.
    double share = static_cast<double>(random.uniform(static_cast<uint64_t>(k))) / 3;
    usleep(static_cast<useconds_t>(share * static_cast<double>(microseconds)));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    EXPECT_TRUE(is_whole_or_none(o.folder + "/last.mote"));
    // The training may be over by now: a new one takes the rest of the kills.
    if (WIFEXITED(status)) {
      EXPECT_EQ(bytes_of(o.folder + "/last.mote"), bytes_of(whole.folder + "/last.mote"));
      fs::remove_all(o.folder);
      fs::create_directories(o.folder);
    }
  }
  train(o);
  for (const char* name : {"last.mote", "best.mote", "history.json", "history.csv"})
    EXPECT_EQ(bytes_of(o.folder + "/" + name), bytes_of(whole.folder + "/" + name)) << name;
}

TEST(Checkpoint, ResumingWithoutOneReplacesNothing) {
  Folder folder;
  FitOptions o = options_in(folder.file("run"));
  train(o);
  fs::remove(o.folder + "/last.mote");
  std::vector<uint8_t> best = bytes_of(o.folder + "/best.mote");
  o.resume = true;
  EXPECT_THAT(error_of([&] { train(o); }), HasSubstr("nothing to resume"));
  EXPECT_EQ(bytes_of(o.folder + "/best.mote"), best);
  fs::copy(o.folder + "/best.mote", o.folder + "/last.mote");
  EXPECT_EQ(error_of([&] { train(o); }), "");
}

TEST(Checkpoint, PositionSurvivesItsText) {
  trainer::Position p;
  p.settings = {{"recipe", "x"}, {"seed", "1"}};
  p.epoch = 1;
  p.step = 7;
  p.loss_sum = 0.1 + 0.2;
  p.correct = 99;
  p.best_accuracy = 1.0 / 3;
  p.history = {{1, 0.1, 0.2, 0.3, 0.4, 1e-30}};
  std::string text = trainer::position_text(p);
  trainer::Position q = trainer::parse_position(text.c_str(), "file");
  EXPECT_EQ(trainer::position_text(q), text);
  EXPECT_EQ(q.loss_sum, p.loss_sum);
  EXPECT_EQ(q.settings, p.settings);
}

TEST(Checkpoint, PositionsThatAreNoneAreRefused) {
  const std::string good =
      "{\"format\":1,\"settings\":{},\"epoch\":0,\"step\":0,\"loss_sum\":0.0,\"correct\":0,"
      "\"best_accuracy\":0.0,\"history\":[]}";
  auto refused = [](const std::string& text) {
    return !error_of([&] { trainer::parse_position(text.c_str(), "file"); }).empty();
  };
  EXPECT_FALSE(refused(good));
  EXPECT_NE(error_of([] { trainer::parse_position(nullptr, "file"); }), "");
  for (size_t n = 0; n < good.size(); ++n) EXPECT_TRUE(refused(good.substr(0, n))) << n;
  auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const char* count : {"-1", "1.5", "\"1\"", "null", "1e3", "9223372036854775807", "[]"})
    EXPECT_TRUE(refused(with("\"step\":0", std::string("\"step\":") + count))) << count;
  EXPECT_TRUE(refused(with("\"epoch\":0", "\"epoch\":1")));
  EXPECT_TRUE(refused(with("\"format\":1", "\"format\":2")));
  EXPECT_TRUE(refused(with("\"settings\":{}", "\"settings\":{\"a\":1}")));
  EXPECT_TRUE(refused(with("\"history\":[]", "\"history\":[1]")));
  EXPECT_TRUE(refused(with("\"loss_sum\":0.0", "\"loss_sum\":null")));
}

}  // namespace
}  // namespace mote::test
