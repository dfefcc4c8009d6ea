// A tensor at run: its memory, its current shape and what the file says of it.
#pragma once

#include "mote/types.h"

namespace mote {

struct Tensor {
  void* data = nullptr;
  const TensorInfo* info = nullptr;
  Shape shape;

  Type type() const { return info->type; }
  int64_t elements() const { return shape.elements(); }
  int64_t bytes() const { return elements() * static_cast<int64_t>(type_bytes(info->type)); }
  int32_t dim(int i) const { return shape.dims[i]; }
  template <class T>
  T* as() const {
    return static_cast<T*>(data);
  }
};

// Spaces of a row-major shape: dimension i advances by strides[i] elements.
inline void row_major_strides(const Shape& shape, int64_t* strides) {
  int64_t n = 1;
  for (int i = shape.rank - 1; i >= 0; --i) {
    strides[i] = n;
    n *= shape.dims[i];
  }
}

}  // namespace mote
