#pragma once

namespace mote::test {

// Counts calls of the malloc family, operator new and mmap by every thread between the two.
void start_counting();
long stop_counting();

}  // namespace mote::test
