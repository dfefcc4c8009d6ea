// Pooling with channels across the lanes. A last block that is not full overlaps the one before;
// fewer channels than lanes go one by one.
#include <immintrin.h>

#include "kernels/window/pool.h"

namespace mote {
namespace {

// Calls block(first channel, last tap's order kept) for blocks of `lanes`; false if there are
// fewer.
template <class Block>
bool for_blocks(int64_t channels, int64_t lanes, Block&& block) {
  if (channels < lanes) return false;
  for (int64_t c = 0; c + lanes <= channels; c += lanes) block(c);
  if (channels % lanes != 0) block(channels - lanes);
  return true;
}

template <class T, class Tap>
inline void for_taps(const T* x, const PoolWindow& w, Tap&& tap) {
  for (int32_t i = 0; i < w.rows; ++i, x += w.row_stride) {
    const T* at = x;
    for (int32_t j = 0; j < w.columns; ++j, at += w.channels) tap(at);
  }
}

// Comparisons pass a NaN in v: max_ps and min_ps return their second operand then.
inline __m256 clamp(__m256 v, const PoolF32Params& p) {
  return _mm256_min_ps(_mm256_set1_ps(p.hi), _mm256_max_ps(_mm256_set1_ps(p.lo), v));
}
inline float clamp(float v, const PoolF32Params& p) {
  v = v < p.lo ? p.lo : v;
  return v > p.hi ? p.hi : v;
}

// (3.7): max_ps gives v where either is a NaN, so only a NaN in m needs care.
inline __m256 max_or_nan(__m256 m, __m256 v) {
  return _mm256_blendv_ps(_mm256_max_ps(m, v), m, _mm256_cmp_ps(m, m, _CMP_UNORD_Q));
}

inline int32_t clamp(int32_t v, const PoolS8Params& p) {
  v = v < p.lo ? p.lo : v;
  return v > p.hi ? p.hi : v;
}

// (3.11) in double: dividend and divisor are below 2^31 and 2^23, so that truncating the rounded
// quotient is exact (the nearest integer above is at least 2^-22 away).
struct Quotient {
  double d, offset, half, back;
  Quotient(int32_t divisor, const PoolS8Params& p)
      : d(divisor),
        offset(p.round_half_up != 0 ? 128.0 * divisor : 0.0),
        half(divisor / 2),
        back(p.round_half_up != 0 ? 128.0 : 0.0) {}

  __m128i operator()(__m128i sum) const {
    __m256d s = _mm256_add_pd(_mm256_cvtepi32_pd(sum), _mm256_set1_pd(offset));
    __m256d sign = _mm256_and_pd(s, _mm256_set1_pd(-0.0));
    __m256d dividend = _mm256_add_pd(s, _mm256_or_pd(sign, _mm256_set1_pd(half)));
    __m256d q = _mm256_div_pd(dividend, _mm256_set1_pd(d));
    return _mm256_cvttpd_epi32(
        _mm256_sub_pd(_mm256_round_pd(q, _MM_FROUND_TO_ZERO), _mm256_set1_pd(back)));
  }
  int32_t operator()(int32_t sum) const {
    double s = sum + offset;
    return static_cast<int32_t>((s < 0 ? s - half : s + half) / d) - static_cast<int32_t>(back);
  }
};

inline __m256i quotients(__m256i sums, const Quotient& q) {
  __m128i low = q(_mm256_castsi256_si128(sums)), high = q(_mm256_extracti128_si256(sums, 1));
  return _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
}

inline __m256i widen(const int8_t* x) {
  return _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(x)));
}

// Clamps eight int32 and stores them as int8.
inline void store(int8_t* y, __m256i v, const PoolS8Params& p) {
  v = _mm256_max_epi32(_mm256_min_epi32(v, _mm256_set1_epi32(p.hi)), _mm256_set1_epi32(p.lo));
  __m128i halves = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(y), _mm_packs_epi16(halves, halves));
}

}  // namespace

void max_pool_f32_avx2(const float* x, const PoolWindow& w, const PoolF32Params& p, float* y) {
  auto block = [&](int64_t c) {
    __m256 m = _mm256_loadu_ps(x + c);
    for_taps(x + c, w, [&](const float* at) { m = max_or_nan(m, _mm256_loadu_ps(at)); });
    _mm256_storeu_ps(y + c, clamp(m, p));
  };
  if (for_blocks(w.channels, 8, block)) return;
  for (int64_t c = 0; c < w.channels; ++c) {
    float m = x[c];
    for_taps(x + c, w, [&](const float* at) { m = *at > m || *at != *at ? *at : m; });
    y[c] = clamp(m, p);
  }
}

void max_pool_s8_avx2(const int8_t* x, const PoolWindow& w, const PoolS8Params& p, int8_t* y) {
  auto wide = [&](int64_t c) {
    __m256i m = _mm256_set1_epi8(static_cast<int8_t>(p.lo));
    for_taps(x + c, w, [&](const int8_t* at) {
      m = _mm256_max_epi8(m, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
    });
    m = _mm256_min_epi8(m, _mm256_set1_epi8(static_cast<int8_t>(p.hi)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(y + c), m);
  };
  auto narrow = [&](int64_t c) {
    __m128i m = _mm_set1_epi8(static_cast<int8_t>(p.lo));
    for_taps(x + c, w, [&](const int8_t* at) {
      m = _mm_max_epi8(m, _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at)));
    });
    m = _mm_min_epi8(m, _mm_set1_epi8(static_cast<int8_t>(p.hi)));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(y + c), m);
  };
  if (for_blocks(w.channels, 32, wide) || for_blocks(w.channels, 8, narrow)) return;
  for (int64_t c = 0; c < w.channels; ++c) {
    int32_t m = p.lo;
    for_taps(x + c, w, [&](const int8_t* at) { m = *at > m ? *at : m; });
    y[c] = static_cast<int8_t>(clamp(m, p));
  }
}

void avg_pool_f32_avx2(const float* x, const PoolWindow& w, int32_t divisor, const PoolF32Params& p,
                       float* y) {
  const auto d = static_cast<float>(divisor);
  auto block = [&](int64_t c) {
    __m256 sum = _mm256_setzero_ps();
    for_taps(x + c, w, [&](const float* at) { sum = _mm256_add_ps(sum, _mm256_loadu_ps(at)); });
    _mm256_storeu_ps(y + c, clamp(_mm256_div_ps(sum, _mm256_set1_ps(d)), p));
  };
  if (for_blocks(w.channels, 8, block)) return;
  for (int64_t c = 0; c < w.channels; ++c) {
    float sum = 0;
    for_taps(x + c, w, [&](const float* at) { sum += *at; });
    y[c] = clamp(sum / d, p);
  }
}

void avg_pool_s8_avx2(const int8_t* x, const PoolWindow& w, int32_t divisor, int32_t border,
                      const PoolS8Params& p, int8_t* y) {
  const Quotient quotient(divisor, p);
  auto block = [&](int64_t c) {
    __m256i sum = _mm256_set1_epi32(border);
    for_taps(x + c, w, [&](const int8_t* at) { sum = _mm256_add_epi32(sum, widen(at)); });
    store(y + c, quotients(sum, quotient), p);
  };
  if (for_blocks(w.channels, 8, block)) return;
  for (int64_t c = 0; c < w.channels; ++c) {
    int32_t sum = border;
    for_taps(x + c, w, [&](const int8_t* at) { sum += *at; });
    y[c] = static_cast<int8_t>(clamp(quotient(sum), p));
  }
}

}  // namespace mote
