#include "trainer/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "trainer/failure.h"
#include "trainer/file_bytes.h"

namespace mote::trainer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLock = "lock";

}  // namespace

RunFolder::RunFolder(std::string folder, bool resume, bool force, FileCalls& calls)
    : folder_(std::move(folder)), calls_(calls) {
  std::error_code error;
  fs::file_status status = fs::status(folder_, error);
  bool exists = fs::exists(status);
  if (exists && !fs::is_directory(status))
    wrong_use(folder_, "is no folder", "name a folder for the checkpoints");
  if (resume && !exists)
    wrong_use(folder_, "does not exist: there is nothing to resume", "start without --resume");
  if (exists && !resume && !force && !fs::is_empty(folder_, error))
    wrong_use(folder_, "exists already",
              "--resume goes on with its training, --force replaces it, or name another folder");
  if (!exists && !fs::create_directories(folder_, error) && error)
    bad_input(folder_, "cannot be made: " + error.message(), "name a folder that you may write to");
  take_lock();
  remove_temporaries(folder_);
  if (resume) require_resumable();
}

RunFolder::~RunFolder() {
  if (lock_ >= 0) close(lock_);
}

// A lock of the system, which ends with the process however that ends.
void RunFolder::take_lock() {
  lock_ = open(path(kLock).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0)
    bad_input(path(kLock), std::string("cannot be opened: ") + strerror(errno),
              "name a folder that you may write to");
  if (flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
  int why = errno;
  close(lock_);
  lock_ = -1;
  if (why == EWOULDBLOCK)
    wrong_use(folder_, "another trainer is at work there", "wait for it or name another folder");
  bad_input(path(kLock), std::string("cannot be locked: ") + strerror(why),
            "name a folder on a disk that has locks");
}

// A training that was killed before its first checkpoint leaves nothing but the lock: beginning
// again is then all there is to resume, and replaces nothing.
void RunFolder::require_resumable() {
  if (has(kLast)) return;
  std::error_code error;
  fs::directory_iterator file(folder_, error), end;
  bool empty = true;
  for (; !error && file != end; file.increment(error))
    empty = empty && file->path().filename() == kLock;
  if (empty) return;
  close(lock_);  // no destructor runs after a constructor that throws
  lock_ = -1;
  wrong_use(folder_, std::string("holds no ") + kLast + ": there is nothing to resume",
            has(kBest) ? "'cp " + path(kBest) + " " + path(kLast) +
                             "' goes on from the best epoch, --force starts again"
                       : "--force starts again, or name another folder");
}

bool RunFolder::has(const char* name) const {
  std::error_code ignored;
  return fs::exists(path(name), ignored);
}

std::vector<uint8_t> RunFolder::read(const char* name) const { return read_file(path(name)); }

void RunFolder::write(const char* name, Span<const uint8_t> bytes) {
  std::string why = write_file(path(name), bytes, true, calls_);
  if (why.empty()) return;
  bad_input(path(name), why,
            has(kLast) ? "the checkpoint " + path(kLast) +
                             " is whole: put the disk in order and go on with --resume"
                       : "put the disk in order and start again");
}

void RunFolder::write_text(const char* name, const std::string& text) {
  write(name, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

void RunFolder::remove_older_results() {
  for (const char* name : {kBest, kHistoryJson, kHistoryCsv}) {
    std::error_code error;
    fs::remove(path(name), error);
    if (error) bad_input(path(name), "cannot be removed: " + error.message());
  }
}

}  // namespace mote::trainer
