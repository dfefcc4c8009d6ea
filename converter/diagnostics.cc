#include "diagnostics.h"

namespace mote {

std::string diagnostics_text(const std::vector<Diagnostic>& list) {
  std::string out;
  for (const Diagnostic& d : list) {
    if (!d.where.empty()) out += d.where + ": ";
    out += d.what;
    if (!d.remedy.empty()) out += " (" + d.remedy + ")";
    out += '\n';
  }
  return out;
}

std::string Diagnostics::text() const { return diagnostics_text(list_); }

std::string ConvertResult::text() const { return diagnostics_text(diagnostics); }

}  // namespace mote
