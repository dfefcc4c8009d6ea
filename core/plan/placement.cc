// Offsets in the arena. Buffers whose lifetimes meet must not share bytes; the best of several
// orders wins (Pisarchyk and Lee, "Efficient Memory Management for Deep Neural Net Inference",
// 2020: greedy by size), improved by moving what stands highest to the front.
#include "base/arch.h"
#include "base/checked.h"
#include "base/sort.h"
#include "plan/plan_impl.h"

namespace mote {
namespace {

// Above this many buffers one pass in order of time is made; the others take quadratic time.
constexpr uint32_t kManyBuffers = 3000;
// Rounds of improvement: enough for the nets that were looked at. Pairs of buffers that all rounds
// of all graphs may look at: about a second.
constexpr uint64_t kRounds = 64;
constexpr uint64_t kPairs = uint64_t{1} << 29;

using Less = bool (*)(const PlannedBuffer&, const PlannedBuffer&);

bool by_bytes(const PlannedBuffer& a, const PlannedBuffer& b) {
  if (a.bytes != b.bytes) return a.bytes > b.bytes;
  return a.first_step < b.first_step;
}
bool by_area(const PlannedBuffer& a, const PlannedBuffer& b) {
  auto area = [](const PlannedBuffer& x) {
    return static_cast<double>(x.bytes) * (x.last_step - x.first_step + 1);
  };
  if (area(a) != area(b)) return area(a) > area(b);
  return a.first_step < b.first_step;
}
bool by_time(const PlannedBuffer& a, const PlannedBuffer& b) {
  if (a.first_step != b.first_step) return a.first_step < b.first_step;
  return a.bytes > b.bytes;
}

bool meet(const PlannedBuffer& a, const PlannedBuffer& b) {
  return a.first_step <= b.last_step && b.first_step <= a.last_step;
}

class Placer {
 public:
  Placer(Span<PlannedBuffer> buffers, uint64_t alignment)
      : buffers_(buffers), alignment_(alignment) {}

  Status init(const Allocator& a) {
    MOTE_TRY(order_.init(a, buffers_.size));
    MOTE_TRY(placed_.init(a, buffers_.size));
    return best_.init(a, buffers_.size);
  }

  // The arena's bytes; offsets are in the buffers.
  uint64_t run(uint64_t lower_bound, uint64_t rounds) {
    uint64_t best = UINT64_MAX;
    const Less orders[] = {by_bytes, by_area, by_time};
    for (Less less : orders) {
      sort(less);
      best = keep_better(best, place_all());
    }
    sort(by_bytes);
    for (uint64_t round = 0; round < rounds && best > lower_bound; ++round) {
      uint64_t top = place_all();
      best = keep_better(best, top);
      promote_highest(top);
    }
    for (size_t i = 0; i < buffers_.size; ++i) buffers_[i].offset = best_[i];
    return best;
  }

  // For very many buffers: in order of time, only looking at the lowest of what is live. What is
  // above `floor` is not looked at: until its end, a buffer lies below `floor` or above everything.
  uint64_t run_in_time() {
    // Time stays linear even when all buffers are live at once.
    constexpr size_t kLooks = 4096;
    sort(by_time);
    uint64_t top = 0, floor = UINT64_MAX;
    int32_t floor_until = -1;
    size_t live = 0;  // placed_[0, live): sorted by offset
    for (uint32_t id : order_) {
      PlannedBuffer& b = buffers_[id];
      live = drop_ended(b.first_step, live);
      if (floor_until < b.first_step) floor = UINT64_MAX;
      uint64_t offset = first_gap(b, live);
      if (offset + size_of(b) > floor) offset = top;
      b.offset = offset;
      top = end_of(b) > top ? end_of(b) : top;
      uint32_t unseen = id;
      if (offset < floor) {
        insert(id, offset, live++);
        if (live <= kLooks) continue;
        unseen = placed_[--live];
        floor = buffers_[unseen].offset;
      }
      int32_t until = buffers_[unseen].last_step;
      floor_until = until > floor_until ? until : floor_until;
    }
    return top;
  }

 private:
  uint64_t size_of(const PlannedBuffer& b) const {
    return round_up(b.bytes + kRedZone, alignment_);
  }
  uint64_t end_of(const PlannedBuffer& b) const { return b.offset + size_of(b); }

  void sort(Less less) {
    for (size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<uint32_t>(i);
    heap_sort(order_.data(), order_.size(), [&](uint32_t a, uint32_t b) {
      if (less(buffers_[a], buffers_[b])) return true;
      return !less(buffers_[b], buffers_[a]) && a < b;
    });
  }

  // Drops what ended before `step` from placed_[0, count); returns how many remain.
  size_t drop_ended(int32_t step, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i)
      if (buffers_[placed_[i]].last_step >= step) placed_[kept++] = placed_[i];
    return kept;
  }

  // The lowest offset at which `b` meets none of placed_[0, count), which is sorted by offset.
  uint64_t first_gap(const PlannedBuffer& b, size_t count) const {
    uint64_t offset = 0, need = size_of(b);
    for (size_t i = 0; i < count; ++i) {
      const PlannedBuffer& other = buffers_[placed_[i]];
      if (!meet(b, other)) continue;
      if (other.offset >= offset + need) return offset;
      if (end_of(other) > offset) offset = end_of(other);
    }
    return offset;
  }

