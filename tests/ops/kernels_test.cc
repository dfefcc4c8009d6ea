// Every kernel against the reference, on every case: in several orders of its tiles, from two
// workers, with and without packed weights, and in the memory of its input where that is allowed.
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "base/checked.h"
#include "ir/checked_node.h"
#include "ir/op_view.h"
#include "mote/session.h"
#include "ops/all_cases.h"
#include "ops/run_case.h"
#include "support/guarded.h"

namespace mote::test {
namespace {

constexpr uint32_t kWorkers = 2;

enum class Order { forwards, backwards, two_workers };

// One kernel prepared for one case; run() may be called again and again.
class Trial {
 public:
  Trial(const Case& c, const ReferenceRun& reference) : case_(c), reference_(reference) {
    Diagnostics diagnostics;
    EXPECT_TRUE(node_.init(reference.graph, reference.graph.nodes[0], diagnostics));
    const ir::Node& node = reference.graph.nodes[0];
    size_t next = 0;
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (!node_.view.has(i)) {
        originals_.emplace_back();
        continue;
      }
      const ir::Value& v = reference.graph.value(node.inputs[i]);
      if (v.data != nullptr) {
        originals_.push_back(*v.data);
      } else {
        originals_.push_back(reference.inputs[next++].bytes);
      }
      node_.input(i).data = v.kind == TensorKind::activation ? nullptr : v.data->data();
    }
  }

  const OpView& view() const { return node_.view; }

  // False: the kernel does not take this case.
  bool prepare(const Kernel& kernel, bool pack) {
    kernel_ = &kernel;
    if (!kernel.accepts(view()) || (kernel.needs_packing && !pack)) return false;
    pool_ = std::make_unique<Pool>();
    PrepareContext context{view(), kernel.isa, kWorkers, pack, *pool_};
    if (kernel.prepare != nullptr) {
      EXPECT_TRUE(kernel.prepare(context).ok());
    }
    params_ = context.params;
    stride_ = round_up(context.scratch_bytes, kArenaAlignment);
    scratch_bytes_ = context.scratch_bytes;
    shared_bytes_ = context.shared_scratch_bytes;
    packed_ = std::make_unique<Guarded>(context.packed_bytes);
    if (context.packed_bytes != 0) kernel.pack(view(), params_, packed_->data());
    EXPECT_TRUE(packed_->intact()) << "packing wrote beyond the packed bytes";
    return true;
  }

  // `in_place`: input whose memory output 0 takes, or -1.
  void run(Order order, int in_place = -1) {
    std::vector<std::unique_ptr<Guarded>> memory;
    std::vector<Tensor> tensors;
    make_tensors(&memory, &tensors, in_place);
    std::vector<const Tensor*> inputs, outputs;
    for (size_t i = 0; i < view().inputs.size; ++i)
      inputs.push_back(view().has(i) ? &tensors[i] : nullptr);
    for (size_t i = 0; i < view().outputs.size; ++i)
      outputs.push_back(&tensors[view().inputs.size + i]);

    Guarded scratch(stride_ * kWorkers), shared(shared_bytes_);
    KernelCall call;
    call.view = &view();
    call.inputs = inputs.data();
    call.outputs = outputs.data();
    call.params = params_;
    call.packed = packed_->size() == 0 ? nullptr : packed_->data();
    call.scratch = scratch.data();
    call.scratch_stride = stride_;
    call.shared_scratch = shared.data();
    execute(call, order);

    EXPECT_TRUE(scratch.intact() && shared.intact()) << "wrote beyond the scratch";
    check_memory(memory, in_place);
  }

 private:
  // How many of the first inputs it writes.
  size_t written_states() const {
    return (view().op->flags & kWritesState) != 0 ? view().op->states : 0;
  }

  void make_tensors(std::vector<std::unique_ptr<Guarded>>* memory, std::vector<Tensor>* tensors,
                    int in_place) {
    for (size_t i = 0; i < originals_.size(); ++i) {
      // Off the cache line, as values in the caller's memory may be.
      size_t offset = view().has(i) && i % 2 == 1 ? type_bytes(view().in(i).type) : 0;
      memory->push_back(std::make_unique<Guarded>(originals_[i].size(), offset));
      memory->back()->fill(originals_[i].data());
      tensors->push_back({memory->back()->data(), view().inputs[i],
                          view().has(i) ? view().in(i).bounds.max() : Shape{}});
    }
    for (size_t i = 0; i < view().outputs.size; ++i) {
      memory->push_back(std::make_unique<Guarded>(reference_.outputs[i].bytes.size()));
      uint8_t* data = in_place >= 0 && i == 0 ? (*memory)[static_cast<size_t>(in_place)]->data()
                                              : memory->back()->data();
      tensors->push_back({data, view().outputs[i], reference_.outputs[i].shape});
    }
  }

