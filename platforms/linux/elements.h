// Elements of raw little-endian tensors as numbers.
#pragma once

#include <string>
#include <vector>

#include "mote/types.h"

namespace mote::tool {

// Stored values, exactly (int64 beyond 2^53 loses its last bits).
std::vector<double> stored_values(Type type, const void* data, size_t count);
// The inverse, for values that the type holds.
void store_values(Type type, const std::vector<double>& values, void* data);

// Real values of per-tensor quantized elements; the others as they are.
double real_value(double stored, const Quantization& quantization);

// Converts elements between types that differ in representation only: int8 and uint8 (shifted by
// 128: imported legacy uint8 models compute in int8), and among boolean, int8..int64 by value.
// False when the types do not match so or a value does not fit.
bool convert_elements(Type from, const void* source, Type to, void* target, size_t count);

// From "float32", "FLOAT32", "UINT8", "BOOL"; throws Failure(kBadInput).
Type parse_type(const std::string& name);

}  // namespace mote::tool
