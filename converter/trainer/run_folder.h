// RUN_DIR: best.mote, last.mote, history.json, history.csv and a lock. Whatever happens while they
// are written, each is the old or the new one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "export/write_file.h"
#include "mote/trainer.h"

namespace mote::trainer {

class RunFolder {
 public:
  // Takes the lock; makes the folder where that is asked for. Throws wrong_use when the folder
  // exists and neither resume nor force is set, when with resume it is missing or holds other
  // files and no last.mote, and when another trainer has the lock. Changes nothing else.
  RunFolder(std::string folder, bool resume, bool force, FileCalls& calls);
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::string path(const char* name) const { return folder_ + "/" + name; }
  bool has(const char* name) const;
  std::vector<uint8_t> read(const char* name) const;
  // Throws bad_input with the path and a remedy.
  void write(const char* name, Span<const uint8_t> bytes);
  void write_text(const char* name, const std::string& text);
  // What another training left here besides last.mote, which the new one has replaced.
  void remove_older_results();

 private:
  void take_lock();
  void require_resumable();

  std::string folder_;
  FileCalls& calls_;
  int lock_ = -1;
};

inline constexpr const char* kLast = "last.mote";
inline constexpr const char* kBest = "best.mote";
inline constexpr const char* kHistoryJson = "history.json";
inline constexpr const char* kHistoryCsv = "history.csv";

}  // namespace mote::trainer
