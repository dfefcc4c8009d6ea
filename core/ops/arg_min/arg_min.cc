// The first or last index of the minimum along an axis (NUMERICS.md, 6.2).
#include "ops/arg_extreme.h"
#include "ops/op_codes.h"

namespace mote {
namespace {

using namespace arg_extreme;

constexpr Kernel kKernels[] = {
#include "ops/arg_min/kernels.inc"
};

}  // namespace

extern const Operator arg_min_operator;
extern const Kernel arg_min_f64;

const Operator arg_min_operator = {
    .code = op_code::arg_min,
    .name = "arg_min",
    .attributes_kind = static_cast<uint8_t>(file::Attributes::ArgMax),
    .attributes_bytes = sizeof(ArgMaxAttrs),
    .read = read,
    .check = check,
    .shape = shape,
    .work = work,
    .kernels = kKernels,
};

const Kernel arg_min_f64 = {.name = "arg_min_f64_reference",
                            .reference = true,
                            .accepts = is_f64,
                            .tiles = tiles,
                            .run = run<true, double>};

}  // namespace mote
