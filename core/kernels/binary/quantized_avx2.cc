#include "kernels/binary/quantized.h"
#include "kernels/binary/quantized_rows.h"

namespace mote {

void add_s8_row_avx2(const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int8_t* y,
                     int64_t n, const AddS8Params& p) {
  add_s8_row(a, a_step, b, b_step, y, n, p);
}

void mul_s8_row_avx2(const int8_t* a, int64_t a_step, const int8_t* b, int64_t b_step, int8_t* y,
                     int64_t n, const MulS8Params& p) {
  mul_s8_row(a, a_step, b, b_step, y, n, p);
}

}  // namespace mote
