// Errors: a small record that says what was expected, what was found and where. The text is made
// from it in one place (`describe`); the library itself never prints, throws or aborts.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mote {

// Every error: name, text. In a text {a} is what was expected or allowed, {b} what was found, {s}
// a name. The order is part of the ABI: new codes are added at the end.
#define MOTE_STATUS_CODES(X)                                                                       \
  X(ok, "ok")                                                                                      \
  /* Container */                                                                                  \
  X(file_too_short,                                                                                \
    "the file has {b} bytes, fewer than the {a} of a header; it is cut or not a "                  \
    ".mote file")                                                                                  \
  X(bad_magic,                                                                                     \
    "this is not a .mote file (the first 8 bytes differ); convert the model with "                 \
    "'mote convert'")                                                                              \
  X(container_version, "the container has version {b}; this build reads up to {a}; update Mote")   \
  X(header_hash, "the header is damaged (its hash differs); copy or convert the file again")       \
  X(header_field, "a header field is {b}, expected {a}; the file is damaged")                      \
  X(file_size, "the header says {a} bytes, the file has {b}; it is cut or something was appended") \
  X(structure_range, "the structure ends at byte {b}, beyond byte {a} of the file")                \
  X(structure_hash, "the structure is damaged (its hash differs); copy or convert the file again") \
  X(padding_not_zero, "byte {b} lies between segments and is not zero; the file is damaged")       \
  X(buffer_misaligned, "the model's bytes must start at a multiple of {a} bytes (remainder {b})")  \
  X(structure_malformed, "the structure is not a valid FlatBuffer; the file is damaged")           \
  X(structure_version, "the structure has version {b}; this build reads up to {a}; update Mote")   \
  /* Segments */                                                                                   \
  X(segment_misaligned, "segment {b} does not start at a multiple of {a} bytes")                   \
  X(segment_range, "segment {b} lies outside the file of {a} bytes")                               \
  X(segment_overlap, "segment {b} overlaps the bytes before it (which end at {a})")                \
  X(segment_hash, "segment {b} is damaged (its hash differs); copy or convert the file again")     \
  /* Tensors */                                                                                    \
  X(too_many_tensors, "{b} tensors; the limit is {a} (LoadOptions::limits)")                       \
  X(too_many_operators, "{b} operators; the limit is {a} (LoadOptions::limits)")                   \
  X(too_many_graphs, "{b} graphs; the limit is {a} (LoadOptions::limits)")                         \
  X(too_many_segments, "{b} segments; the limit is {a} (LoadOptions::limits)")                     \
  X(too_many_entry_points, "{b} entry points; the limit is {a} (LoadOptions::limits)")             \
  X(no_graphs, "the file holds no graph")                                                          \
  X(no_entry_points, "the file holds no entry point, so nothing in it can be run")                 \
  X(type_unknown, "element type {b} is unknown to this build (it knows 0 to {a}); update Mote")    \
  X(kind_unknown, "tensor kind {b} is unknown (0 to {a})")                                         \
  X(rank_too_large, "rank {b}; the limit is {a}")                                                  \
  X(dim_not_positive, "a dimension is {b}; dimensions are at least {a}")                           \
  X(dim_bounds, "a dimension has minimum {b} above its maximum {a}")                               \
  X(tensor_too_large, "the tensor takes {b} bytes (-1: more than 2^63); the limit is {a}")         \
  X(dynamic_constant, "a constant or state has a dynamic dimension ({a} to {b})")                  \
  X(constant_without_data, "a constant without data")                                              \
  X(activation_with_data, "an activation names segment {b}; only constants and states have data")  \
  X(tensor_segment, "the tensor's data lie in segment {b}; the file has {a}")                      \
  X(tensor_segment_kind, "the tensor's data lie in a segment of kind {b}, expected {a}")           \
  X(tensor_data_range, "the tensor's data end at byte {b} of a segment of {a} bytes")              \
  X(tensor_data_misaligned, "the tensor's data start at byte {b}, not a multiple of {a}")          \
  /* Quantization */                                                                               \
  X(scale_invalid, "scale {b} is not within [2^-100, 2^100] (or is not a number)")                 \
  X(scale_count, "{b} scales; expected 1 or {a}")                                                  \
  X(zero_point_count, "{b} zero points; expected none or {a}")                                     \
  X(zero_point_range, "zero point {b} is outside the element type's range (nearest: {a})")         \
  X(quantization_axis, "quantization axis {b}; the tensor has rank {a}")                           \
  X(quantization_missing, "operand {b} has integer elements and must be quantized here")           \
  X(quantization_unexpected, "operand {b} carries a quantization that its type does not take")     \
  X(quantization_mismatch, "operand {b} must have the scale and zero point of operand {a}")        \
  X(quantization_ratio, "the ratio of the operands' scales is outside what the recipe can take")   \
  X(per_channel_not_allowed, "operand {b} is quantized per channel; only per tensor works here")   \
  X(accumulator_overflow, "the worst case of the sum is {b}, above {a}; split the operator")       \
  /* Operators */                                                                                  \
  X(operator_unknown, "operator code {b} is unknown to this build; update Mote or add it")         \
  X(operator_not_in_build, "operator {s} is not part of this build; link its operator table")      \
  X(operator_version, "operator version {b}; this build knows up to {a}; update Mote")             \
  X(attributes_kind, "attributes of kind {b}; the operator takes kind {a}")                        \
  X(attribute_range, "attribute {s} is {b}; the nearest allowed value is {a}")                     \
  X(attribute_count, "attribute {s} has {b} elements, expected {a}")                               \
  X(input_count, "{b} inputs; the operator takes at most or at least {a}")                         \
  X(output_count, "{b} outputs; the operator has {a}")                                             \
  X(tensor_index, "tensor index {b}; the file has {a} tensors")                                    \
  X(input_missing, "input {b} is required and absent (-1)")                                        \
  X(output_missing, "output {b} is absent (-1)")                                                   \
  X(operand_type, "operand {b} has an element type that the operator does not take there")         \
  X(operand_types_differ, "operands {a} and {b} must have the same element type")                  \
  X(operand_rank, "an operand has rank {b}, expected {a}")                                         \
  X(operand_shape, "a dimension of an operand is {b}, expected {a}")                               \
  X(operand_not_constant, "operand {b} must be a constant")                                        \
  X(operand_not_state, "operand {b} must be a state")                                              \
  X(state_used_directly, "operand {b} is a state; it is reached by read_state only")               \
  X(no_kernel, "no kernel of this build takes these element types and attributes")                 \
  X(shape_mismatch, "the output has {b} in a dimension where the operator yields {a}")             \
  X(shape_rank_mismatch, "the output has rank {b} where the operator yields {a}")                  \
  X(shape_incompatible, "dimensions {a} and {b} do not fit each other")                            \
  X(shape_empty, "the operator yields a dimension of {b}; at least {a} is needed")                 \
  X(shape_elements, "the shapes have {a} and {b} elements, which must be equal")                   \
  X(shape_too_large, "the result has a dimension above {a}")                                       \
  /* Order, calls, states, entry points */                                                         \
  X(used_before_written, "tensor {b} is read before anything writes it; order the operators")      \
  X(written_twice, "tensor {b} is written a second time")                                          \
  X(write_to_constant, "tensor {b} is a constant and is written")                                  \
  X(write_to_state, "tensor {b} is a state; only assign_state writes it")                          \
  X(graph_index, "graph index {b}; the file has {a} graphs")                                       \
  X(graph_count, "the operator calls {b} graphs, expected {a}")                                    \
  X(call_cycle, "graph {b} calls itself, directly or through others")                              \
  X(call_depth, "calls are nested more than {a} deep")                                             \
  X(state_written_twice, "state {b} is written twice in one graph")                                \
  X(state_read_after_write, "state {b} is read after it was written")                              \
  X(fallible_after_write, "an operator that can fail at run stands after the first state write")   \
  X(port_kind, "port {b} is not an activation")                                                    \
  X(port_duplicate, "port {b} names a tensor that another port names")                             \
  X(port_name, "port {b} has no name or another port's name")                                      \
  X(port_mismatch, "the entry point's port {b} is not the graph's input or output {a}")            \
  X(entry_point_name, "entry point {b} has no name or another's name")                             \
  X(entry_point_unavailable, "this entry point needs what the build lacks: {s}")                   \
  X(feature_unknown, "the entry point needs features {b} that this build lacks; update Mote")      \
  X(work_limit, "an estimate of {b} operations; the limit is {a} (LoadOptions::limits)")           \
  X(weights_limit, "segments of {b} bytes; the limit is {a} (LoadOptions::limits)")                \
  /* Plan, session, run */                                                                         \
  X(out_of_memory, "the allocator gave no {b} bytes")                                              \
  X(arena_too_small, "an arena of {b} bytes; the plan needs {a} (Plan::report)")                   \
  X(arena_misaligned, "the arena must start at a multiple of {a} bytes (remainder {b})")           \
  X(too_many_threads, "{b} threads; the limit is {a}")                                             \
  X(thread_pool_mismatch, "the plan is for {a} threads, the pool has {b}")                         \
  X(invalid_argument, "argument {s} is invalid")                                                   \
  X(invalid_handle, "the object is empty or was moved from")                                       \
  X(name_unknown, "nothing is named '{s}'")                                                        \
  X(index_out_of_range, "index {b}; there are {a}")                                                \
  X(buffer_size, "a buffer of {b} bytes; {a} are needed")                                          \
  X(element_type, "the elements have type {b}; the call asks for type {a}")                        \
  X(not_quantized, "the tensor is not quantized")                                                  \
  X(shape_out_of_bounds, "a dimension of {b}; its bounds in the file reach to {a}")                \
  X(shape_static, "the dimension is {a} and fixed; {b} was asked for")                             \
  X(data_index_out_of_range, "the data hold index {b}; valid are 0 to {a} exclusive")              \
  X(cancelled, "cancelled by the caller; no state was changed")                                    \
  X(step_limit, "the step limit of {a} was reached")                                               \
  X(delegate_lost, "the delegate's device was lost")                                               \
  X(delegate_abi, "the delegate has interface version {b}; this build needs {a}")                  \
  X(delegate_failed, "the delegate failed: {s}")                                                   \
  X(visits_limit,                                                                                  \
    "the structure names the same parts over and over ({b} visits; the limit is {a})")             \
  X(io_error, "the system says: error {b}")                                                        \
  X(file_not_found, "no such file or no permission (system error {b})")                            \
  /* Training */                                                                                   \
  X(derive_ports, "derive graph {b} has ports, or is an entry point or another derive graph")      \
  X(derive_states, "state {b} is listed twice, or not as the derive graph reads or writes it")     \
  X(derive_target,                                                                                 \
    "state {b} is computed by a derive graph; no other may write or derive from it")               \
  X(data_not_finite,                                                                               \
    "element {b} is NaN or infinite, so no state was changed; lower the learning "                 \
    "rate, check the data")                                                                        \
  /* Control flow */                                                                               \
  X(graph_called_twice, "graph {b} is called twice, or called and run as an entry point as well")  \
  X(state_in_called_graph, "a called graph uses a state; pass its value as an input")              \
  X(call_ports, "called graph {a} has another number of inputs or outputs than is passed ({b})")   \
  X(call_port_type,                                                                                \
    "input or output {b} of called graph {a} has another type or quantization than the caller's")  \
  X(call_port_shape, "input or output {b} of called graph {a} has another shape than the caller's")

