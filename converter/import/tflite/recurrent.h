// What the importers of recurrent operators share.
#pragma once

#include "import/tflite/op_import.h"

namespace mote::tflite_import {

// Inputs first ... first + count - 1, constants, one below the other (float32 where `like` is).
// With scales they have one per row. None at all: kNone.
ir::ValueId stacked(OpImport& c, size_t first, size_t count, ir::ValueId like);

// The kind of an activation of recurrent_attributes.h, `alpha` too.
struct RecurrentActivation {
  int32_t kind = kMoteTanh;
  float alpha = 0;
};
RecurrentActivation recurrent_activation(OpImport& c, tfl::Activation activation);

// A value that an operator keeps for its next run: a variable tensor becomes a state of its name.
class Kept {
 public:
  Kept(OpImport& c, size_t input);
  ir::ValueId value() const { return value_; }  // kNone: absent
  // An output like it.
  ir::ValueId next();
  // `next` is what the next run reads.
  void keep(ir::ValueId next);

 private:
  void read(size_t input);

  OpImport& c_;
  std::string state_;
  ir::ValueId value_ = ir::kNone;
};

}  // namespace mote::tflite_import
