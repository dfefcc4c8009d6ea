// What `train` and `eval` share: data sets, threads, errors.
#pragma once

#include <string>

#include "failure.h"
#include "mote/platform.h"
#include "mote/trainer.h"

namespace mote::tool {

// Runs `work`; a TrainingError becomes a Failure of the same kind.
template <class Work>
auto with_failures(Work work) {
  try {
    return work();
  } catch (const TrainingError& error) {
    const bool is_wrong_use = error.kind() == TrainingError::Kind::wrong_use;
    throw Failure(is_wrong_use ? kWrongUse : kBadInput, error.what());
  }
}

// One thread needs no pool.
inline OwnedThreadPool make_pool(uint32_t threads) {
  if (threads < 2) return {};
  return require(OwnedThreadPool::create(threads), "threads");
}
inline ThreadPool callbacks_of(const OwnedThreadPool& pool, uint32_t threads) {
  return threads < 2 ? ThreadPool{} : pool.callbacks();
}

}  // namespace mote::tool
