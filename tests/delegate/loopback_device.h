// The loopback delegate as a program meets a delegate: a library opened at run time.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "loopback_delegate/loopback.h"
#include "support/built_model.h"

namespace mote::test {

// The library's table. Throws when it cannot be opened.
const mote_loopback& loopback_library();

// One delegate. At its end every plan and session must have been destroyed.
class Loopback {
 public:
  Loopback() : delegate_(loopback_library().create()) {}
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;
  ~Loopback() {
    EXPECT_EQ(counts().plans, 0);
    EXPECT_EQ(counts().sessions, 0);
    EXPECT_EQ(counts().device_bytes, 0);
    loopback_library().destroy(delegate_);
  }

  mote_delegate& table() { return *delegate_; }
  mote_loopback_options& options() { return *loopback_library().options(delegate_); }
  mote_loopback_counts counts() const { return loopback_library().counts(delegate_); }

 private:
  mote_delegate* delegate_;
};

// Options of a plan with delegates; lives as long as the plan.
class WithDelegates {
 public:
  WithDelegates(std::initializer_list<const mote_delegate*> delegates) : list_(delegates) {
    options.delegates = {list_.data(), list_.size()};
  }
  PlanOptions options;

 private:
  std::vector<const mote_delegate*> list_;
};

// What a host would write to a file.
class MapCache {
 public:
  const mote_delegate_cache* table() const { return &table_; }
  std::map<uint64_t, std::vector<uint8_t>> entries;

 private:
  static size_t get(void* context, uint64_t key, void* data, size_t capacity);
  static void put(void* context, uint64_t key, const void* data, size_t size);
  mote_delegate_cache table_ = {sizeof(mote_delegate_cache), this, get, put};
};

// A table in front of another delegate's, whose functions a test replaces.
class Wrapper {
 public:
  explicit Wrapper(Loopback& inner) : table(inner.table()) {}
  mote_delegate table;
};

// Fills every input with random stored values or floats; equal for equal seeds.
void write_random(Session& session, const Model& model, uint32_t entry_point, uint32_t seed);
// The bytes of all outputs, one after the other.
std::vector<uint8_t> read_outputs(const Session& session, const Model& model, uint32_t entry_point);
// Integers bit for bit, floats within 1e-5: the loopback's sums have another order.
void expect_equal(const std::vector<uint8_t>& got, const std::vector<uint8_t>& expected,
                  Type type = Type::float32);

// Outputs of the CPU alone for the inputs of `seed`.
std::vector<uint8_t> on_cpu(const Model& model, uint32_t seed);
// Outputs of one more run for the inputs of `seed`.
std::vector<uint8_t> run_once(Session& session, const Model& model, uint32_t seed);

}  // namespace mote::test
