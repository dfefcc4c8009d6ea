// What scatter_nd and scatter_elements share: attributes and the ways to combine.
#pragma once

#include "mote_generated.h"
#include "ops/copy.h"
#include "ops/element_sizes.h"
#include "ops/indices.h"
#include "ops/movement.h"
#include "ops/scatter_attributes.h"

namespace mote::scattering {

inline Status read(const void* table, void* attrs) {
  const auto& in = *static_cast<const file::Scatter*>(table);
  auto& out = *static_cast<ScatterAttrs*>(attrs);
  out.axis = in.axis();
  out.reduction = in.reduction();
  return {};
}

// Types, but for the axis.
inline Status check_operands(const OpView& v) {
  const auto& a = v.attributes<ScatterAttrs>();
  MOTE_TRY(check_attribute("reduction", a.reduction, kMoteScatterNone, kMoteScatterMax));
  MOTE_TRY(check_index_operand(v, 1));
  MOTE_TRY(check_movement(v, 0));
  MOTE_TRY(check_movement(v, 2));
  Type type = v.in(0).type;
  bool number = type == Type::float32 || type == Type::int32 || type == Type::int64;
  if (a.reduction != kMoteScatterNone && !number) return error(Code::operand_type, 0, 0);
  return {};
}

// (19.13): calls put(step) with the function step(old, update) of the reduction, U unsigned for
// integers, whose sums and products wrap.
template <class T, class U, class Put>
void with_step(int32_t reduction, Put&& put) {
  switch (reduction) {
    case kMoteScatterAdd:
      return put([](T a, T v) { return static_cast<T>(static_cast<U>(a) + static_cast<U>(v)); });
    case kMoteScatterMul:
      return put([](T a, T v) { return static_cast<T>(static_cast<U>(a) * static_cast<U>(v)); });
    case kMoteScatterMin:
      return put([](T a, T v) { return v < a || v != v ? v : a; });
    case kMoteScatterMax:
      return put([](T a, T v) { return v > a || v != v ? v : a; });
    default:
      return put([](T, T v) { return v; });
  }
}

// Calls put(T(), step) for the elements' type and the reduction.
template <class Put>
void with_type_and_step(const KernelCall& call, Put&& put) {
  int32_t reduction = call.attributes<ScatterAttrs>().reduction;
  auto with = [&](auto t, auto u) {
    with_step<decltype(t), decltype(u)>(reduction, [&](auto step) { put(t, step); });
  };
  if (reduction == kMoteScatterNone)
    return with_unsigned(element_bytes(call.out()),
                         [&](auto t) { put(t, [](auto, auto v) { return v; }); });
  switch (call.out().type()) {
    case Type::float32:
      return with(float{}, float{});
    case Type::float64:
      return with(double{}, double{});
    case Type::int32:
      return with(int32_t{}, uint32_t{});
    default:
      return with(int64_t{}, uint64_t{});
  }
}

}  // namespace mote::scattering
