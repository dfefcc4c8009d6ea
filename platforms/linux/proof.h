// The proof of a conversion: every value of the result against the source's graph.
#pragma once

#include <string>
#include <vector>

#include "json.h"
#include "mote/converter.h"
#include "reference_set.h"
#include "runner.h"

namespace mote::tool {

// The set's cases as inputs of prove(). Cases that take outputs of others are left out; of a
// stateful sequence, the first one stands alone.
std::vector<ProofCase> proof_cases(const Runner& runner, const ReferenceSet& set);

// The worst `limit` layers (0: all), worst first.
std::string text_of(const ProofResult& proof, size_t limit);
// Documented in README.md, "mote convert".
Json json_of(const ProofResult& proof);

}  // namespace mote::tool