  void execute(const KernelCall& call, Order order) {
    FloatEnvironment environment;
    if (kernel_->check_data != nullptr) {
      ASSERT_TRUE(kernel_->check_data(call).ok());
    }
    execute_phase(call, order, kernel_->before);
    execute_phase(call, order, {kernel_->tiles, kernel_->run});
    execute_phase(call, order, kernel_->after);
  }

  static void execute_phase(const KernelCall& call, Order order, const KernelPhase& phase) {
    if (phase.run == nullptr) return;
    uint32_t tiles = phase.tiles == nullptr ? 1 : phase.tiles(call);
    ASSERT_GE(tiles, 1u);
    if (order == Order::forwards) {
      for (uint32_t t = 0; t < tiles; ++t) phase.run(call, t, 0);
    } else if (order == Order::backwards) {
      for (uint32_t t = tiles; t-- > 0;) phase.run(call, t, 1);
    } else {
      std::thread other([&] {
        FloatEnvironment others;
        for (uint32_t t = 1; t < tiles; t += 2) phase.run(call, t, 1);
      });
      for (uint32_t t = 0; t < tiles; t += 2) phase.run(call, t, 0);
      other.join();
    }
  }

  void check_memory(std::vector<std::unique_ptr<Guarded>>& memory, int in_place) {
    for (auto& m : memory) EXPECT_TRUE(m->intact()) << "wrote beyond an operand";
    for (size_t i = 0; i < originals_.size(); ++i) {
      if (static_cast<int>(i) == in_place || i < written_states()) continue;
      EXPECT_EQ(originals_[i].size() == 0 ||
                    memcmp(memory[i]->data(), originals_[i].data(), originals_[i].size()) == 0,
                true)
          << "input " << i << " was changed";
    }
    for (size_t i = 0; i < written_states(); ++i)
      check_output(i, memory[i]->data(), view().in(i).type);
    for (size_t i = 0; i < view().outputs.size; ++i) {
      size_t at = in_place >= 0 && i == 0 ? static_cast<size_t>(in_place) : originals_.size() + i;
      check_output(i, memory[at]->data(), view().out(i).type);
    }
  }

  void check_output(size_t i, const uint8_t* got, Type type) {
    const ir::Bytes& expected = reference_.outputs[i].bytes;
    EXPECT_EQ(compare(case_, type, expected.data(), got, expected.size()), "");
  }

  const Case& case_;
  const ReferenceRun& reference_;
  CheckedNode node_;
  std::vector<ir::Bytes> originals_;
  const Kernel* kernel_ = nullptr;
  std::unique_ptr<Pool> pool_;
  std::unique_ptr<Guarded> packed_;
  const void* params_ = nullptr;
  size_t stride_ = 0, scratch_bytes_ = 0, shared_bytes_ = 0;
};

class Kernels : public testing::TestWithParam<OperatorCases> {};

void try_kernel(const Case& c, const ReferenceRun& reference, const Kernel& kernel, bool pack) {
  Trial trial(c, reference);
  if (!trial.prepare(kernel, pack)) return;
  for (Order order : {Order::forwards, Order::backwards, Order::two_workers}) trial.run(order);
  const OpView& v = trial.view();
  for (int i = 0; i < 8 && i < static_cast<int>(v.inputs.size); ++i) {
    size_t k = static_cast<size_t>(i);
    if ((v.op->in_place >> i & 1) == 0 || !v.has(k) || v.in(k).kind != TensorKind::activation)
      continue;
    if (v.in(k).type == v.out().type && v.in(k).bounds.max() == v.out().bounds.max())
      trial.run(Order::backwards, i);
  }
}

TEST_P(Kernels, EqualTheReference) {
  const Operator& op = *ir::find_operator(GetParam().code);
  size_t index = 0;
  for (const Case& c : cases_of(GetParam())) {
    ReferenceRun reference = run_reference(c, case_seed(index++));
    ASSERT_EQ(reference.error, "") << c.name;
    for (const Kernel& kernel : op.kernels) {
      if (!isa_available(kernel.isa)) continue;
      SCOPED_TRACE(c.name + ", " + kernel.name);
      try_kernel(c, reference, kernel, false);
      if (kernel.pack != nullptr) try_kernel(c, reference, kernel, true);
      if (HasFailure()) return;
    }
  }
}

// The session runs control flow (session_test.cc).
std::vector<OperatorCases> cases_with_kernels() {
  std::vector<OperatorCases> list = all_cases();
  std::erase_if(list, [](const auto& c) { return ir::find_operator(c.code)->graphs != 0; });
  return list;
}

INSTANTIATE_TEST_SUITE_P(Operators, Kernels, testing::ValuesIn(cases_with_kernels()),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace mote::test
