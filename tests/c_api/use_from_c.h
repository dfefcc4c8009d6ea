/* What the C program below offers to the C++ test. */
#ifndef MOTE_TESTS_USE_FROM_C_H_
#define MOTE_TESTS_USE_FROM_C_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Loads, plans and runs the first entry point on `in`; returns the code of the first error. */
int run_from_c(const void* bytes, size_t size, const float* in, size_t in_count, float* out,
               size_t out_count);

#ifdef __cplusplus
}
#endif
#endif
