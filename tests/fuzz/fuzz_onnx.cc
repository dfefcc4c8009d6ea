// Arbitrary ONNX files: the converter must answer with a model or with diagnostics, and what it
// writes must load and run.
#include <cstdlib>

#include "exact_bytes.h"
#include "exercise.h"
#include "mote/converter.h"
#include "onnx_models.h"
#include "stats.h"

using namespace mote::test;

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  if (seed % 8 == 0) return LLVMFuzzerMutate(data, size, max_size);
  return mutate_onnx(data, size, max_size, seed / 8);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ExactBytes source(data, size);
  mote::ConvertResult result = mote::convert_onnx(source.span());
  if (!result.ok()) {
    FuzzStats::count(Reached::nothing);
    return 0;
  }
  ExactBytes file(result.bytes);
  // The exporter keeps the validator's rules.
  mote::LoadOptions options;
  options.integrity = mote::Integrity::full;
  mote::Status s = mote::Model::load(file.span(), mote::inference_operators(), options).status();
  bool limited = s.code == mote::Code::tensor_too_large || s.code == mote::Code::work_limit ||
                 s.code == mote::Code::weights_limit;
  if (!s.ok() && !limited) abort();
  FuzzStats::count(exercise(file.span()));
  return 0;
}
