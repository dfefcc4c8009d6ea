// The discrete Fourier transform as a constant matrix.
#pragma once

#include <vector>

#include "import/onnx/node_import.h"

namespace mote::onnx_import {

struct Fourier {
  int64_t inputs;   // elements that are given; those above `length` are not read
  int64_t length;   // of the transform
  int64_t bins;     // of the result, from the lowest on
  bool is_complex;  // the input has pairs of numbers
  bool inverse;
};

// [bins * 2, inputs, 1 or 2]: what each number of the input gives to each part of the result; with
// a factor per element of the input.
std::vector<float> fourier_matrix(const Fourier& f, const std::vector<double>& window = {});

}  // namespace mote::onnx_import
