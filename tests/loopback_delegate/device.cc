#include "device.h"

#include <chrono>

namespace loopback {

Plan::Plan(Device& d, const mote_delegate_graph& partition) : device(d) {
  for (uint32_t i = 0; i < partition.operator_count; ++i) {
    const mote_delegate_operator& from = partition.operators[i];
    Instruction to;
    to.op = find_operator(from.name);
    const auto* attributes = static_cast<const uint8_t*>(from.attributes);
    to.attributes.assign(attributes, attributes + from.attributes_bytes);
    for (uint32_t k = 0; k < from.input_count; ++k) {
      to.inputs.push_back(from.inputs[k] < 0 ? -1 : add(partition, from.inputs[k]));
    }
    to.output = add(partition, from.outputs[0]);
    program.push_back(std::move(to));
  }
  for (uint32_t i = 0; i < partition.input_count; ++i) {
    inputs.push_back(add(partition, partition.inputs[i]));
  }
  for (uint32_t i = 0; i < partition.output_count; ++i) {
    outputs.push_back(add(partition, partition.outputs[i]));
  }
  ++device.plans;
}

Plan::~Plan() { --device.plans; }

int Plan::add(const mote_delegate_graph& graph, int32_t tensor) {
  auto [place, is_new] = places_.try_emplace(tensor, static_cast<int>(tensors.size()));
  if (is_new) tensors.emplace_back(graph.tensors[tensor]);
  return place->second;
}

uint64_t Plan::session_bytes() const {
  uint64_t sum = 0;
  for (const Tensor& t : tensors) sum += t.constant ? 0 : t.bytes;
  return sum;
}

Session::Session(const Plan& plan)
    : plan_(plan), memory_(plan.tensors.size()), operands_(plan.tensors.size()) {
  for (size_t i = 0; i < operands_.size(); ++i) {
    const Tensor& t = plan.tensors[i];
    if (!t.constant) memory_[i].resize(t.bytes);
    uint8_t* data = t.constant ? const_cast<uint8_t*>(t.data.data()) : memory_[i].data();
    operands_[i] = {&t, t.largest, data};
  }
  for (const Instruction& from : plan.program) {
    Call to;
    to.attributes = from.attributes.data();
    for (int i : from.inputs)
      to.inputs.push_back(i < 0 ? nullptr : &operands_[static_cast<size_t>(i)]);
    to.output = &operands_[static_cast<size_t>(from.output)];
    calls_.push_back(std::move(to));
  }
  targets_.resize(plan.outputs.size());
  ++plan.device.sessions;
  plan.device.device_bytes += static_cast<int64_t>(plan.session_bytes());
  thread_ = std::thread([this] { serve(); });
}

Session::~Session() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
  --plan_.device.sessions;
  plan_.device.device_bytes -= static_cast<int64_t>(plan_.session_bytes());
}

size_t Session::bytes(int operand) const {
  const Operand& o = operands_[static_cast<size_t>(operand)];
  return static_cast<size_t>(o.shape.elements()) * element_bytes(o.info->type);
}

bool Session::set_shape(const mote_delegate_shape* inputs, const mote_delegate_shape* outputs) {
  if (plan_.device.options.fail_set_shape != 0) return false;
  auto equal = [](const Shape& own, const mote_delegate_shape& given) {
    Shape s;
    s.rank = given.rank;
    memcpy(s.dims, given.dims, sizeof s.dims);
    return own == s;
  };
  for (size_t i = 0; i < plan_.inputs.size(); ++i) {
    Shape& s = operands_[static_cast<size_t>(plan_.inputs[i])].shape;
    s.rank = inputs[i].rank;
    memcpy(s.dims, inputs[i].dims, sizeof s.dims);
  }
  for (size_t i = 0; i < calls_.size(); ++i)
    if (!plan_.program[i].op->shape(calls_[i])) return false;
  for (size_t i = 0; i < plan_.outputs.size(); ++i)
    if (!equal(operands_[static_cast<size_t>(plan_.outputs[i])].shape, outputs[i])) return false;
  return true;
}

mote_delegate_result Session::run(const void* const* inputs, void* const* outputs,
                                  uint64_t* fence) {
  Device& device = plan_.device;
  const mote_loopback_options& o = device.options;
  int64_t number = device.runs++;
  bool lost = o.lost_run >= 0 && number >= o.lost_run;
  if (lost && o.lost_in_wait == 0) return MOTE_DELEGATE_LOST;
  for (size_t i = 0; i < plan_.inputs.size(); ++i) {
    memcpy(memory_[static_cast<size_t>(plan_.inputs[i])].data(), inputs[i], bytes(plan_.inputs[i]));
  }
  for (size_t i = 0; i < targets_.size(); ++i) targets_[i] = outputs[i];
  std::lock_guard lock(mutex_);
  number_ = number;
  *fence = ++started_;
  changed_.notify_all();
  return MOTE_DELEGATE_OK;
}

mote_delegate_result Session::wait(uint64_t fence) {
  Device& device = plan_.device;
  {
    std::unique_lock lock(mutex_);
    if (done_ < fence) ++device.early;
    changed_.wait(lock, [&] { return done_ >= fence; });
  }
  const mote_loopback_options& o = device.options;
  if (o.lost_run >= 0 && number_ >= o.lost_run) return MOTE_DELEGATE_LOST;
  for (size_t i = 0; i < targets_.size(); ++i) {
    int output = plan_.outputs[i];
    memcpy(targets_[i], memory_[static_cast<size_t>(output)].data(), bytes(output));
  }
  return MOTE_DELEGATE_OK;
}

void Session::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_ || done_ < started_; });
    if (stop_) return;
    int64_t number = number_;
    lock.unlock();
    compute(number);
    lock.lock();
    done_ = started_;
    changed_.notify_all();
  }
}

void Session::compute(int64_t number) {
  const mote_loopback_options& o = plan_.device.options;
  if (o.delay_us > 0) std::this_thread::sleep_for(std::chrono::microseconds(o.delay_us));
  for (size_t i = 0; i < calls_.size(); ++i) plan_.program[i].op->run(calls_[i]);
  if (number != o.wrong_run || plan_.outputs.empty()) return;
  int output = plan_.outputs.back();
  // A float's exponent, so that no tolerance hides it.
  size_t byte = bytes(output) - 1;
  memory_[static_cast<size_t>(output)][byte] ^= 0x40;
}

}  // namespace loopback
