// Everything the converter has to complain about, collected before it gives up.
#pragma once

#include <string>
#include <vector>

#include "mote/converter.h"

namespace mote {

class Diagnostics {
 public:
  void add(std::string where, std::string what, std::string remedy = {}) {
    // Height and width of a window complain alike.
    const bool is_repeated = !list_.empty() && list_.back().where == where &&
                             list_.back().what == what && list_.back().remedy == remedy;
    if (is_repeated) return;
    list_.push_back({std::move(where), std::move(what), std::move(remedy)});
  }
  bool empty() const { return list_.empty(); }
  const std::vector<Diagnostic>& list() const { return list_; }
  // One line each: "where: what (remedy)".
  std::string text() const;

 private:
  std::vector<Diagnostic> list_;
};

// One line each, as Diagnostics::text.
std::string diagnostics_text(const std::vector<Diagnostic>& list);

}  // namespace mote
