// Einsum as transposes, products of matrices, and sums; operands are joined from left to right.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/interval.h"
#include "import/onnx/float_steps.h"

namespace mote::onnx_import {
namespace {

// A dimension's name: a letter, or a number from 0 for what "..." stands for, counted from its end.
using Labels = std::vector<int32_t>;

struct Term {
  ir::ValueId value = ir::kNone;
  Labels labels;
};

bool contains(const Labels& labels, int32_t label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}
int32_t place_of(const Labels& labels, int32_t label) {
  return static_cast<int32_t>(std::find(labels.begin(), labels.end(), label) - labels.begin());
}

constexpr char kDots = '.';

// Letters of one term, "..." as one kDots; nothing when there is anything else.
std::optional<std::string> term_letters(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (std::isspace(static_cast<unsigned char>(text[i])) != 0) continue;
    bool dots = text.compare(i, 3, "...") == 0;
    if (!dots && std::isalpha(static_cast<unsigned char>(text[i])) == 0) return std::nullopt;
    out += text[i];
    if (dots) i += 2;
  }
  if (std::count(out.begin(), out.end(), kDots) > 1) return std::nullopt;
  return out;
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts(1);
  for (char ch : text) {
    if (ch == by) {
      parts.emplace_back();
    } else {
      parts.back() += ch;
    }
  }
  return parts;
}

class Einsum {
 public:
  explicit Einsum(NodeImport& c) : c_(c) {}

  void run() {
    if (!read_equation()) return;
    Term all = terms_.front();
    for (size_t i = 1; i < terms_.size(); ++i) {
      all = joined(std::move(all), terms_[i], i + 1);
      if (c_.failed()) return;
    }
    all = summed(std::move(all), output_);
    for (int32_t label : output_)
      if (!contains(all.labels, label)) return fail();
    Labels order;
    for (int32_t label : output_) order.push_back(place_of(all.labels, label));
    define_like(c_, 0, reordered(c_, all.value, order), c_.input(0));
  }

 private:
  void fail() {
    c_.error(
        "equation '" + equation_ + "' is not one of einsum that is supported",
        "letters once per term, \"...\" at most once, as many dimensions as the operands have");
  }

  Labels labels_of(const std::string& letters, int32_t dots) {
    Labels out;
    for (char letter : letters) {
      if (letter != kDots) {
        out.push_back(letter);
        continue;
      }
      for (int32_t i = dots - 1; i >= 0; --i) out.push_back(i);
    }
    return out;
  }

  bool read_equation() {
    equation_ = c_.attr_string("equation", "");
    size_t arrow = equation_.find("->");
    std::vector<std::string> texts = split(equation_.substr(0, arrow), ',');
    if (texts.size() != c_.input_count() || texts.size() > 8) return fail(), false;
    int32_t dots = 0;
    std::map<int32_t, int> uses;
    for (size_t i = 0; i < texts.size(); ++i) {
      auto letters = term_letters(texts[i]);
      if (!letters) return fail(), false;
      if (!read_term(i, *letters, &dots)) return false;
      for (int32_t label : terms_.back().labels) ++uses[label];
    }
    if (arrow == std::string::npos) {
      output_ = labels_of(std::string(1, kDots), dots);
      for (const auto& [label, count] : uses)
        if (label >= 'A' && count == 1) output_.push_back(label);
      return true;
    }
    auto letters = term_letters(equation_.substr(arrow + 2));
    if (!letters) return fail(), false;
    output_ = labels_of(*letters, dots);
    return std::set<int32_t>(output_.begin(), output_.end()).size() == output_.size() ||
           (fail(), false);
  }

  bool read_term(size_t i, const std::string& letters, int32_t* dots) {
    Term t{c_.input(i), {}};
    if (c_.failed()) return false;
    if (c_.type(t.value) != Type::int32 && c_.type(t.value) != Type::int64)
      t.value = as_type(c_, t.value, Type::float32);
    bool has_dots = letters.find(kDots) != std::string::npos;
    int32_t own = c_.rank(t.value) - static_cast<int32_t>(letters.size()) + (has_dots ? 1 : 0);
    t.labels = labels_of(letters, own);
    bool unique = std::set<int32_t>(t.labels.begin(), t.labels.end()).size() == t.labels.size();
    if (!unique || static_cast<int32_t>(t.labels.size()) != c_.rank(t.value)) return fail(), false;
    *dots = std::max(*dots, has_dots ? own : 0);
    terms_.push_back(std::move(t));
    return true;
  }

  // Without the labels that nobody names any more.
  Term summed(Term t, const Labels& kept) {
    std::vector<int32_t> axes;
    Labels left;
    for (size_t i = 0; i < t.labels.size(); ++i) {
      if (contains(kept, t.labels[i])) {
        left.push_back(t.labels[i]);
      } else {
        axes.push_back(static_cast<int32_t>(i));
      }
    }
    if (axes.empty()) return t;
    return {c_.drop_ones(reduced(c_, kMoteReduceSum, t.value, axes), axes), left};
  }

  Dim dim_of(const Term& t, int32_t label) const {
    return c_.shape(t.value).dims[place_of(t.labels, label)];
  }

