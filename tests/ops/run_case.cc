#include "ops/run_case.h"

#include <cmath>
#include <cstdio>

namespace mote::test {
namespace {

bool close(float expected, float got, double tolerance) {
  if (std::isnan(expected) || std::isnan(got)) return std::isnan(expected) == std::isnan(got);
  if (std::isinf(expected) || std::isinf(got)) return expected == got;
  return std::fabs(static_cast<double>(got) - expected) <=
         tolerance * std::fmax(1, std::fabs(expected));
}

std::string compare_floats(double tolerance, const float* expected, const float* got, size_t n) {
  for (size_t i = 0; i < n; ++i) {
    if (close(expected[i], got[i], tolerance)) continue;
    char text[128];
    snprintf(text, sizeof text, "element %zu of %zu: expected %.9g, got %.9g", i, n,
             static_cast<double>(expected[i]), static_cast<double>(got[i]));
    return text;
  }
  return {};
}

}  // namespace

ReferenceRun run_reference(const Case& c, uint32_t seed) {
  ReferenceRun run;
  run.graph = case_graph(c, seed);
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const Operand& o = c.inputs[i];
    if (o.absent || o.kind != TensorKind::activation) continue;
    Evaluated e;
    e.shape = ir::shape_of(o.shape).max();
    e.bytes = operand_data(o, seed + static_cast<uint32_t>(i));
    run.inputs.push_back(std::move(e));
  }
  Diagnostics diagnostics;
  std::vector<Evaluated> written;
  evaluate(run.graph, run.inputs, diagnostics, Precision::as_is,
           [&](ir::ValueId, const Evaluated& e) { written.push_back(e); });
  run.outputs = std::move(written);
  run.error = diagnostics.text();
  return run;
}

std::string compare(const Case& c, Type type, const void* expected, const void* got, size_t bytes) {
  if (type == Type::float32)
    return compare_floats(c.tolerance, static_cast<const float*>(expected),
                          static_cast<const float*>(got), bytes / sizeof(float));
  auto* a = static_cast<const uint8_t*>(expected);
  auto* b = static_cast<const uint8_t*>(got);
  for (size_t i = 0; i < bytes; ++i) {
    if (a[i] == b[i]) continue;
    size_t size = type_bytes(type);
    return "element " + std::to_string(i / size) + " of " + std::to_string(bytes / size) +
           ": byte " + std::to_string(i % size) + " is " + std::to_string(b[i]) + ", expected " +
           std::to_string(a[i]);
  }
  return {};
}

}  // namespace mote::test
