#include <cstring>

#include "base/arch.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {
constexpr const char* kNames[] = {
#define MOTE_ISA(name, text) #name,
#include "mote/isa.inc"
#undef MOTE_ISA
};
}  // namespace

const char* isa_name(Isa isa) {
  return isa < Isa::count_ ? kNames[static_cast<size_t>(isa)] : "auto";
}

Result<Isa> isa_from_name(const char* name) {
  if (strcmp(name, "auto") == 0) return Isa::automatic;
  for (size_t i = 0; i < static_cast<size_t>(Isa::count_); ++i)
    if (strcmp(kNames[i], name) == 0) return static_cast<Isa>(i);
  return error(Code::name_unknown, 0, 0, name);
}

bool isa_available(Isa isa) {
  switch (isa) {
    case Isa::scalar:
    case Isa::automatic:
      return true;
    case Isa::avx2:
      return cpu_has_avx2();
    case Isa::avx512:
      return cpu_has_avx512();
    default:
      return false;
  }
}

bool isa_includes(Isa isa, Isa kernel) {
  return kernel == Isa::scalar || kernel == isa || (isa == Isa::avx512 && kernel == Isa::avx2);
}

}  // namespace mote
