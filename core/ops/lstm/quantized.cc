// lstm on int8 with an int16 cell, as TensorFlow Lite's (NUMERICS.md, 20.5).
#include <initializer_list>

#include "ops/fixed_point.h"
#include "ops/lstm/layout.h"

namespace mote::lstm {
namespace {

using fixed_point::Multiplier;

// The cell's scale as a power of two: tanh takes up to 6 integer bits.
constexpr int kLeastCellExponent = -15, kMostCellExponent = -9;

Status check_type(const OpView& v, size_t operand, const TensorInfo& t, Type type) {
  (void)v;
  return t.type == type
             ? Status{}
             : error(Code::operand_type, static_cast<int64_t>(type), static_cast<int64_t>(operand));
}

Status check_types(const OpView& v) {
  constexpr Type kTypes[] = {Type::int8,  Type::int8,  Type::int8,  Type::int32,
                             Type::int8,  Type::int16, Type::int16, Type::int8,
                             Type::int32, Type::int16, Type::int32};
  constexpr Type kOutputs[] = {Type::int8, Type::int8, Type::int16};
  for (size_t i = 0; i < v.inputs.size; ++i)
    if (v.has(i)) MOTE_TRY(check_type(v, i, v.in(i), kTypes[i]));
  for (size_t i = 0; i < 3; ++i) MOTE_TRY(check_type(v, v.inputs.size + i, v.out(i), kOutputs[i]));
  return {};
}

// -100 where it is none.
int exponent_of(float scale) {
  int exponent = 0;
  return std::frexp(scale, &exponent) == 0.5f ? exponent - 1 : -100;
}

Status check_cell(const TensorInfo& c, size_t operand) {
  MOTE_TRY(check_per_tensor(c, static_cast<int64_t>(operand)));
  int e = exponent_of(c.quantization.scales[0]);
  if (e < kLeastCellExponent || e > kMostCellExponent || c.quantization.zero_point(0) != 0)
    return error(Code::quantization_ratio);
  return {};
}

Status check_weights(const OpView& v, size_t operand) {
  if (!v.has(operand)) return {};
  const Quantization& q = v.in(operand).quantization;
  for (uint32_t i = 0; i < q.scale_count; ++i)
    if (q.zero_point(i) != 0) return error(Code::zero_point_range, 0, q.zero_point(i));
  return {};
}

// Only the functions that the recipe has.
Status check_functions(const RecurrentAttrs& a) {
  MOTE_TRY(check_attribute("gate_activation", a.gate_activation, kMoteSigmoid, kMoteSigmoid));
  MOTE_TRY(check_attribute("cell_activation", a.cell_activation, kMoteTanh, kMoteTanh));
  MOTE_TRY(check_attribute("output_activation", a.output_activation, kMoteTanh, kMoteTanh));
  if (a.clip != 0) return error(Code::attribute_range, 0, 1, "clip");
  return a.scale_count == kMoteRecurrentScales
             ? Status{}
             : error(Code::attribute_count, kMoteRecurrentScales, a.scale_count, "scales");
}

}  // namespace

Status check_quantized(const OpView& v) {
  MOTE_TRY(check_functions(v.attributes<RecurrentAttrs>()));
  MOTE_TRY(check_types(v));
  if (v.has(kNorm)) return error(Code::input_count, kNorm, static_cast<int64_t>(v.inputs.size));
  auto outputs = static_cast<int64_t>(v.inputs.size);
  MOTE_TRY(check_per_tensor(v.in(kX), 0));
  MOTE_TRY(check_per_tensor(v.out(kY), outputs));
  MOTE_TRY(check_same_quantization(v.out(kY), outputs, v.out(kLastH), outputs + 1));
  MOTE_TRY(check_cell(v.out(kLastC), v.inputs.size + 2));
  if (v.has(kInitialH))
    MOTE_TRY(check_same_quantization(v.out(kY), outputs, v.in(kInitialH), kInitialH));
  if (v.has(kInitialC))
    MOTE_TRY(check_same_quantization(v.out(kLastC), outputs + 2, v.in(kInitialC), kInitialC));
  for (Input i : {kInputWeights, kRecurrentWeights, kPeephole, kProjection})
    MOTE_TRY(check_weights(v, i));
  return {};
}

namespace {

struct Params {
  Multiplier input[4], recurrent[4], peephole[3], hidden, projection;
  int32_t x_zero, y_zero, hidden_zero;
  int cell_exponent;
  int32_t cell_clip, projection_clip;  // 0: none
};

// (20.19) Truncated into the type; 0 stays 0.
int32_t quantized_clip(float limit, float scale, float most) {
  const float v = limit / scale;
  return static_cast<int32_t>(v < most ? v : most);
}

void fill(const OpView& v, Params* p) {
  const auto& a = v.attributes<RecurrentAttrs>();
  for (int i = 0; i < 4; ++i) {
    p->input[i] = fixed_point::multiplier_of(a.scales[kMoteScaleInput + i]);
    p->recurrent[i] = fixed_point::multiplier_of(a.scales[kMoteScaleRecurrent + i]);
  }
  for (int i = 0; i < 3; ++i)
    p->peephole[i] = fixed_point::multiplier_of(a.scales[kMoteScalePeephole + i]);
  p->hidden = fixed_point::multiplier_of(a.scales[kMoteScaleHidden]);
  p->projection = fixed_point::multiplier_of(a.scales[kMoteScaleProjection]);
  const Quantization &y = v.out(kY).quantization, &c = v.out(kLastC).quantization;
  p->x_zero = v.in(kX).quantization.zero_point(0);
  p->y_zero = y.zero_point(0);
  p->hidden_zero = a.hidden_zero_point;
  p->cell_exponent = exponent_of(c.scales[0]);
  p->cell_clip = quantized_clip(a.cell_clip, c.scales[0], INT16_MAX);
  p->projection_clip = quantized_clip(a.projection_clip, y.scales[0], INT8_MAX);
}

// (20.20) acc[r] = bias[r] + sum of w[r, k] * (v[k] - zero), modulo 2^32.
int32_t accumulate(const int8_t* w, const int8_t* v, int32_t zero, int64_t n, int32_t bias) {
  auto acc = static_cast<uint32_t>(bias);
  for (int64_t k = 0; k < n; ++k) acc += static_cast<uint32_t>(w[k] * (v[k] - zero));
  return static_cast<int32_t>(acc);
}

class QuantizedCell {
 public:
  QuantizedCell(const KernelCall& call, uint8_t* scratch)
      : call_(call),
        attrs_(call.attributes<RecurrentAttrs>()),
        p_(*static_cast<const Params*>(call.params)),
        gates_(gates_of(attrs_.coupling)),
        sizes_(sizes_of(*call.view)),
        walk_(attrs_, call.in(kX).shape, recurrent::optional<int32_t>(call, kLengths)),
        scratch_(reinterpret_cast<int16_t*>(scratch)),
        hidden_(reinterpret_cast<int8_t*>(scratch_ + gates_.count * sizes_.hidden)) {}

