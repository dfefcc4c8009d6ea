// What the other headers share: element types, shapes, quantization and the caller's callbacks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mote {

inline constexpr int kMaxRank = 8;
inline constexpr uint32_t kMaxThreads = 64;
// One cache line, and the widest vector register (AVX-512).
inline constexpr size_t kArenaAlignment = 64;

// Element types; the numbers are those of the file.
enum class Type : uint8_t {
  float32 = 0,
  float16 = 1,
  bfloat16 = 2,
  int8 = 3,
  uint8 = 4,
  int16 = 5,
  int32 = 6,
  int64 = 7,
  boolean = 8,
  float64 = 9,  // never in a file: the desktop's evaluator runs the references in double
};
inline constexpr uint8_t kFileTypes = 9;

constexpr size_t type_bytes(Type type) {
  constexpr uint8_t kBytes[] = {4, 2, 2, 1, 1, 2, 4, 8, 1, 8};
  return kBytes[static_cast<uint8_t>(type)];
}
const char* type_name(Type type);

// A view of `size` elements; owns nothing.
template <class T>
struct Span {
  T* data = nullptr;
  size_t size = 0;
  constexpr Span() = default;
  constexpr Span(T* d, size_t n) : data(d), size(n) {}
  template <size_t N>
  constexpr Span(T (&array)[N]) : data(array), size(N) {}  // NOLINT(google-explicit-constructor)
  constexpr T* begin() const { return data; }
  constexpr T* end() const { return data + size; }
  constexpr T& operator[](size_t i) const { return data[i]; }
  constexpr bool empty() const { return size == 0; }
};

// A shape; rank 0 is a scalar.
struct Shape {
  int32_t dims[kMaxRank] = {};
  int32_t rank = 0;

  int64_t elements() const {
    int64_t n = 1;
    for (int i = 0; i < rank; ++i) n *= dims[i];
    return n;
  }
  bool operator==(const Shape& other) const {
    if (rank != other.rank) return false;
    for (int i = 0; i < rank; ++i)
      if (dims[i] != other.dims[i]) return false;
    return true;
  }
};

// A dimension between bounds; static when they are equal.
struct Dim {
  int32_t min = 1;
  int32_t max = 1;
  bool is_static() const { return min == max; }
};

struct ShapeBounds {
  Dim dims[kMaxRank] = {};
  int32_t rank = 0;
  bool is_static() const {
    for (int i = 0; i < rank; ++i)
      if (!dims[i].is_static()) return false;
    return true;
  }
  Shape max() const {
    Shape s;
    s.rank = rank;
    for (int i = 0; i < rank; ++i) s.dims[i] = dims[i].max;
    return s;
  }
};

// real = scale * (stored - zero_point). scale_count 0: not quantized; 1: per tensor; more: one per
// element of dimension `axis`. `zero_points` may be null: all zero.
struct Quantization {
  const float* scales = nullptr;
  const int32_t* zero_points = nullptr;
  uint32_t scale_count = 0;
  int32_t axis = -1;

  bool quantized() const { return scale_count != 0; }
  float scale(uint32_t i = 0) const { return scales[scale_count == 1 ? 0 : i]; }
  int32_t zero_point(uint32_t i = 0) const {
    return zero_points == nullptr ? 0 : zero_points[scale_count == 1 ? 0 : i];
  }
};

enum class TensorKind : uint8_t { activation = 0, constant = 1, state = 2 };

// What is known of a tensor before it runs. Names and arrays belong to the model.
struct TensorInfo {
  const char* name = "";
  Type type = Type::float32;
  TensorKind kind = TensorKind::activation;
  ShapeBounds bounds;
  Quantization quantization;
  const void* data = nullptr;  // constants, and initial values of states
  int64_t max_bytes = 0;       // at the largest shape
};

// Memory. `allocate` returns null when there is none; alignment is a power of two. A null
// `allocate` asks for the platform's malloc (desktop builds) or fails (bare metal).
struct Allocator {
  void* context = nullptr;
  void* (*allocate)(void* context, size_t bytes, size_t alignment) = nullptr;
  void (*release)(void* context, void* memory, size_t bytes) = nullptr;
};

// Threads. `parallel_for` calls task(argument, i, worker) once for every i < count, worker <
// threads, in any order, and returns when all have returned. It must not allocate.
struct ThreadPool {
  void* context = nullptr;
  uint32_t threads = 1;
  void (*parallel_for)(void* context, uint32_t count,
                       void (*task)(void* argument, uint32_t i, uint32_t worker),
                       void* argument) = nullptr;
};

// Polled once per operator and per tile, from any worker; true ends the run with Code::cancelled.
// Not polled any more once a state was written.
struct CancelToken {
  void* context = nullptr;
  bool (*cancelled)(void* context) = nullptr;
};

// Called before (`end` false) and after every operator by the thread that calls run().
struct Profiler {
  void* context = nullptr;
  void (*step)(void* context, uint32_t step, bool end) = nullptr;
};

// Messages for people, e.g. why a delegate refused an operator.
struct Logger {
  void* context = nullptr;
  void (*log)(void* context, const char* message) = nullptr;
};

}  // namespace mote