  // `next`: the first term that is still to come.
  Term joined(Term a, Term b, size_t next) {
    Labels kept = output_;
    for (size_t i = next; i < terms_.size(); ++i)
      kept.insert(kept.end(), terms_[i].labels.begin(), terms_[i].labels.end());
    // A size of 1 that is broadcast over a dimension that vanishes.
    for (int32_t label : Labels(a.labels)) {
      if (contains(kept, label) || !contains(b.labels, label)) continue;
      Dim da = dim_of(a, label), db = dim_of(b, label);
      if (da.max == 1 && db.max > 1)
        a = without(std::move(a), label);
      else if (db.max == 1 && da.max > 1)
        b = without(std::move(b), label);
    }
    Labels in_a = kept, in_b = kept;
    in_a.insert(in_a.end(), b.labels.begin(), b.labels.end());
    in_b.insert(in_b.end(), a.labels.begin(), a.labels.end());
    a = summed(std::move(a), in_a);
    b = summed(std::move(b), in_b);
    Groups g;
    for (int32_t label : a.labels)
      (!contains(b.labels, label) ? g.m : contains(kept, label) ? g.batch : g.k).push_back(label);
    for (int32_t label : b.labels)
      if (!contains(a.labels, label)) g.n.push_back(label);
    return g.k.empty() ? elementwise(a, b, g) : product(a, b, g);
  }

  Term without(Term t, int32_t label) {
    Labels kept = t.labels;
    kept.erase(kept.begin() + place_of(kept, label));
    return summed(std::move(t), kept);
  }

  struct Groups {
    Labels batch, m, n, k;
  };

  static Labels concatenated(std::initializer_list<Labels> lists) {
    Labels all;
    for (const Labels& l : lists) all.insert(all.end(), l.begin(), l.end());
    return all;
  }

  ir::ValueId in_order(const Term& t, const Labels& labels) {
    std::vector<int32_t> order;
    for (int32_t label : labels) order.push_back(place_of(t.labels, label));
    return reordered(c_, t.value, order);
  }

  Term elementwise(const Term& a, const Term& b, const Groups& g) {
    Labels labels = concatenated({g.batch, g.m, g.n});
    auto aligned = [&](const Term& t, const Labels& own) {
      std::vector<int32_t> ones;
      for (size_t i = 0; i < labels.size(); ++i)
        if (!contains(own, labels[i])) ones.push_back(static_cast<int32_t>(i));
      ir::ValueId v = in_order(t, own);
      return ones.empty() ? v : c_.insert_ones(v, ones);
    };
    if (labels.size() > kMaxRank) return fail(), a;
    ir::ValueId x = aligned(a, concatenated({g.batch, g.m}));
    ir::ValueId y = aligned(b, concatenated({g.batch, g.n}));
    return {binary(c_, op_code::mul, x, y), labels};
  }

  // The batch dimensions stay, `rows` and `columns` become one dimension each.
  ir::ValueId as_matrices(const Term& t, const Groups& g, const Labels& rows,
                          const Labels& columns) {
    ir::ValueId v = in_order(t, concatenated({g.batch, rows, columns}));
    if (rows.size() == 1 && columns.size() == 1) return v;
    std::vector<int32_t> dims(g.batch.size(), 0);
    for (const Labels* group : {&rows, &columns}) {
      int64_t size = 1;
      for (int32_t label : *group) {
        Dim d = dim_of(t, label);
        size = d.is_static() && size > 0 ? size * d.max : -1;
        if (size > INT32_MAX) return fail(), v;
      }
      dims.push_back(static_cast<int32_t>(size));
    }
    return one_dynamic(dims) ? reshaped(c_, v, dims) : v;
  }

  bool one_dynamic(const std::vector<int32_t>& dims) {
    if (std::count(dims.begin(), dims.end(), -1) <= 1) return true;
    c_.error("einsum over several dynamic dimensions", "give the inputs a static shape");
    return false;
  }

  Term product(const Term& a, const Term& b, const Groups& g) {
    if (g.batch.size() + 2 > kMaxRank) return fail(), a;
    ir::ValueId y = c_.build().node(op_code::batch_matmul, BatchMatmulAttrs{0, 0},
                                    {as_matrices(a, g, g.m, g.k), as_matrices(b, g, g.k, g.n)},
                                    c_.type(a.value));
    Labels labels = concatenated({g.batch, g.m, g.n});
    if (g.m.size() == 1 && g.n.size() == 1) return {y, labels};
    if (labels.size() > kMaxRank) return fail(), a;
    std::vector<int32_t> dims(g.batch.size(), 0);
    for (int32_t label : g.m) dims.push_back(size_of(dim_of(a, label)));
    for (int32_t label : g.n) dims.push_back(size_of(dim_of(b, label)));
    return {one_dynamic(dims) ? reshaped(c_, y, dims) : y, labels};
  }

  NodeImport& c_;
  std::string equation_;
  std::vector<Term> terms_;
  Labels output_;
};

}  // namespace

void import_einsum(NodeImport& c) { Einsum(c).run(); }

}  // namespace mote::onnx_import
