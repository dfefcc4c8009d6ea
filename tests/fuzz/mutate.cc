#include "mutate.h"

#include <random>

#include "builder.h"
#include "classes.h"
#include "small_models.h"

namespace mote::test {
namespace {

class Mutator {
 public:
  Mutator(Draft& draft, uint32_t seed) : d_(draft), engine_(seed) {}

  void mutate() {
    // Few changes keep most of the model meaningful.
    for (uint32_t n = one_in(3) ? 2 : 1; n > 0; --n) change();
  }

 private:
  uint32_t below(uint32_t n) { return n == 0 ? 0 : engine_() % n; }
  bool one_in(uint32_t n) { return below(n) == 0; }
  template <class Vector>
  auto& any(Vector& v) {
    return v[below(static_cast<uint32_t>(v.size()))];
  }

  // Values at which checks and kernels change their minds.
  int32_t number(int32_t old) {
    static const int32_t kEdges[] = {-2147483647 - 1,
                                     -65536,
                                     -129,
                                     -128,
                                     -2,
                                     -1,
                                     0,
                                     1,
                                     2,
                                     3,
                                     4,
                                     5,
                                     7,
                                     8,
                                     9,
                                     15,
                                     16,
                                     17,
                                     31,
                                     32,
                                     33,
                                     64,
                                     127,
                                     128,
                                     255,
                                     256,
                                     257,
                                     4096,
                                     32767,
                                     65535,
                                     65536,
                                     1 << 24,
                                     1 << 30,
                                     2147483647};
    switch (below(4)) {
      case 0:
        return kEdges[below(sizeof kEdges / sizeof *kEdges)];
      case 1:
        return static_cast<int32_t>(below(8));
      default:
        return static_cast<int32_t>(static_cast<uint32_t>(old) + below(5) - 2);
    }
  }
  float real(float old) {
    static const float kEdges[] = {0.0F,
                                   -0.0F,
                                   1.0F,
                                   -1.0F,
                                   0.5F,
                                   2.0F,
                                   1.0F / 256,
                                   1e-45F,
                                   3e38F,
                                   0x1p-100F,
                                   0x1p100F,
                                   0x1p-16F,
                                   128.0F,
                                   __builtin_inff(),
                                   -__builtin_inff(),
                                   __builtin_nanf("")};
    return one_in(2) ? kEdges[below(sizeof kEdges / sizeof *kEdges)]
                     : old * (0.25F + static_cast<float>(below(16)));
  }
  int32_t tensor_index() {
    return one_in(8) ? number(-1) : static_cast<int32_t>(below(count(d_.model.tensors)));
  }
  template <class Vector>
  static uint32_t count(const Vector& v) {
    return static_cast<uint32_t>(v.size());
  }

  void change_ints(std::vector<int32_t>& v) {
    if (v.empty() || one_in(6)) {
      v.push_back(number(0));
    } else if (one_in(6)) {
      v.pop_back();
    } else {
      int32_t& x = any(v);
      x = number(x);
    }
  }

  void change_dim(forge::Dim& dim) {
    int32_t size = number(dim.max());
    dim = one_in(3) ? forge::Dim(number(dim.min()), size) : forge::Dim(size, size);
  }

  // The same change of size in every tensor that has it keeps a model consistent.
  void change_all_dims() {
    if (d_.model.tensors.empty() || any(d_.model.tensors)->shape.empty()) return;
    const forge::TensorT& pattern = *any(d_.model.tensors);
    if (pattern.shape.empty()) return;
    int32_t from = pattern.shape[below(count(pattern.shape))].max();
    auto to = static_cast<int32_t>(1 + below(40));
    int32_t least = one_in(3) ? 1 : to;
    for (auto& t : d_.model.tensors) {
      for (forge::Dim& dim : t->shape) {
        if (dim.max() != from) continue;
        dim = t->kind == forge::Kind::activation ? forge::Dim(least, to) : forge::Dim(to, to);
      }
      fit_data(*t);
    }
  }

