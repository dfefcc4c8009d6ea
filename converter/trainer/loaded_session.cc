#include "trainer/loaded_session.h"

#include <cstring>

#include "mote/train.h"
#include "trainer/failure.h"

namespace mote::trainer {

AlignedBytes::AlignedBytes(Span<const uint8_t> bytes)
    : blocks_(bytes.size / kArenaAlignment + 1), size_(bytes.size) {
  if (size_ > 0) memcpy(blocks_.data(), bytes.data, size_);
}

PlanOptions plan_options(ThreadPool pool, Isa isa) {
  PlanOptions options;
  options.isa = isa;
  options.threads = pool.threads;
  return options;
}

LoadedSession::LoadedSession(Span<const uint8_t> file, const std::vector<std::string>& entry_points,
                             ThreadPool pool, Isa isa, const std::string& name)
    : name_(name), bytes_(file) {
  model_ = require(Model::load(bytes_.span(), training_operators()), name);
  std::vector<uint32_t> entries;
  for (const std::string& entry : entry_points) entries.push_back(entry_point(entry));
  plan_ = require(Plan::create(model_, {entries.data(), entries.size()}, plan_options(pool, isa)),
                  name);
  SessionOptions options;
  options.pool = pool;
  session_ = require(Session::create(plan_, options), name);
}

uint32_t LoadedSession::entry_point(const std::string& entry_name) const {
  Result<uint32_t> found = model_.find_entry_point(entry_name.c_str());
  if (!found.ok()) bad_input(name_, "has no entry point '" + entry_name + "'");
  require(model_.entry_point(found.value()).availability, name_ + ", '" + entry_name + "'");
  return found.value();
}

}  // namespace mote::trainer