enum class Code : uint16_t {
#define MOTE_STATUS_ENUM(name, text) name,
  MOTE_STATUS_CODES(MOTE_STATUS_ENUM)
#undef MOTE_STATUS_ENUM
      count_
};

// Where an error was found; -1: not applicable. `op` counts within `graph`.
struct Place {
  int32_t graph = -1;
  int32_t op = -1;
  int32_t tensor = -1;
};

// The outcome of a call. Trivially copyable; holds no memory.
struct [[nodiscard]] Status {
  Code code = Code::ok;
  uint16_t op_code = 0;  // the operator's number (core/ops/ops.inc), 0: none
  Place place;
  int64_t a = 0;               // expected, allowed, limit
  int64_t b = 0;               // found
  const char* name = nullptr;  // an attribute, an operator (static), or the caller's argument

  constexpr bool ok() const { return code == Code::ok; }
};

// Out of line: the many places that report an error stay small.
[[gnu::cold]] Status error(Code code, int64_t expected = 0, int64_t found = 0,
                           const char* name = nullptr);

// Writes the text of `status` (at most `capacity` bytes, always terminated); returns the length it
// would have. Thread-safe.
size_t describe(const Status& status, char* text, size_t capacity);

// The code's name, as in MOTE_STATUS_CODES ("bad_magic"). Never null.
const char* code_name(Code code);

// A value or an error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(static_cast<T&&>(value)) {}  // NOLINT(google-explicit-constructor)
  Result(const Status& status) : status_(status) {}     // NOLINT(google-explicit-constructor)

  bool ok() const { return status_.ok(); }
  const Status& status() const { return status_; }
  // Only when ok().
  T& value() & { return value_; }
  const T& value() const& { return value_; }
  T&& value() && { return static_cast<T&&>(value_); }
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }

 private:
  T value_{};
  Status status_;
};

}  // namespace mote

// Leaves the function with the error, if there is one.
#define MOTE_TRY(expression)                                                              \
  do {                                                                                    \
    if (::mote::Status try_status_ = (expression); !try_status_.ok()) return try_status_; \
  } while (false)
