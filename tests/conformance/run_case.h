// Converts and runs a test case, and judges the result.
#pragma once

#include "test_case.h"

namespace mote::conformance {

enum class Verdict {
  passed,       // operators ran on the inputs, and every output is as expected
  frozen,       // so, but inputs that determine shapes were made constants
  unsupported,  // a diagnostic of the converter, or nothing that depends on an input was left to
                // run
  wrong,        // another result, or a failing run
};

struct Outcome {
  Verdict verdict = Verdict::passed;
  std::string reason;  // one line; empty where it passed
};

Outcome run_case(const TestCase& test_case);

}  // namespace mote::conformance
