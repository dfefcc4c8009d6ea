#pragma once

namespace mote::test {

// Counts calls of the malloc family, operator new and mmap by every thread between the two.
void start_counting();
long stop_counting();

// The most bytes of the malloc family and operator new that all threads held at one time since
// start_measuring(), beyond those held then.
void start_measuring();
long most_bytes_held();

}  // namespace mote::test
