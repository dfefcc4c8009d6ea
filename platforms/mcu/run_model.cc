// Runs a model from read-only memory in one fixed block that holds everything: model, plan,
// session and arena. Compares with reference outputs and prints the bytes used.
#include <cstring>

#include "bump_memory.h"
#include "mote/session.h"
#include "run_model_operators.h"
#include "semihosting.h"

// The files given to mote_mcu_embed(): a .mote file, inputs and expected outputs of all cases.
extern "C" {
extern const uint8_t mote_model[], mote_model_end[];
extern const uint8_t mote_inputs[], mote_inputs_end[];
extern const uint8_t mote_outputs[], mote_outputs_end[];
}

namespace {

using mote::Result;
using mote::Span;
using mote::Status;
using mote::mcu::write;

// What tflite-micro takes for person detection: the bar for all of ours together.
alignas(16) uint8_t memory[136 * 1024];

void write_bytes(const char* what, size_t bytes) {
  write(what);
  write(static_cast<uint32_t>(bytes));
  write(" bytes\n");
}

int fail(const char* what, const Status& status) {
  write("FAILED: ");
  write(what);
  write(": ");
  write(mote::code_name(status.code));
  write("\n");
  return 1;
}

Status run_cases(mote::Session& session, uint32_t* cases, uint32_t* wrong) {
  const uint8_t* expected = mote_outputs;
  for (const uint8_t* in = mote_inputs; in < mote_inputs_end; ++*cases) {
    Result<Span<uint8_t>> input = session.input(0, 0);
    if (!input.ok()) return input.status();
    memcpy(input->data, in, input->size);
    in += input->size;
    MOTE_TRY(session.run(0));
    Result<Span<const uint8_t>> output = session.output(0, 0);
    if (!output.ok()) return output.status();
    if (memcmp(output->data, expected, output->size) != 0) ++*wrong;
    expected += output->size;
  }
  return {};
}

void report(const mote::Model& model, const mote::Plan& plan, const mote::mcu::BumpMemory& block,
            size_t high_water_of_planning) {
  const mote::PlanReport& r = plan.report();
  write_bytes("model:         ", model.memory_bytes());
  write_bytes("plan:          ", r.plan_bytes);
  write_bytes("session:       ", r.session_bytes);
  write_bytes("arena:         ", r.arena_bytes);
  write_bytes("peak live:     ", r.peak_live_bytes);
  write_bytes("while planning:", high_water_of_planning);
  write_bytes("all in memory: ", block.used());
  write_bytes("high water:    ", block.most());
}

int run(mote::mcu::BumpMemory& block) {
  mote::LoadOptions load;
  load.structure = mote::StructureMemory::in_place;
  load.allocator = block.allocator();
  Span<const uint8_t> bytes(mote_model, static_cast<size_t>(mote_model_end - mote_model));
  Result<mote::Model> model = mote::Model::load(bytes, run_model_operators(), load);
  if (!model.ok()) return fail("load", model.status());

  mote::PlanOptions options;
  options.pack_weights = false;
  options.arena_alignment = 16;
  options.allocator = block.allocator();
  Result<mote::Plan> plan = mote::Plan::create(*model.operator->(), {}, options);
  if (!plan.ok()) return fail("plan", plan.status());
  size_t planning = block.most();

  mote::SessionOptions with;
  with.allocator = block.allocator();
  Result<mote::Session> session = mote::Session::create(plan.value(), with);
  if (!session.ok()) return fail("session", session.status());

  uint32_t cases = 0, wrong = 0;
  Status ran = run_cases(session.value(), &cases, &wrong);
  if (!ran.ok()) return fail("run", ran);
  report(model.value(), plan.value(), block, planning);
  write(cases);
  write(" cases, ");
  write(wrong);
  write(" wrong\n");
  return cases != 0 && wrong == 0 ? 0 : 1;
}

}  // namespace

int main() {
  mote::mcu::BumpMemory block{Span<uint8_t>(memory)};
  int status = run(block);
  write_bytes("stack:         ", mote::mcu::stack_used());
  return status;
}
