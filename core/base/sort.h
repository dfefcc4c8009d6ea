// Heapsort: in place, no recursion, O(n log n) whatever the data (Williams 1964).
#pragma once

#include <cstddef>

namespace mote {

// Orders items[0, n) so that !less(items[i + 1], items[i]).
template <class T, class Less>
void heap_sort(T* items, size_t n, Less less) {
  auto swap = [](T& a, T& b) {
    T t = a;
    a = b;
    b = t;
  };
  auto sift = [&](size_t root, size_t end) {
    for (size_t child = 2 * root + 1; child < end; root = child, child = 2 * root + 1) {
      if (child + 1 < end && less(items[child], items[child + 1])) ++child;
      if (!less(items[root], items[child])) return;
      swap(items[root], items[child]);
    }
  };
  for (size_t i = n / 2; i-- > 0;) sift(i, n);
  for (size_t end = n; end-- > 1;) {
    swap(items[0], items[end]);
    sift(0, end);
  }
}

}  // namespace mote
