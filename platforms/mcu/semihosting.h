// Text and exit status by way of a debugger or emulator (Arm semihosting, version 3).
#pragma once

#include <cstdint>

namespace mote::mcu {

void write(const char* text);
void write(uint32_t number);
[[noreturn]] void exit(int status);
// startup.cc
uint32_t stack_used();

}  // namespace mote::mcu
