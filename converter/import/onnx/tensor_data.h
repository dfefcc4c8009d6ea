// The elements of a TensorProto: raw, as typed lists, or in a file beside the model.
#pragma once

#include <optional>
#include <string>

#include "import/onnx/source.h"

namespace mote::onnx_import {

// Nothing when Mote has no such type.
std::optional<Type> element_type(int64_t data_type);
std::string element_type_text(int64_t data_type);

// Fills in dims and data, float64 as float32; the text says what is wrong, or is empty.
std::string read_elements(const onnx::TensorProto& tensor, ExternalData& external, Tensor* out);

}  // namespace mote::onnx_import
