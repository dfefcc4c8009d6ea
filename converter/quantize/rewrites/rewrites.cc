#include "quantize/rewrites/rewrite.h"

namespace mote {

const QuantizeRow* find_quantize_row(uint16_t op) {
  const Span<const QuantizeRow> families[] = {weighted_rows(), binary_rows(),   function_rows(),
                                              window_rows(),   movement_rows(), float_rows()};
  for (const Span<const QuantizeRow>& rows : families)
    for (const QuantizeRow& row : rows)
      if (row.op == op) return &row;
  return nullptr;
}

}  // namespace mote
