// DynamicQuantizeLinear.
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {

void import_dynamic_quantize_linear(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  std::vector<ir::ValueId> y = c.build().nodes(op_code::dynamic_quantize, ir::Bytes{}, {x},
                                               {Type::uint8, Type::float32, Type::uint8});
  if (c.failed()) return;
  c.define(0, y[0]);
  // Scalars.
  for (size_t i = 1; i < 3; ++i)
    if (c.has_output(i)) c.define(i, c.build().reshape(y[i], {}));
}

}  // namespace mote::onnx_import
