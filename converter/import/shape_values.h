// What is known of dynamic sizes while a graph is built: which dimensions are equal, and the
// elements of small integer values that are computed from them (a shape, cut and put together).
#pragma once

#include <vector>

#include "ir/graph.h"

namespace mote {

class ShapeValues {
 public:
  // A number; or the size of a dynamic dimension, where equal symbols are equal sizes; or neither.
  struct Element {
    enum class Kind { unknown, number, size };
    Kind kind = Kind::unknown;
    int64_t number = 0;
    int32_t symbol = -1;

    static Element of(int64_t n) { return {Kind::number, n, -1}; }
    static Element size_of(int32_t symbol) { return {Kind::size, 0, symbol}; }
    bool is_number() const { return kind == Kind::number; }
    bool operator==(const Element&) const = default;
  };
  // Where a symbol was first seen.
  struct Place {
    ir::ValueId value = ir::kNone;
    int32_t dimension = 0;
  };

  // `graph` outlives this. Nodes are appended to it, or the last ones taken out again.
  explicit ShapeValues(const ir::Graph& graph) : graph_(graph) {}

  // The elements of a value of rank 0 or 1; nothing when it is not known to be made of sizes.
  const std::vector<Element>* elements(ir::ValueId v);
  // The size of a dimension: a number where it is static.
  Element size(ir::ValueId v, int32_t dimension);
  Place place(int32_t symbol) const { return places_[static_cast<size_t>(symbol)]; }

 private:
  struct Known {
    bool has_elements = false;
    std::vector<Element> elements;
    std::vector<Element> sizes;  // empty: not asked for, and no node has said
  };
  using Elements = std::vector<Element>;

  void update();
  void visit(const ir::Node& node);
  Element size_of(ir::ValueId v, int32_t dimension);
  Known& known(ir::ValueId v) { return known_[static_cast<size_t>(v)]; }
  bool constant_elements(ir::ValueId v, Elements* out) const;
  void set_elements(const ir::Node& node, Elements elements);
  void follow_elements(const ir::Node& node);
  bool computed(const ir::Node& node, Elements* out);
  void follow_sizes(const ir::Node& node);
  Element result_size(const ir::Node& node, int32_t dimension);
  Element broadcast_size(const ir::Node& node, int32_t dimension);
  Element product_size(const ir::Node& node, int32_t dimension);
  Element gathered_size(const ir::Node& node, int32_t dimension);
  Element reshaped_size(const ir::Node& node, int32_t dimension);
  Element remaining_size(const ir::Node& node, int32_t dimension);

  const ir::Graph& graph_;
  std::vector<Known> known_;
  std::vector<Place> places_;
  size_t visited_ = 0;  // nodes
};

}  // namespace mote