  // Gives a constant that grew the bytes that it now needs.
  void fit_data(const forge::TensorT& t) {
    if (t.segment >= d_.segments.size() || t.type > forge::Type::MAX) return;
    uint64_t bytes = type_bytes(static_cast<Type>(t.type));
    for (const forge::Dim& dim : t.shape) {
      if (dim.max() < 0 || bytes > 1 << 16) return;
      bytes *= static_cast<uint64_t>(dim.max());
    }
    Bytes& segment = d_.segments[t.segment];
    if (bytes <= 1 << 16 && t.offset <= 1 << 16 && t.offset + bytes > segment.size())
      segment.resize(t.offset + bytes, static_cast<uint8_t>(below(256)));
  }

  void change_quantization(forge::TensorT& t) {
    if (t.quantization == nullptr) {
      t.quantization = std::make_unique<forge::QuantizationT>();
      t.quantization->scales = {0.5F};
      return;
    }
    forge::QuantizationT& q = *t.quantization;
    switch (below(6)) {
      case 0:
        q.axis = number(q.axis);
        break;
      case 1:
        change_ints(q.zero_points);
        break;
      case 2:
        q.scales.resize(below(9), 0.25F);
        break;
      case 3:
        t.quantization.reset();
        break;
      default:
        if (!q.scales.empty()) any(q.scales) = real(q.scales[0]);
    }
  }

  void change_tensor() {
    if (d_.model.tensors.empty()) return;
    forge::TensorT& t = *any(d_.model.tensors);
    switch (below(8)) {
      case 0:
        t.type = static_cast<forge::Type>(below(10));
        break;
      case 1:
        t.kind = static_cast<forge::Kind>(below(4));
        break;
      case 2:
        t.segment = one_in(2) ? 0xFFFFFFFF : below(3);
        break;
      case 3:
        t.offset = one_in(4) ? static_cast<uint64_t>(number(0)) : 4 * below(64);
        break;
      case 4:
        change_quantization(t);
        break;
      case 5:
        if (t.shape.size() < 9 && one_in(2))
          t.shape.insert(t.shape.begin(), forge::Dim(1, 1));
        else if (!t.shape.empty())
          t.shape.erase(t.shape.begin());
        break;
      default:
        if (!t.shape.empty()) change_dim(any(t.shape));
    }
    fit_data(t);
  }

  // Attributes are tables of numbers: each kind lists its own.
  void change(forge::Conv2dT& a) {
    pick({&a.stride_h, &a.stride_w, &a.dilation_h, &a.dilation_w, &a.pad_top, &a.pad_left,
          &a.pad_bottom, &a.pad_right, &a.groups});
    fuse(a.activation);
  }
  void change(forge::DepthwiseConv2dT& a) {
    pick({&a.stride_h, &a.stride_w, &a.dilation_h, &a.dilation_w, &a.pad_top, &a.pad_left,
          &a.pad_bottom, &a.pad_right, &a.multiplier});
    fuse(a.activation);
  }
  void change(forge::FullyConnectedT& a) { a.activation = activation(); }
  void change(forge::BinaryT& a) {
    a.activation = activation();
    if (one_in(3)) a.requantize_scale = real(1);
  }
  void change(forge::Pool2dT& a) {
    pick({&a.window_h, &a.window_w, &a.stride_h, &a.stride_w, &a.pad_top, &a.pad_left,
          &a.pad_bottom, &a.pad_right});
    a.count_include_pad = one_in(2);
    a.round_half_up = one_in(2);
    fuse(a.activation);
  }
  void change(forge::ReduceT& a) {
    a.kind = static_cast<forge::ReduceKind>(below(3));
    a.keep_dims = one_in(2);
    if (one_in(4)) a.requantize_scale = real(1);
    change_ints(a.axes);
  }
  void change(forge::PadT& a) {
    change_ints(one_in(2) ? a.before : a.after);
    if (one_in(3)) a.value = real(1);
  }
  void change(forge::ReshapeT& a) { change_ints(a.shape); }
  void change(forge::TransposeT& a) {
    if (a.permutation.size() > 1 && !one_in(4))
      std::swap(any(a.permutation), a.permutation[0]);
    else
      change_ints(a.permutation);
  }
  void change(forge::ConcatT& a) { a.axis = number(a.axis); }
  void change(forge::StridedSliceT& a) {
    change_ints(one_in(3) ? a.begin : one_in(2) ? a.end : a.strides);
    if (one_in(2))
      (one_in(3) ? a.begin_mask : one_in(2) ? a.end_mask : a.shrink_mask) ^= 1u << below(4);
  }
  void change(forge::SoftmaxT& a) { a.beta = real(a.beta); }
  void change(forge::ActivationT& a) { a.kind = static_cast<forge::ActivationKind>(below(6)); }
  void change(forge::GatherT& a) { pick({&a.axis, &a.batch_dims}); }
  void change(forge::ArgMaxT& a) {
    a.axis = number(a.axis);
    a.keep_dims = one_in(2);
  }
  void change(forge::ResizeBilinearT& a) {
    pick({&a.out_h, &a.out_w});
    a.mode = static_cast<forge::CoordinateMode>(below(4));
  }
  void pick(std::initializer_list<int32_t*> fields) {
    int32_t* field = fields.begin()[below(static_cast<uint32_t>(fields.size()))];
    *field = number(*field);
  }
  forge::FusedActivation activation() { return static_cast<forge::FusedActivation>(below(5)); }
  void fuse(forge::FusedActivation& a) {
    if (one_in(4)) a = activation();
  }

