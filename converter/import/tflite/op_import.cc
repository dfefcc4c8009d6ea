#include "import/tflite/op_import.h"

#include "ir/op_view.h"

namespace mote::tflite_import {

#define MOTE_TFLITE_IMPORTER(code, name, function) void function(OpImport&);
#include "import/tflite/importers.inc"
#undef MOTE_TFLITE_IMPORTER

#define MOTE_TFLITE_CUSTOM_IMPORTER(name, function) void function(OpImport&);
#include "import/tflite/custom_importers.inc"
#undef MOTE_TFLITE_CUSTOM_IMPORTER

namespace {
constexpr Importer kCustomImporters[] = {
#define MOTE_TFLITE_CUSTOM_IMPORTER(name, function) {32, #name, function},
#include "import/tflite/custom_importers.inc"
#undef MOTE_TFLITE_CUSTOM_IMPORTER
};
constexpr Importer kImporters[] = {
#define MOTE_TFLITE_IMPORTER(code, name, function) {code, #name, function},
#include "import/tflite/importers.inc"
#undef MOTE_TFLITE_IMPORTER
};
}  // namespace

const Importer* find_importer(int32_t code) {
  for (const Importer& i : kImporters)
    if (i.code == code) return &i;
  return nullptr;
}

const Importer* find_custom_importer(const std::string& name) {
  for (const Importer& i : kCustomImporters)
    if (name == i.name) return &i;
  return nullptr;
}

void OpImport::error(const std::string& what, const std::string& remedy, int32_t tensor) {
  std::string place = where_;
  if (tensor >= 0 && static_cast<uint32_t>(tensor) < importer_.tensor_count())
    place += ", tensor '" + importer_.tensor_name(static_cast<uint32_t>(tensor)) + "'";
  importer_.source().error(place, what, remedy);
  failed_ = true;
}

int32_t OpImport::input_tensor(size_t i) const {
  return i < input_count() ? op_.inputs()->Get(static_cast<uint32_t>(i)) : -1;
}
int32_t OpImport::output_tensor(size_t i) const {
  return i < output_count() ? op_.outputs()->Get(static_cast<uint32_t>(i)) : -1;
}

ir::ValueId OpImport::input(size_t i) {
  if (!has(i)) {
    error("input " + std::to_string(i) + " is missing", "export the model again");
    return ir::kNone;
  }
  ir::ValueId v = importer_.value(input_tensor(i), where_);
  failed_ = failed_ || v == ir::kNone;
  return v;
}

ir::ValueId OpImport::optional_input(size_t i) { return has(i) ? input(i) : ir::kNone; }

ir::ValueId OpImport::input_like(size_t i, ir::ValueId like) {
  ir::ValueId v = input(i);
  if (v == ir::kNone || like == ir::kNone || value(like).type != Type::float32) return v;
  if (value(v).kind != TensorKind::constant || value(v).type == Type::float32) return v;
  // Weights that several operators share are widened for each.
  if (!importer_.source().visit(value(v).data->size())) {
    failed_ = true;
    return ir::kNone;
  }
  std::optional<std::vector<float>> elements = dequantized(value(v));
  if (!elements) return v;
  std::string name = value(v).name;
  ShapeBounds shape = value(v).shape;
  return graph().add_constant(name, Type::float32, shape, *elements);
}

ir::ValueId OpImport::output(size_t i) {
  int32_t t = output_tensor(i);
  if (t < 0 || static_cast<uint32_t>(t) >= importer_.tensor_count()) {
    error("output " + std::to_string(i) + " is missing", "export the model again");
    return ir::kNone;
  }
  if (importer_.is_defined(t)) {
    error("the tensor is written a second time", "the file is damaged", t);
    return ir::kNone;
  }
  std::optional<ir::Value> described = importer_.describe(static_cast<uint32_t>(t), where_);
  if (!described) {
    failed_ = true;
    return ir::kNone;
  }
  ir::ValueId v = graph().add_value(std::move(*described));
  importer_.define(t, v);
  return v;
}

std::optional<std::vector<int64_t>> OpImport::constant_ints(size_t i) {
  ir::ValueId v = ir::kNone;
  Span<const uint8_t> data;
  int32_t t = input_tensor(i);
  bool in_range = t >= 0 && static_cast<uint32_t>(t) < importer_.tensor_count();
  // An empty list is a constant without data.
  if (in_range && !importer_.is_defined(t)) {
    const tfl::Tensor& tensor = importer_.tensor(static_cast<uint32_t>(t));
    if (size_of(tensor.shape()) == 1 && tensor.shape()->Get(0) == 0 &&
        !importer_.constant_data(static_cast<uint32_t>(t), &data))
      return std::vector<int64_t>{};
  }
  v = input(i);
  if (v == ir::kNone) return std::nullopt;
  const ir::Value& c = value(v);
  bool is_int = c.type == Type::int32 || c.type == Type::int64;
  if (c.kind != TensorKind::constant || !is_int) {
    error("input " + std::to_string(i) + " must be a constant of int32 or int64",
          "fold shape arithmetic when exporting the model", t);
    return std::nullopt;
  }
  size_t n = c.data->size() / type_bytes(c.type);
  if (!importer_.source().visit(n)) {
    failed_ = true;
    return std::nullopt;
  }
  std::vector<int64_t> out(n);
  for (size_t k = 0; k < n; ++k)
    out[k] = c.type == Type::int32 ? c.as<int32_t>()[k] : c.as<int64_t>()[k];
  return out;
}

std::optional<int64_t> OpImport::constant_int(size_t i) {
  auto list = constant_ints(i);
  if (!list) return std::nullopt;
  if (list->size() == 1) return list->front();
  error("input " + std::to_string(i) + " has " + std::to_string(list->size()) +
        " elements, expected 1");
  return std::nullopt;
}

std::optional<int32_t> OpImport::axis(int64_t value, int32_t rank) {
  if (value >= -int64_t{rank} && value < rank)
    return static_cast<int32_t>(value < 0 ? value + rank : value);
  error("axis " + std::to_string(value) + " of a tensor of rank " + std::to_string(rank));
  return std::nullopt;
}

bool OpImport::emit_reshape(ir::ValueId x, const std::vector<int32_t>& shape, ir::ValueId output) {
  if (shape.size() > kMaxRank) {
    error("rank " + std::to_string(shape.size()) + "; the limit is 8");
    return false;
  }
  ReshapeAttrs a{};
  a.count = static_cast<int32_t>(shape.size());
  for (size_t i = 0; i < shape.size(); ++i) a.shape[i] = shape[i];
  return emit(op_code::reshape, a, {x}, output);
}

ir::ValueId OpImport::reshaped(ir::ValueId x, const std::vector<int32_t>& shape,
                               const char* suffix) {
  std::string name = value(x).name + suffix;
  ir::Quantization quantization = value(x).quantization;
  ir::ValueId y = importer_.new_value(name, value(x).type, quantization);
  return emit_reshape(x, shape, y) ? y : ir::kNone;
}

std::optional<std::vector<int32_t>> OpImport::reshape_dims(const ShapeBounds& x,
                                                           const std::vector<Dim>& target) {
  std::vector<int32_t> out;
  bool inferred = false;
  for (size_t i = 0; i < target.size(); ++i) {
    Dim d = target[i];
    bool in_place =
        static_cast<int32_t>(i) < x.rank && x.dims[i].min == d.min && x.dims[i].max == d.max;
    if (d.is_static()) {
      out.push_back(d.max);
    } else if (in_place) {
      out.push_back(0);
    } else if (!inferred) {
      out.push_back(-1);
      inferred = true;
    } else {
      error("two dynamic dimensions change their places", "give these inputs a static shape");
      return std::nullopt;
    }
  }
  return out;
}

ir::ValueId OpImport::requantized(ir::ValueId x, const ir::Value& like) {
  if (value(x).quantization.scales == like.quantization.scales &&
      value(x).quantization.zero_points == like.quantization.zero_points)
    return x;
  std::string name = value(x).name + "/requantized";
  ir::ValueId y = importer_.new_value(name, like.type, like.quantization);
  return emit(op_code::requantize, {x}, y) ? y : ir::kNone;
}

int32_t OpImport::fused_activation(tfl::Activation activation) {
  switch (activation) {
    case tfl::Activation::NONE:
      return kMoteActivationNone;
    case tfl::Activation::RELU:
      return kMoteActivationRelu;
    case tfl::Activation::RELU6:
      return kMoteActivationRelu6;
    case tfl::Activation::RELU_N1_TO_1:
      return kMoteActivationReluN1To1;
    default:
      left_activation_ = activation;
      return kMoteActivationNone;
  }
}

void OpImport::finish_activation() {
  if (left_activation_ == tfl::Activation::NONE) return;
  ir::ValueId x = importer_.value(output_tensor(0), where_);
  if (x == ir::kNone || value(x).type != Type::float32)
    return error(std::string("fused activation ") + tfl::EnumNameActivation(left_activation_) +
                     " of a quantized operator is not supported",
                 "export the activation as an operator of its own");
  const std::string name = value(x).name;
  ir::ValueId y = ir::kNone;
  if (left_activation_ == tfl::Activation::TANH) {
    y = importer_.new_value(name + "/tanh", Type::float32, {});
    emit(op_code::activation, ActivationAttrs{kMoteTanh, 0, 0}, {x}, y);
  } else if (left_activation_ == tfl::Activation::SIGN_BIT) {
    // 1 where the number is negative. (The sign of a zero is not looked at.)
    ir::ValueId zero = graph().add_constant(name + "/zero", Type::float32, ir::shape_of({}),
                                            std::vector<float>{0});
    ir::ValueId below = importer_.new_value(name + "/below", Type::boolean, {});
    y = importer_.new_value(name + "/sign_bit", Type::float32, {});
    if (emit(op_code::compare, CompareAttrs{kMoteLess}, {x, zero}, below))
      emit(op_code::cast, {below}, y);
  } else {
    return error(
        "fused activation " + std::to_string(static_cast<int>(left_activation_)) + " is unknown",
        "the file is damaged");
  }
  if (!failed_) importer_.define(output_tensor(0), y);
}

}  // namespace mote::tflite_import
