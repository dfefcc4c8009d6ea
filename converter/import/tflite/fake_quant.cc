// FAKE_QUANT.
#include "import/tflite/op_import.h"

namespace mote::tflite_import {

void import_fake_quant(OpImport& c) {
  const auto* options = c.required_options<tfl::FakeQuantOptions>();
  ir::ValueId x = c.input(0);
  if (options == nullptr || c.failed()) return;
  ir::ValueId y = c.output();
  if (c.failed()) return;
  FakeQuantAttrs a{options->min(), options->max(), options->num_bits(), options->narrow_range()};
  c.emit(op_code::fake_quant, a, {x}, y);
}

}  // namespace mote::tflite_import