  // The smallest gap that holds `b`, so that large gaps stay for large buffers.
  uint64_t best_gap(const PlannedBuffer& b, size_t count) const {
    uint64_t cursor = 0, need = size_of(b), chosen = UINT64_MAX, chosen_gap = UINT64_MAX;
    for (size_t i = 0; i < count; ++i) {
      const PlannedBuffer& other = buffers_[placed_[i]];
      if (!meet(b, other)) continue;
      if (other.offset >= cursor + need && other.offset - cursor < chosen_gap) {
        chosen = cursor;
        chosen_gap = other.offset - cursor;
      }
      if (end_of(other) > cursor) cursor = end_of(other);
    }
    return chosen == UINT64_MAX ? cursor : chosen;
  }

  void insert(uint32_t id, uint64_t offset, size_t count) {
    buffers_[id].offset = offset;
    size_t i = count;
    for (; i > 0 && buffers_[placed_[i - 1]].offset > offset; --i) placed_[i] = placed_[i - 1];
    placed_[i] = id;
  }

  uint64_t place_all() {
    uint64_t top = 0;
    for (size_t i = 0; i < order_.size(); ++i) {
      PlannedBuffer& b = buffers_[order_[i]];
      insert(order_[i], best_gap(b, i), i);
      top = end_of(b) > top ? end_of(b) : top;
    }
    return top;
  }

  uint64_t keep_better(uint64_t best, uint64_t top) {
    if (top >= best) return best;
    for (size_t i = 0; i < buffers_.size; ++i) best_[i] = buffers_[i].offset;
    return top;
  }

  // Buffers that reach the top are placed first the next time.
  void promote_highest(uint64_t top) {
    size_t front = 0;
    for (size_t i = 0; i < order_.size(); ++i) {
      uint32_t id = order_[i];
      if (end_of(buffers_[id]) != top) continue;
      for (size_t k = i; k > front; --k) order_[k] = order_[k - 1];
      order_[front++] = id;
    }
  }

  Span<PlannedBuffer> buffers_;
  uint64_t alignment_;
  Array<uint32_t> order_;
  Array<uint32_t> placed_;
  Array<uint64_t> best_;
};

// What `buffers` buffers of one of `graphs` graphs may take of kPairs.
uint64_t rounds_of(uint64_t buffers, uint64_t graphs) {
  uint64_t rounds = kPairs / (buffers * buffers * graphs + 1);
  return rounds < kRounds ? rounds : kRounds;
}

// The most bytes that are live at one step: no placement can be smaller.
Status find_peak(PlanImpl& p, Span<const PlannedBuffer> buffers, GraphPlan& graph, int32_t steps,
                 uint64_t* aligned_peak) {
  Array<int64_t> change, aligned;  // per step: bytes that begin minus bytes that ended before
  size_t n = static_cast<size_t>(steps) + 3;
  MOTE_TRY(change.init(p.allocator, n));
  MOTE_TRY(aligned.init(p.allocator, n));
  for (const PlannedBuffer& b : buffers) {
    auto first = static_cast<size_t>(b.first_step + 1), last = static_cast<size_t>(b.last_step + 2);
    auto size = static_cast<int64_t>(round_up(b.bytes + kRedZone, p.options.arena_alignment));
    change[first] += static_cast<int64_t>(b.bytes);
    change[last] -= static_cast<int64_t>(b.bytes);
    aligned[first] += size;
    aligned[last] -= size;
  }
  int64_t live = 0, live_aligned = 0, peak_aligned = 0;
  for (size_t i = 0; i < n; ++i) {
    live += change[i];
    live_aligned += aligned[i];
    if (live > static_cast<int64_t>(graph.peak_live_bytes)) {
      graph.peak_live_bytes = static_cast<uint64_t>(live);
      graph.peak_step = static_cast<int32_t>(i) - 1;
    }
    if (live_aligned > peak_aligned) peak_aligned = live_aligned;
  }
  *aligned_peak = static_cast<uint64_t>(peak_aligned);
  return {};
}

// The sum of all buffers fits 63 bits: then no offset can overflow.
Status check_total(Span<const PlannedBuffer> buffers, uint64_t alignment) {
  uint64_t total = 0;
  for (const PlannedBuffer& b : buffers) {
    if (!checked_add(total, b.bytes + kRedZone + alignment, &total) || total > INT64_MAX) {
      return error(Code::tensor_too_large, INT64_MAX, -1);
    }
  }
  return {};
}

}  // namespace

Status place_buffers(PlanImpl& p, GraphPlan& graph, uint64_t* arena_bytes) {
  Span<PlannedBuffer> buffers{p.buffers.data() + graph.first_buffer, graph.buffer_count};
  Span<const PlannedBuffer> view{buffers.data, buffers.size};
  uint64_t peak = 0;
  MOTE_TRY(check_total(view, p.options.arena_alignment));
  MOTE_TRY(find_peak(p, view, graph, graph.end, &peak));
  Placer placer(buffers, p.options.arena_alignment);
  MOTE_TRY(placer.init(p.allocator));
  *arena_bytes = graph.buffer_count > kManyBuffers
                     ? placer.run_in_time()
                     : placer.run(peak, rounds_of(graph.buffer_count, p.graphs.size()));
  return {};
}

}  // namespace mote