  template <class T>
  bool change_if(forge::AttributesUnion& u) {
    if (u.type != forge::AttributesUnionTraits<T>::enum_value || u.value == nullptr) return false;
    change(*static_cast<T*>(u.value));
    return true;
  }
  template <class... T>
  void change_attributes(forge::AttributesUnion& u) {
    static_cast<void>((change_if<T>(u) || ...));
  }

  void change_operator(forge::GraphT& graph) {
    if (graph.operators.empty()) return;
    uint32_t at = below(count(graph.operators));
    forge::OperatorT& op = *graph.operators[at];
    switch (below(12)) {
      case 0:
        op.code = static_cast<uint16_t>(one_in(4) ? number(0) : below(110));
        break;
      case 1:
        change_operands(op.inputs);
        break;
      case 2:
        change_operands(op.outputs);
        break;
      case 3:
        std::swap(graph.operators[at], any(graph.operators));
        break;
      case 4:
        graph.operators.push_back(std::make_unique<forge::OperatorT>(op));
        break;
      case 5:
        op.graphs.assign(below(3), below(2));
        break;
      default:
        change_attributes<forge::Conv2dT, forge::DepthwiseConv2dT, forge::FullyConnectedT,
                          forge::BinaryT, forge::Pool2dT, forge::ReduceT, forge::PadT,
                          forge::ReshapeT, forge::TransposeT, forge::ConcatT, forge::StridedSliceT,
                          forge::SoftmaxT, forge::ActivationT, forge::GatherT, forge::ArgMaxT,
                          forge::ResizeBilinearT>(op.attributes);
    }
  }
  void change_operands(std::vector<int32_t>& operands) {
    if (operands.empty() || one_in(8))
      operands.push_back(tensor_index());
    else if (one_in(8))
      operands.pop_back();
    else
      any(operands) = tensor_index();
  }

