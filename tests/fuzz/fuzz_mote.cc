// Arbitrary .mote files, hashes off: load, plan, session, run. The mutator knows the format: most
// mutants are valid FlatBuffers, so that the checks of meaning and the kernels are reached.
#include "exact_bytes.h"
#include "exercise.h"
#include "mutate.h"
#include "stats.h"

using namespace mote::test;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ExactBytes bytes(data, size);
  ExerciseOptions options;
  // The contents choose, so that a finding repeats: structure in place or copied, kernels.
  uint8_t choice = size == 0 ? 0 : data[size - 1];
  options.structure =
      (choice & 1) != 0 ? mote::StructureMemory::in_place : mote::StructureMemory::copy;
  options.isa = (choice & 2) != 0 ? mote::Isa::scalar : mote::Isa::automatic;
  options.seed = choice;
  FuzzStats::count(exercise(bytes.span(), options));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  // One in sixteen is mutated as plain bytes, which breaks headers and FlatBuffers.
  if (seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
  return mutate_model(data, size, max_size, seed / 16);
}
