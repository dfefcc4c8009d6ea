// The device: plans hold the program and the constants, sessions the memory and a thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "loopback.h"
#include "operators.h"

namespace loopback {

struct Device {
  mote_loopback_options options = {"loopback, driver 1", nullptr, nullptr, -1, -1, 0, 0, 0, 0, 0};
  std::atomic<int64_t> plans{0}, sessions{0}, device_bytes{0}, claims{0}, runs{0}, early{0};
};

// One operator of the program; tensors by their place in Plan::tensors, -1: absent.
struct Instruction {
  const Operator* op = nullptr;
  std::vector<uint8_t> attributes;
  std::vector<int> inputs;
  int output = 0;
};

class Plan {
 public:
  Plan(Device& device, const mote_delegate_graph& partition);
  ~Plan();
  uint64_t session_bytes() const;

  Device& device;
  std::vector<Tensor> tensors;
  std::vector<Instruction> program;
  std::vector<int> inputs, outputs;

 private:
  int add(const mote_delegate_graph& graph, int32_t tensor);
  std::map<int32_t, int> places_;
};

class Session {
 public:
  explicit Session(const Plan& plan);
  ~Session();

  bool set_shape(const mote_delegate_shape* inputs, const mote_delegate_shape* outputs);
  // Copies the inputs and starts the thread's work.
  mote_delegate_result run(const void* const* inputs, void* const* outputs, uint64_t* fence);
  // Copies the outputs when the work is done.
  mote_delegate_result wait(uint64_t fence);

 private:
  size_t bytes(int operand) const;
  void serve();
  void compute(int64_t number);

  const Plan& plan_;
  std::vector<std::vector<uint8_t>> memory_;
  std::vector<Operand> operands_;
  std::vector<Call> calls_;
  std::vector<void*> targets_;  // the host's, for wait
  int64_t number_ = 0;          // of the run under way

  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t started_ = 0, done_ = 0;  // runs of this session
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace loopback
