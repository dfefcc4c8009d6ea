// Reset of a Cortex-M: memory, floating-point unit, main. No C run-time objects are linked.
#include <cstdint>

#include "semihosting.h"

extern "C" {
extern uint32_t mote_data_load[], mote_data_start[], mote_data_end[];
extern uint32_t mote_bss_start[], mote_bss_end[];
extern uint32_t mote_stack_start[], mote_stack_end[];
int main();
[[noreturn]] void mote_reset();
}

namespace {

constexpr uint32_t kStackPaint = 0xC5C5C5C5;

// Coprocessor access control (Armv7-M ARM, B3.2.20): full access to CP10 and CP11, the FPU.
volatile uint32_t* const kCpacr = reinterpret_cast<volatile uint32_t*>(0xE000ED88);
constexpr uint32_t kFullAccess = 0xFu << 20;

[[noreturn]] void fault() {
  mote::mcu::write("FAULT\n");
  mote::mcu::exit(3);
}

}  // namespace

namespace mote::mcu {

// Bytes between the stack's end and the deepest word that was ever written.
uint32_t stack_used() {
  const uint32_t* p = mote_stack_start;
  while (p < mote_stack_end && *p == kStackPaint) ++p;
  return static_cast<uint32_t>(mote_stack_end - p) * sizeof(uint32_t);
}

}  // namespace mote::mcu

// Volatile keeps the compiler from making calls of memset and memcpy out of the loops, whose own
// stack would be painted over.
extern "C" void mote_reset() {
  *kCpacr = *kCpacr | kFullAccess;
  asm volatile("dsb\n isb");
  auto* here = static_cast<uint32_t*>(__builtin_frame_address(0));
  // Below the current frame, with room for what this function pushes.
  for (volatile uint32_t* p = mote_stack_start; p < here - 32; ++p) *p = kStackPaint;
  const uint32_t* from = mote_data_load;
  for (volatile uint32_t* p = mote_data_start; p < mote_data_end; ++p) *p = *from++;
  for (volatile uint32_t* p = mote_bss_start; p < mote_bss_end; ++p) *p = 0;
  mote::mcu::exit(main());
}

// Armv7-M vector table: initial stack, reset, 14 system exceptions; interrupts stay off.
__attribute__((section(".vectors"), used)) void (*const mote_vectors[16])() = {
    reinterpret_cast<void (*)()>(mote_stack_end),
    mote_reset,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault,
    fault};
