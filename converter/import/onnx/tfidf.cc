// TfIdfVectorizer of integers.
#include <algorithm>

#include "import/onnx/float_steps.h"
#include "ir/op_view.h"

namespace mote::onnx_import {
namespace {

struct Vocabulary {
  // Sequences by length - 1: their tokens, one sequence after the other.
  std::vector<std::vector<int64_t>> tokens;
  std::vector<int64_t> places;  // in the output, of all sequences in order
  int64_t shortest, longest, skips, outputs;
  std::string mode;
};

// Counts are positions among the tokens of the pool, one for each length of sequences.
bool read_pool(NodeImport& c, Vocabulary* v) {
  const std::vector<int64_t> counts = c.attr_ints("ngram_counts"),
                             pool = c.attr_ints("pool_int64s");
  const auto size = static_cast<int64_t>(pool.size());
  size_t sequences = 0;
  for (size_t n = 0; n < counts.size(); ++n) {
    const int64_t begin = counts[n], end = n + 1 < counts.size() ? counts[n + 1] : size;
    if (begin < 0 || end < begin || end > size ||
        (end - begin) % static_cast<int64_t>(n + 1) != 0) {
      c.error("ngram_counts does not fit pool_int64s");
      return false;
    }
    v->tokens.emplace_back(pool.begin() + begin, pool.begin() + end);
    sequences += v->tokens.back().size() / (n + 1);
  }
  if (sequences == v->places.size() && !v->places.empty()) return true;
  c.error(std::to_string(sequences) + " sequences, but " + std::to_string(v->places.size()) +
          " places for them");
  return false;
}

std::optional<Vocabulary> vocabulary(NodeImport& c) {
  Vocabulary v{{},
               c.attr_ints("ngram_indexes"),
               c.attr_int("min_gram_length", 1),
               c.attr_int("max_gram_length", 1),
               c.attr_int("max_skip_count", 0),
               0,
               c.attr_string("mode", "TF")};
  if (!c.has_attr("pool_int64s")) {
    c.error("a vocabulary of strings", "only integers are supported");
    return std::nullopt;
  }
  if (v.shortest < 1 || v.longest < v.shortest || v.longest > 16 || v.skips < 0 || v.skips > 16 ||
      (v.mode != "TF" && v.mode != "IDF" && v.mode != "TFIDF")) {
    c.error("lengths of sequences, skips or a mode that are not supported",
            "lengths and skips up to 16 and the modes TF, IDF, TFIDF are");
    return std::nullopt;
  }
  constexpr int64_t kMaxOutputs = 1 << 20;
  for (int64_t place : v.places) {
    if (place < 0 || place >= kMaxOutputs) {
      c.error("place " + std::to_string(place) + " in ngram_indexes");
      return std::nullopt;
    }
    v.outputs = std::max(v.outputs, place + 1);
  }
  return read_pool(c, &v) ? std::optional(std::move(v)) : std::nullopt;
}

// How often each sequence of `length` tokens occurs in x [n, tokens], as float32 [n, sequences].
ir::ValueId occurrences(NodeImport& c, const Vocabulary& v, ir::ValueId x, int64_t length) {
  const std::vector<int64_t>& tokens = v.tokens[static_cast<size_t>(length) - 1];
  const auto count = static_cast<int32_t>(tokens.size() / static_cast<size_t>(length));
  const int64_t given = c.shape(x).dims[1].max;
  ir::ValueId sum = ir::kNone;
  for (int64_t skip = 0; skip <= (length == 1 ? 0 : v.skips); ++skip) {
    const int64_t starts = given - (length - 1) * (skip + 1);
    if (starts < 1) break;
    ir::ValueId all = ir::kNone;
    for (int64_t k = 0; k < length; ++k) {
      std::vector<int64_t> wanted;
      for (int32_t i = 0; i < count; ++i)
        wanted.push_back(tokens[static_cast<size_t>(i * length + k)]);
      ir::ValueId part = c.slice_axis(x, 1, k * (skip + 1), k * (skip + 1) + starts);
      part = c.build().node(op_code::compare, CompareAttrs{kMoteEqual},
                            {c.insert_ones(part, {2}), c.int_constant(wanted, {1, 1, count})},
                            Type::boolean);
      all = all == ir::kNone ? part
                             : c.build().node(op_code::logical, LogicalAttrs{kMoteLogicalAnd},
                                              {all, part}, Type::boolean);
    }
    ir::ValueId found = reduced(c, kMoteReduceSum, as_type(c, all, Type::float32), {1});
    sum = sum == ir::kNone ? found : binary(c, op_code::add, sum, found);
  }
  if (sum != ir::kNone) return c.drop_ones(sum, {1});
  return binary(c, op_code::mul, as_type(c, c.slice_axis(x, 1, 0, 1), Type::float32),
                c.build().constant(ir::shape_of({1, count}), 0.0F));
}

// Column i of `counts` [n, sequences] at places[i] of the output; zeros where there is none.
ir::ValueId in_place(NodeImport& c, const Vocabulary& v, ir::ValueId counts) {
  PadAttrs a{};
  a.count = 2;
  a.after[1] = 1;
  counts = c.build().node(op_code::pad, a, {counts});
  std::vector<int64_t> columns(static_cast<size_t>(v.outputs),
                               static_cast<int64_t>(v.places.size()));
  for (size_t i = 0; i < v.places.size(); ++i)
    columns[static_cast<size_t>(v.places[i])] = static_cast<int64_t>(i);
  return c.build().node(op_code::gather, GatherAttrs{1, 0},
                        {counts, c.int_constant(columns, {static_cast<int32_t>(v.outputs)})});
}

ir::ValueId weighted(NodeImport& c, const Vocabulary& v, ir::ValueId y) {
  if (v.mode == "TF") return y;
  if (v.mode == "IDF") y = binary(c, op_code::minimum, y, 1.0F);
  const std::vector<float> given = c.attr_floats("weights");
  if (given.empty()) return y;
  std::vector<float> weights(static_cast<size_t>(v.outputs), 0);
  for (size_t i = 0; i < v.places.size() && i < given.size(); ++i)
    weights[static_cast<size_t>(v.places[i])] = given[i];
  return binary(c, op_code::mul, y,
                c.build().constant(c.where() + "/weights", Type::float32,
                                   {static_cast<int32_t>(v.outputs)}, weights));
}

}  // namespace

void import_tf_idf_vectorizer(NodeImport& c) {
  ir::ValueId x = c.input(0);
  if (c.failed()) return;
  auto v = vocabulary(c);
  if (!v) return;
  const int32_t rank = c.rank(x);
  if (rank < 1 || rank > 2 || !c.shape(x).dims[rank - 1].is_static())
    return c.error("tokens of shape " + ir::shape_text(c.shape(x)),
                   "their number must be static, in one or two dimensions");
  x = as_type(c, x, Type::int64);
  if (rank == 1) x = c.insert_ones(x, {0});
  std::vector<ir::ValueId> parts;
  for (size_t n = 0; n < v->tokens.size() && !c.failed(); ++n) {
    if (v->tokens[n].empty()) continue;
    const auto length = static_cast<int64_t>(n + 1);
    ir::ValueId part = occurrences(c, *v, x, length);
    const bool counts = length >= v->shortest && length <= v->longest;
    parts.push_back(counts ? part : binary(c, op_code::mul, part, 0.0F));
  }
  if (c.failed()) return;
  ir::ValueId y =
      parts.size() == 1 ? parts[0] : c.build().node(op_code::concat, ConcatAttrs{1, 0}, parts);
  y = weighted(c, *v, in_place(c, *v, y));
  if (!c.failed()) c.define(0, rank == 1 ? c.drop_ones(y, {0}) : y);
}

}  // namespace mote::onnx_import