  void run_row(int64_t row) {
    const int64_t out = sizes_.out, hidden = sizes_.hidden;
    int8_t *h = call_.out(kLastH).as<int8_t>() + row * out, *y = call_.out(kY).as<int8_t>();
    int16_t* c = call_.out(kLastC).as<int16_t>() + row * hidden;
    const auto* h0 = recurrent::optional<int8_t>(call_, kInitialH);
    const auto* c0 = recurrent::optional<int16_t>(call_, kInitialC);
    for (int64_t i = 0; i < out; ++i)
      h[i] = h0 != nullptr ? h0[row * out + i] : static_cast<int8_t>(p_.y_zero);
    recurrent::copy_or_zero(c0 == nullptr ? nullptr : c0 + row * hidden, hidden, c);
    const int64_t length = walk_.length(row);
    for (int64_t i = 0; i < length; ++i) {
      const int64_t at = walk_.vector(row, walk_.step(i, length));
      step(call_.in(kX).as<int8_t>() + at * sizes_.in, h, c);
      recurrent::copy_or_zero(h, out, y + at * out);
    }
    recurrent::fill_beyond(walk_, row, length, out, static_cast<int8_t>(p_.y_zero), y);
  }

 private:
  void step(const int8_t* x, int8_t* h, int16_t* c) {
    for (Gate g : {kInputGate, kForgetGate, kCellGate}) finish_gate(g, x, h, c);
    update_cell(c);
    finish_gate(kOutputGate, x, h, c);
    emit(c, h);
  }

  int16_t* gate(Gate g) {
    return gates_.of[g] < 0 ? nullptr : scratch_ + gates_.of[g] * sizes_.hidden;
  }

  // (20.21)
  void finish_gate(Gate g, const int8_t* x, const int8_t* h, const int16_t* c) {
    int16_t* v = gate(g);
    if (v == nullptr) return;
    const int64_t first = gates_.of[g] * sizes_.hidden;
    const int8_t* w = call_.in(kInputWeights).as<int8_t>() + first * sizes_.in;
    const int8_t* r = call_.in(kRecurrentWeights).as<int8_t>() + first * sizes_.out;
    const auto* bias = recurrent::optional<int32_t>(call_, kBias);
    for (int64_t i = 0; i < sizes_.hidden; ++i) {
      int32_t acc = accumulate(w + i * sizes_.in, x, p_.x_zero, sizes_.in,
                               bias != nullptr ? bias[first + i] : 0);
      v[i] = fixed_point::clamp16(fixed_point::multiply(acc, p_.input[g]));
      acc = accumulate(r + i * sizes_.out, h, p_.y_zero, sizes_.out, 0);
      v[i] = fixed_point::clamp16(int64_t{fixed_point::multiply(acc, p_.recurrent[g])} + v[i]);
    }
    add_peephole(g, c, v);
    for (int64_t i = 0; i < sizes_.hidden; ++i)
      v[i] = g == kCellGate ? fixed_point::tanh(v[i], 3) : fixed_point::sigmoid(v[i]);
  }

