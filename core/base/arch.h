// The architecture header: the one file of the core with conditional compilation. It says what the
// compiler and the target offer; everything else varies by file and by table row.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define MOTE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MOTE_ASAN 1
#endif
#endif
#if defined(MOTE_ASAN)
#include <sanitizer/asan_interface.h>
#endif

// Rows of kernel tables that exist only where their files are compiled (core/CMakeLists.txt;
// MOTE_SCALAR_ONLY leaves them out everywhere).
#if defined(__x86_64__) && !defined(MOTE_SCALAR_ONLY)
#define MOTE_ON_X86(...) __VA_ARGS__
#else
#define MOTE_ON_X86(...)
#endif

// Types that kernels are built for (core/CMakeLists.txt), as "s8,u8"; empty: all.
#if !defined(MOTE_TYPES)
#define MOTE_TYPES ""
#endif

// Before a loop whose iterations do not depend on each other although its pointers may be equal
// (operators in place): the compiler may vectorize it without a test for overlap.
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wpass-failed"  // calls and sanitizers prevent it
#define MOTE_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define MOTE_INDEPENDENT _Pragma("GCC ivdep")
#else
#define MOTE_INDEPENDENT
#endif

namespace mote {

// Bytes between planned buffers that no operator may touch; the sanitizer's red zone.
#if defined(MOTE_ASAN)
inline constexpr size_t kRedZone = 64;
inline void poison(const void* memory, size_t bytes) { __asan_poison_memory_region(memory, bytes); }
inline void unpoison(const void* memory, size_t bytes) {
  __asan_unpoison_memory_region(memory, bytes);
}
inline constexpr bool kPoisoning = true;
#else
inline constexpr size_t kRedZone = 0;
inline void poison(const void*, size_t) {}
inline void unpoison(const void*, size_t) {}
inline constexpr bool kPoisoning = false;
#endif

inline bool cpu_has_avx2() {
#if defined(__x86_64__) && !defined(MOTE_SCALAR_ONLY)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi2");
#else
  return false;
#endif
}

// Includes the operating system's saving of the registers (both compilers' run-time libraries ask
// XGETBV).
inline bool cpu_has_avx512() {
#if defined(__x86_64__) && !defined(MOTE_SCALAR_ONLY)
  return cpu_has_avx2() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

// Sets round-to-nearest-even without flush-to-zero for its lifetime (NUMERICS.md, environment).
class FloatEnvironment {
 public:
  FloatEnvironment() : saved_(read()) { write(kDefault); }
  ~FloatEnvironment() { write(saved_); }
  FloatEnvironment(const FloatEnvironment&) = delete;
  FloatEnvironment& operator=(const FloatEnvironment&) = delete;

 private:
#if defined(__x86_64__) || defined(__SSE2__)
  using Word = uint32_t;
  // MXCSR after reset: all exceptions masked, nearest even, no FTZ/DAZ (Intel SDM 10.2.3).
  static constexpr Word kDefault = 0x1F80;
  static Word read() { return _mm_getcsr(); }
  static void write(Word w) { _mm_setcsr(w); }
#elif defined(__aarch64__)
  using Word = uint64_t;
  static constexpr Word kDefault = 0;  // FPCR: nearest even, no FZ (Arm ARM, FPCR)
  static Word read() {
    Word w;
    asm volatile("mrs %0, fpcr" : "=r"(w));
    return w;
  }
  static void write(Word w) { asm volatile("msr fpcr, %0" : : "r"(w)); }
#elif defined(__arm__) && defined(__ARM_FP) && !defined(__SOFTFP__)
  using Word = uint32_t;
  static constexpr Word kDefault = 0;  // FPSCR: nearest even, no FZ
  static Word read() {
    Word w;
    asm volatile("vmrs %0, fpscr" : "=r"(w));
    return w;
  }
  static void write(Word w) { asm volatile("vmsr fpscr, %0" : : "r"(w)); }
#else
  using Word = uint32_t;  // software floating point rounds to nearest even and keeps denormals
  static constexpr Word kDefault = 0;
  static Word read() { return 0; }
  static void write(Word) {}
#endif
  Word saved_;
};

}  // namespace mote
