// What a smaller shape costs: a network with dynamic height and width at half the pixels, with
// a dynamic batch at half the size, and a transformer's block of ONNX at half the sequence or
// batch, against the full size of the same session. Samples of both are taken in turn, so that a
// change of the machine's speed meets both.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "dynamic/models.h"
#include "export/exporter.h"
#include "mote/session.h"
#include "support/aligned_bytes.h"
#include "support/open_models.h"

namespace mote::test {
namespace {

double run_us(Session& session) {
  auto start = std::chrono::steady_clock::now();
  if (!session.run().ok()) return -1;
  std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
  return time.count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

// Runs at both sizes in turn; `change` sets the full size or the half and writes the inputs.
template <class Change>
void compare_sizes(benchmark::State& state, Session& session, Change&& change) {
  std::vector<double> full_us, half_us;
  for (auto _ : state) {
    for (bool is_full : {true, false}) {
      if (!change(is_full)) state.SkipWithError("set_shape");
      (is_full ? full_us : half_us).push_back(run_us(session));
    }
  }
  state.counters["full_us"] = median(full_us);
  state.counters["half_us"] = median(half_us);
  state.counters["half/full"] = median(half_us) / median(full_us);
}

void half_size(benchmark::State& state) {
  Type type = state.range(0) == 0 ? Type::float32 : Type::int8;
  Diagnostics diagnostics;
  bool batch = state.range(1) != 0;
  DynamicNet net =
      batch ? DynamicNet(type, {48, 48}, {48, 48}, {1, 8}) : DynamicNet(type, {2, 96}, {2, 96});
  AlignedBytes bytes(export_module(net.module(), diagnostics));
  Result<Model> model = Model::load(bytes.span(), inference_operators());
  Result<Plan> plan = Plan::create(model.value());
  Result<Session> session = Session::create(plan.value());
  Shape full = (batch ? ir::shape_of({8, 48, 48, 3}) : ir::shape_of({1, 96, 96, 3})).max();
  Shape half = (batch ? ir::shape_of({4, 48, 48, 3}) : ir::shape_of({1, 48, 96, 3})).max();
  compare_sizes(state, session.value(), [&](bool is_full) {
    if (!session->set_shape(0, 0, is_full ? full : half).ok()) return false;
    Result<Span<uint8_t>> memory = session->input(0, 0);
    std::fill(memory->begin(), memory->end(), uint8_t{0});
    return true;
  });
}
BENCHMARK(half_size)
    ->ArgsProduct({{0, 1}, {0, 1}})
    ->ArgNames({"int8", "batch"})
    ->Unit(benchmark::kMillisecond);

void half_encoder(benchmark::State& state) {
  const bool batch = state.range(0) != 0;
  const Sizes full = {{"batch", batch ? 8 : 1}, {"sequence", batch ? 32 : 128}};
  Sizes half = full;
  half[batch ? "batch" : "sequence"] /= 2;
  OpenModel source = encoder_model(128, full.at("batch"), full.at("sequence"));
  AlignedBytes bytes(
      convert({source.bytes.data(), source.bytes.size()}, open_options(source)).bytes);
  Result<Model> model = Model::load(bytes.span(), inference_operators());
  if (!model.ok()) return state.SkipWithError("the model is not converted");
  Result<Plan> plan = Plan::create(model.value());
  Result<Session> session = Session::create(plan.value());
  const std::vector<Shape> shapes[] = {input_shapes(session.value(), source, half),
                                       input_shapes(session.value(), source, full)};
  compare_sizes(state, session.value(), [&](bool is_full) {
    const std::vector<Shape>& s = shapes[is_full ? 1 : 0];
    if (!session->set_shapes(0, {s.data(), s.size()}).ok()) return false;
    fill_inputs(session.value(), model.value(), 1);
    return true;
  });
}
BENCHMARK(half_encoder)->Arg(0)->Arg(1)->ArgNames({"batch"})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mote::test

BENCHMARK_MAIN();
