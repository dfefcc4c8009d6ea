// Operators that always stay as they are, each with the reason that users read.
#include "quantize/rewrites/rewrite.h"

namespace mote {
namespace {

constexpr QuantizeRow kRows[] = {
    {.op = op_code::transpose_conv2d, .reason = "there is no int8 transpose_conv2d yet"},
    {.op = op_code::batch_matmul, .reason = "there is no int8 batch_matmul yet"},
    {.op = op_code::batch_norm,
     .reason = "batch normalization of other ranks than 4 that no layer took in has no int8 form"},
    {.op = op_code::cast, .reason = "a cast reads real values"},
    {.op = op_code::quantize, .reason = "the model quantizes here itself"},
    {.op = op_code::dequantize, .reason = "the model dequantizes here itself"},
    {.op = op_code::requantize, .reason = "the model requantizes here itself"},
    {.op = op_code::read_state, .reason = "states of the model stay float32"},
    {.op = op_code::assign_state, .reason = "states of the model stay float32"},
};

}  // namespace

Span<const QuantizeRow> float_rows() { return kRows; }

}  // namespace mote
