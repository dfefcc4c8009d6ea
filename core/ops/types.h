// Builds for some types of tensors (MOTE_TYPES): the names of kernels say which they compute with.
#pragma once

#include <cstddef>

#include "base/arch.h"

namespace mote {

// The words of `text` are separated by `separator`.
struct Words {
  const char* text;
  char separator;

  // The number of characters of the word at `start`.
  constexpr size_t length(size_t start) const {
    size_t n = 0;
    while (text[start + n] != 0 && text[start + n] != separator) ++n;
    return n;
  }
  constexpr bool has(const char* word, size_t word_length) const {
    for (size_t start = 0;;) {
      const size_t n = length(start);
      size_t same = 0;
      while (same < n && same < word_length && text[start + same] == word[same]) ++same;
      if (same == n && same == word_length) return true;
      if (text[start + n] == 0) return false;
      start += n + 1;
    }
  }
};

constexpr Words kTypeWords = {"boolean bf16 f16 f32 f64 s8 s16 s32 s64 u8 u16 u32 u64", ' '};

// Whether every type in a kernel's name ("requantize_u8_s8_flip") is one of the list `types`
// ("s8,u8"). Kernels without a type in their names move elements of any.
constexpr bool types_in_list(const char* kernel, const char* types) {
  const Words words = {kernel, '_'}, built = {types, ','};
  for (size_t start = 0;;) {
    const size_t n = words.length(start);
    if (kTypeWords.has(kernel + start, n) && !built.has(kernel + start, n)) return false;
    if (kernel[start + n] == 0) return true;
    start += n + 1;
  }
}

constexpr bool types_in_build(const char* kernel) {
  return MOTE_TYPES[0] == 0 || types_in_list(kernel, MOTE_TYPES);
}

}  // namespace mote
