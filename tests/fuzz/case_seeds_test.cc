// The fuzzers' seeds reach every operator: their mutants then do, too.
#include "case_seeds.h"

#include <gtest/gtest.h>

#include <map>

#include "../malformed/exact_bytes.h"
#include "../malformed/exercise.h"
#include "ops/all_cases.h"

namespace mote::test {
namespace {

TEST(Seeds, RunEveryOperator) {
  std::map<uint16_t, int> ran;
  for (const CaseSeed& seed : case_seeds()) {
    ExactBytes bytes(seed.file);
    Reached reached = exercise(bytes.span());
    // A seed above the fuzzers' own limits is refused there as well.
    ran[seed.op] += reached == Reached::run ? 1 : 0;
  }
  for (const OperatorCases& op : all_cases())
    EXPECT_GT(ran[op.code], 0) << op.name << " is not run by any seed";
}

}  // namespace
}  // namespace mote::test