  void add_peephole(Gate g, const int16_t* c, int16_t* v) {
    const auto* p = recurrent::optional<int16_t>(call_, kPeephole);
    if (p == nullptr || gates_.peephole[g] < 0) return;
    p += gates_.peephole[g] * sizes_.hidden;
    const Multiplier& m = p_.peephole[g == kOutputGate ? 2 : g];
    for (int64_t i = 0; i < sizes_.hidden; ++i)
      v[i] = fixed_point::clamp16(int64_t{fixed_point::multiply(p[i] * c[i], m)} + v[i]);
  }

  // (20.22)
  void update_cell(int16_t* c) {
    const int16_t *i = gate(kInputGate), *f = gate(kForgetGate), *g = gate(kCellGate);
    for (int64_t k = 0; k < sizes_.hidden; ++k) {
      const int32_t in = i != nullptr ? i[k] : INT16_MAX - f[k];
      const int32_t keep = f != nullptr ? f[k] : INT16_MAX - i[k];
      const int16_t kept = fixed_point::wrap16(fixed_point::rounded_shift(keep * c[k], 15));
      const int16_t added =
          fixed_point::wrap16(fixed_point::rounded_shift(in * g[k], 30 + p_.cell_exponent));
      c[k] = fixed_point::clamp16(int64_t{kept} + added);
      if (p_.cell_clip > 0)
        c[k] = static_cast<int16_t>(fixed_point::clamp32(c[k], -p_.cell_clip, p_.cell_clip));
    }
  }

  // (20.23)
  void emit(const int16_t* c, int8_t* h) {
    const bool projected = call_.has(kProjection);
    int8_t* to = projected ? hidden_ : h;
    const int16_t* o = gate(kOutputGate);
    for (int64_t k = 0; k < sizes_.hidden; ++k) {
      const int32_t product = o[k] * fixed_point::tanh(c[k], 15 + p_.cell_exponent);
      const int64_t v = int64_t{fixed_point::multiply(product, p_.hidden)} + p_.hidden_zero;
      to[k] = static_cast<int8_t>(fixed_point::clamp32(v, INT8_MIN, INT8_MAX));
    }
    if (projected) project(h);
  }

  // (20.24)
  void project(int8_t* h) {
    const int8_t* w = call_.in(kProjection).as<int8_t>();
    const auto* bias = recurrent::optional<int32_t>(call_, kProjectionBias);
    for (int64_t r = 0; r < sizes_.out; ++r) {
      const int32_t acc = accumulate(w + r * sizes_.hidden, hidden_, p_.hidden_zero, sizes_.hidden,
                                     bias != nullptr ? bias[r] : 0);
      const int64_t v = int64_t{fixed_point::multiply(acc, p_.projection)} + p_.y_zero;
      int32_t q = fixed_point::clamp32(v, INT8_MIN, INT8_MAX);
      if (p_.projection_clip > 0)
        q = fixed_point::clamp32(q, -p_.projection_clip, p_.projection_clip);
      h[r] = static_cast<int8_t>(q);
    }
  }

  const KernelCall& call_;
  const RecurrentAttrs& attrs_;
  const Params& p_;
  const Gates gates_;
  const Sizes sizes_;
  const recurrent::Walk walk_;
  int16_t* scratch_;
  int8_t* hidden_;
};

}  // namespace

Status prepare_quantized(PrepareContext& ctx) {
  auto* p = ctx.allocate<Params>();
  if (p == nullptr) return error(Code::out_of_memory, 0, sizeof(Params));
  fill(ctx.view, p);
  ctx.params = p;
  const Sizes s = sizes_of(ctx.view);
  const int64_t gates = gates_of(ctx.view.attributes<RecurrentAttrs>().coupling).count;
  ctx.scratch_bytes =
      static_cast<size_t>(s.hidden * (gates * 2 + (ctx.view.has(kProjection) ? 1 : 0)));
  return {};
}

void run_quantized(const KernelCall& call, uint32_t tile, uint32_t worker) {
  QuantizedCell cell(call, call.scratch + worker * call.scratch_stride);
  const Range rows = recurrent::row_tiling(call).range(tile);
  for (int64_t row = rows.begin; row < rows.end; ++row) cell.run_row(row);
}

}  // namespace mote::lstm
