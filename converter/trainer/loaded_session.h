// The bytes of a .mote file, ready to run: model, plan and session of chosen entry points.
#pragma once

#include <string>
#include <vector>

#include "mote/session.h"

namespace mote::trainer {

// Bytes as Model::load wants them.
class AlignedBytes {
 public:
  explicit AlignedBytes(Span<const uint8_t> bytes);
  Span<const uint8_t> span() const {
    return {reinterpret_cast<const uint8_t*>(blocks_.data()), size_};
  }

 private:
  struct alignas(kArenaAlignment) Block {
    uint8_t bytes[kArenaAlignment];
  };
  std::vector<Block> blocks_;
  size_t size_;
};

class LoadedSession {
 public:
  // Throws bad_input when the file is damaged or lacks an entry point.
  LoadedSession(Span<const uint8_t> file, const std::vector<std::string>& entry_points,
                ThreadPool pool, Isa isa, const std::string& name);
  LoadedSession(const LoadedSession&) = delete;
  LoadedSession& operator=(const LoadedSession&) = delete;

  const Model& model() const { return model_; }
  const Plan& plan() const { return plan_; }
  Session& session() { return session_; }
  const std::string& name() const { return name_; }
  uint32_t entry_point(const std::string& entry_name) const;  // throws bad_input

 private:
  std::string name_;
  AlignedBytes bytes_;
  Model model_;
  Plan plan_;
  Session session_;
};

PlanOptions plan_options(ThreadPool pool, Isa isa);

}  // namespace mote::trainer
