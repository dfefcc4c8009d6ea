// Det.
#include <bit>

#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

// 2^6 minors, as Laplace's expansion computes each of them once.
constexpr int32_t kMaxSize = 6;

class Determinant {
 public:
  // Of x [..., size, size].
  Determinant(NodeImport& c, ir::ValueId x, int32_t size)
      : c_(c), size_(size), minors_(size_t{1} << size, ir::kNone) {
    const int32_t rank = c.rank(x);
    for (int32_t row = 0; row < size; ++row) {
      ir::ValueId line = c.slice_axis(x, rank - 2, row, row + 1);
      for (int32_t column = 0; column < size; ++column)
        elements_.push_back(c.slice_axis(line, rank - 1, column, column + 1));
    }
  }

  // [..., 1, 1]
  ir::ValueId value() { return minor((1U << size_) - 1); }

 private:
  // Of the last rows and these columns, of which there are as many.
  ir::ValueId minor(uint32_t columns) {
    ir::ValueId& known = minors_[columns];
    if (known != ir::kNone || c_.failed()) return known;
    const int32_t row = size_ - std::popcount(columns);
    ir::ValueId sum = ir::kNone;
    bool is_negative = false;
    for (int32_t column = 0; column < size_; ++column) {
      if ((columns >> column & 1) == 0) continue;
      ir::ValueId term = elements_[static_cast<size_t>(row * size_ + column)];
      const uint32_t others = columns & ~(1U << column);
      if (others != 0) term = binary(c_, op_code::mul, term, minor(others));
      sum = sum == ir::kNone ? term
                             : binary(c_, is_negative ? op_code::sub : op_code::add, sum, term);
      is_negative = !is_negative;
    }
    return minors_[columns] = sum;
  }

  NodeImport& c_;
  int32_t size_;
  std::vector<ir::ValueId> elements_;
  std::vector<ir::ValueId> minors_;  // by the set of columns
};

}  // namespace

void import_det(NodeImport& c) {
  ir::ValueId x = float_input(c, 0);
  if (c.failed()) return;
  const int32_t rank = c.rank(x);
  const Dim size = rank < 2 ? Dim{} : c.shape(x).dims[rank - 1];
  if (rank < 2 || !size.is_static() || c.shape(x).dims[rank - 2].max != size.max ||
      size.max > kMaxSize)
    return c.error("the determinant of a tensor of shape " + ir::shape_text(c.shape(x)),
                   "matrices must be square, of at most 6 rows");
  ir::ValueId y = Determinant(c, x, size.max).value();
  if (c.failed()) return;
  define_like(c, 0, c.drop_ones(y, {rank - 2, rank - 1}), c.input(0));
}

}  // namespace mote::onnx_import