  // A unary operator behind an existing tensor, its result a new output of the graph.
  void append_operator(size_t g) {
    forge::GraphT& graph = *d_.model.graphs[g];
    if (graph.operators.empty() || d_.model.tensors.empty() || count(d_.model.tensors) > 64) return;
    auto x = static_cast<int32_t>(below(count(d_.model.tensors)));
    auto y = std::make_unique<forge::TensorT>(*d_.model.tensors[static_cast<size_t>(x)]);
    y->kind = forge::Kind::activation;
    y->segment = 0xFFFFFFFF;
    y->offset = 0;
    d_.model.tensors.push_back(std::move(y));
    auto out = static_cast<int32_t>(d_.model.tensors.size()) - 1;
    forge::OperatorT& like = *any(graph.operators);
    auto op = std::make_unique<forge::OperatorT>(like);
    for (int32_t& i : op->inputs) i = x;
    op->outputs.assign(1, out);
    graph.operators.push_back(std::move(op));
    if (one_in(2)) add_output(g, out);
  }
  void add_output(size_t g, int32_t tensor) {
    d_.model.graphs[g]->outputs.push_back(tensor);
    for (auto& e : d_.model.entry_points) {
      if (e->graph != g) continue;
      e->outputs.push_back(std::make_unique<forge::PortT>());
      e->outputs.back()->tensor = tensor;
      e->outputs.back()->name = "z" + std::to_string(tensor);
    }
  }

  void change_ports() {
    if (d_.model.entry_points.empty()) return;
    forge::EntryPointT& e = *any(d_.model.entry_points);
    if (one_in(3)) e.graph = below(3);
    if (one_in(3)) e.features = below(2);
    if (!e.inputs.empty() && one_in(2)) any(e.inputs)->tensor = tensor_index();
    if (!e.outputs.empty() && one_in(2)) any(e.outputs)->tensor = tensor_index();
  }

  void change_data() {
    if (d_.segments.empty()) return;
    Bytes& segment = any(d_.segments);
    for (uint32_t n = 1 + below(16); n > 0 && !segment.empty(); --n)
      any(segment) = static_cast<uint8_t>(one_in(2) ? 0xFF * below(2) : below(256));
  }

  void change() {
    if (d_.model.graphs.empty()) return;
    size_t g = below(count(d_.model.graphs));
    switch (below(16)) {
      case 0:
        return change_ports();
      case 1:
      case 2:
        return append_operator(g);
      case 3:
      case 4:
      case 5:
        return change_data();
      case 6:
      case 7:
      case 8:
        return change_tensor();
      case 9:
      case 10:
        return change_all_dims();
      default:
        return change_operator(*d_.model.graphs[g]);
    }
  }

  Draft& d_;
  std::mt19937 engine_;
};

// The draft that a file came from; false when it is no valid container with a valid FlatBuffer.
bool read_draft(const uint8_t* data, size_t size, Draft& draft) {
  if (size < kStructureStart) return false;
  Bytes file(data, data + size);
  Raw raw(file);
  auto bytes = raw.get<uint64_t>(32);
  if (raw.get<uint64_t>(24) != kStructureStart || bytes > size - kStructureStart) return false;
  // The verifier wants the alignment that the file gives.
  Bytes structure(file.begin() + kStructureStart,
                  file.begin() + static_cast<ptrdiff_t>(kStructureStart + bytes));
  flatbuffers::Verifier verifier(structure.data(), structure.size(), 16, 4096);
  if (!forge::VerifyModelBuffer(verifier)) return false;
  forge::GetModel(structure.data())->UnPackTo(&draft.model);
  // A union that names a kind but holds nothing passes the verifier and cannot be packed.
  for (auto& graph : draft.model.graphs) {
    for (auto& op : graph->operators)
      if (op->attributes.value == nullptr) op->attributes.Reset();
  }
  for (const forge::Segment& s : draft.model.segments) {
    if (s.offset() > size || s.bytes() > size - s.offset()) return false;
    draft.segments.emplace_back(file.begin() + static_cast<ptrdiff_t>(s.offset()),
                                file.begin() + static_cast<ptrdiff_t>(s.offset() + s.bytes()));
  }
  return true;
}

}  // namespace

size_t mutate_model(uint8_t* data, size_t size, size_t max_size, uint32_t seed) {
  Draft draft;
  if (!read_draft(data, size, draft)) draft = seed % 2 == 0 ? classifier() : dynamic_batch();
  Mutator(draft, seed).mutate();
  Bytes file = write_file(std::move(draft));
  if (file.size() > max_size) return size;
  memcpy(data, file.data(), file.size());
  return file.size();
}

}  // namespace mote::test
