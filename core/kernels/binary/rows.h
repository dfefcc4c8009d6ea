// The loop over a row. In an anonymous namespace, so that every file compiles its own for its
// instruction set.
#pragma once

#include <cstdint>

#include "base/arch.h"

namespace mote {
namespace {

// y[i] = f(a[i * a_step], b[i * b_step]) with steps of 0 or 1; a row of two zeros has one element.
// y may be a or b where their step is 1.
template <class T, class Y, class F>
void apply_row(const T* a, int64_t a_step, const T* b, int64_t b_step, Y* y, int64_t n, F f) {
  if (a_step != 0 && b_step != 0) {
    MOTE_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i]);
  } else if (a_step != 0) {
    const T value = *b;
    MOTE_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], value);
  } else {
    const T value = *a;
    MOTE_INDEPENDENT
    for (int64_t i = 0; i < n; ++i) y[i] = f(value, b[i]);
  }
}

}  // namespace
}  // namespace mote
