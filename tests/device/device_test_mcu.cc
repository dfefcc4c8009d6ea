// The packs in read-only memory of a bare-metal board.
#include "device/run_packs.h"
#include "mote/train.h"
#include "semihosting.h"

extern "C" {
extern const uint8_t mote_packs[], mote_packs_end[];
}

namespace {
alignas(64) uint8_t memory[3u << 20];
}

int main() {
  mote::test::PackRun run;
  run.file = {mote_packs, static_cast<size_t>(mote_packs_end - mote_packs)};
  run.memory = memory;
  run.operators = mote::training_operators();
  run.structure = mote::StructureMemory::in_place;
  run.print = mote::mcu::write;
  mote::test::PackResult result = mote::test::run_packs(run);
  return result.failed == 0 && result.passed != 0 ? 0 : 1;
}
