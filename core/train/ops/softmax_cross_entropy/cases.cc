#include <cmath>

#include "ops/case.h"

namespace mote::test {
namespace {

std::vector<int32_t> draw_shape(CaseList& list, int i) {
  if (i % 16 == 15) return {3, 5000};
  if (i % 16 == 7) return {5000, 2};
  return list.shape(list.integer(1, 6), 5);
}

// One of four labels is ignored, where an index says so; all of them for `none_left`.
Operand draw_labels(CaseList& list, const std::vector<int32_t>& logits, int32_t ignore,
                    bool none_left) {
  std::vector<int32_t> shape(logits.begin(), logits.end() - 1), labels;
  size_t count = 1;
  for (int32_t d : shape) count *= static_cast<size_t>(d);
  for (size_t i = 0; i < count; ++i) {
    bool ignored = ignore != -1 && (none_left || list.integer(0, 3) == 0);
    labels.push_back(ignored ? ignore : list.integer(0, logits.back() - 1));
  }
  Operand o = list.given(Type::int32, shape, labels);
  o.kind = TensorKind::activation;
  return o;
}

void add(CaseList& list, const SoftmaxCrossEntropyAttrs& attrs, Operand logits, Operand labels) {
  list.add(op_code::softmax_cross_entropy, attrs, {std::move(logits), std::move(labels)},
           {list.f32({}), list.f32({})});
}

void add_random(CaseList& list, int i) {
  const float smoothing[] = {0, 0.1f, 1, 0.5f};
  const int32_t ignore[] = {-1, -100, 0, 255};  // a class may be what is ignored
  std::vector<int32_t> shape = draw_shape(list, i);
  SoftmaxCrossEntropyAttrs attrs{smoothing[i % 4], ignore[i / 4 % 4]};
  double size = i % 5 == 0 ? 200 : 5;
  Operand logits = list.f32(shape, -size, size);
  if (i % 8 == 5) logits.fill = Fill::extreme;
  add(list, attrs, logits, draw_labels(list, shape, attrs.ignore_index, i % 9 == 8));
}

// Classes masked with -infinity; rows that NaN or infinity spoils.
void add_special(CaseList& list, float smoothing) {
  const float inf = INFINITY;
  for (const std::vector<float>& row :
       {std::vector<float>{-inf, 1, 2}, {-inf, 1, -inf}, {NAN, 1, 2}, {inf, 1, 2}}) {
    Operand logits = list.given(Type::float32, {1, 3}, row);
    logits.kind = TensorKind::activation;
    add(list, {smoothing, -1}, logits, list.given(Type::int32, {1}, std::vector<int32_t>{1}));
  }
}

}  // namespace

void softmax_cross_entropy_cases(CaseList& list) {
  for (int i = 0; i < 96; ++i) add_random(list, i);
  add_special(list, 0);
  add_special(list, 0.25f);
}

}  // namespace mote::test
