#include "tflite_models.h"

#include <cstring>
#include <random>
#include <string>

#include "tflite_forge_generated.h"

namespace mote::test {
namespace {

namespace tf = mote::tflite_forge;

// Builtin operator codes of the TFLite schema.
enum Builtin : int32_t {
  kAdd = 0,
  kConcatenation = 2,
  kConv2d = 3,
  kFullyConnected = 9,
  kMaxPool2d = 17,
  kMul = 18,
  kReshape = 22,
  kSoftmax = 25,
  kPad = 34,
  kGather = 36,
  kTranspose = 39,
  kMean = 40,
  kSub = 41,
  kStridedSlice = 45,
};

class Builder {
 public:
  Builder() {
    model_.version = 3;
    model_.buffers.push_back(std::make_unique<tf::BufferT>());
    model_.subgraphs.push_back(std::make_unique<tf::SubGraphT>());
    graph_ = model_.subgraphs[0].get();
  }

  int32_t tensor(tf::TensorType type, std::vector<int32_t> shape, float scale = 0,
                 int64_t zero_point = 0) {
    auto t = std::make_unique<tf::TensorT>();
    t->name = "t" + std::to_string(graph_->tensors.size());
    t->shape = std::move(shape);
    t->type = type;
    if (scale != 0) {
      t->quantization = std::make_unique<tf::QuantizationParametersT>();
      t->quantization->scale = {scale};
      t->quantization->zero_point = {zero_point};
    }
    graph_->tensors.push_back(std::move(t));
    return static_cast<int32_t>(graph_->tensors.size()) - 1;
  }
  // A constant of the elements given, or of `bytes` bytes of a pattern.
  int32_t fill(int32_t tensor, size_t bytes) {
    std::vector<uint8_t> data(bytes);
    for (size_t i = 0; i < bytes; ++i) data[i] = static_cast<uint8_t>((i * 37 + 11) % 61);
    return store(tensor, std::move(data));
  }
  int32_t ints(std::vector<int32_t> shape, const std::vector<int32_t>& values) {
    std::vector<uint8_t> data(values.size() * 4);
    memcpy(data.data(), values.data(), data.size());
    return store(tensor(tf::TensorType::INT32, std::move(shape)), std::move(data));
  }

  template <class Options>
  void op(Builtin code, std::vector<int32_t> inputs, std::vector<int32_t> outputs,
          Options options) {
    add(code, std::move(inputs), std::move(outputs)).builtin_options.Set(std::move(options));
  }
  tf::OperatorT& add(Builtin code, std::vector<int32_t> inputs, std::vector<int32_t> outputs) {
    auto c = std::make_unique<tf::OperatorCodeT>();
    c->builtin_code = code;
    c->deprecated_builtin_code = static_cast<int8_t>(code);
    model_.operator_codes.push_back(std::move(c));
    auto o = std::make_unique<tf::OperatorT>();
    o->opcode_index = static_cast<uint32_t>(model_.operator_codes.size() - 1);
    o->inputs = std::move(inputs);
    o->outputs = std::move(outputs);
    graph_->operators.push_back(std::move(o));
    return *graph_->operators.back();
  }
  std::vector<uint8_t> finish(std::vector<int32_t> inputs, std::vector<int32_t> outputs) {
    graph_->inputs = std::move(inputs);
    graph_->outputs = std::move(outputs);
    flatbuffers::FlatBufferBuilder builder;
    tf::FinishModelBuffer(builder, tf::Model::Pack(builder, &model_));
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
  }

 private:
  int32_t store(int32_t tensor, std::vector<uint8_t> data) {
    model_.buffers.push_back(std::make_unique<tf::BufferT>());
    model_.buffers.back()->data = std::move(data);
    graph_->tensors[static_cast<size_t>(tensor)]->buffer =
        static_cast<uint32_t>(model_.buffers.size() - 1);
    return tensor;
  }

  tf::ModelT model_;
  tf::SubGraphT* graph_;
};

constexpr auto kFloat = tf::TensorType::FLOAT32;
constexpr auto kInt8 = tf::TensorType::INT8;
constexpr auto kInt32 = tf::TensorType::INT32;

}  // namespace

std::vector<uint8_t> tflite_classifier(bool quantized) {
  Builder b;
  auto type = quantized ? kInt8 : kFloat;
  float s = quantized ? 0.25F : 0.0F;
  size_t element = quantized ? 1 : 4;
  auto bias_type = quantized ? kInt32 : kFloat;
  int32_t x = b.tensor(type, {1, 6, 6, 2}, s, 3);
  int32_t w = b.fill(b.tensor(type, {3, 3, 3, 2}, s / 16), 54 * element);
  int32_t bias = b.fill(b.tensor(bias_type, {3}, s * s / 16), 12);
  int32_t c = b.tensor(type, {1, 6, 6, 3}, s, -4), p = b.tensor(type, {1, 3, 3, 3}, s, -4);
  int32_t flat = b.tensor(type, {1, 27}, s, -4), logits = b.tensor(type, {1, 4}, s);
  int32_t y = b.tensor(type, {1, 4}, quantized ? 1.0F / 256 : 0.0F, -128);
  tf::Conv2DOptionsT conv;
  conv.stride_h = conv.stride_w = 1;
  conv.activation = tf::Activation::RELU;
  b.op(kConv2d, {x, w, bias}, {c}, conv);
  tf::Pool2DOptionsT pool;
  pool.stride_h = pool.stride_w = pool.filter_h = pool.filter_w = 2;
  b.op(kMaxPool2d, {c}, {p}, pool);
  tf::ReshapeOptionsT reshape;
  reshape.new_shape = {1, 27};
  b.op(kReshape, {p, b.ints({2}, {1, 27})}, {flat}, reshape);
  int32_t fw = b.fill(b.tensor(type, {4, 27}, s / 16), 108 * element);
  b.op(kFullyConnected, {flat, fw, -1}, {logits}, tf::FullyConnectedOptionsT());
  tf::SoftmaxOptionsT softmax;
  softmax.beta = 1;
  b.op(kSoftmax, {logits}, {y}, softmax);
  return b.finish({x}, {y});
}

std::vector<uint8_t> tflite_movement() {
  Builder b;
  int32_t x = b.tensor(kFloat, {2, 3}), c = b.fill(b.tensor(kFloat, {3}), 12);
  int32_t sum = b.tensor(kFloat, {2, 3}), difference = b.tensor(kFloat, {2, 3});
  int32_t product = b.tensor(kFloat, {2, 3}), joined = b.tensor(kFloat, {2, 6});
  int32_t padded = b.tensor(kFloat, {3, 8}), turned = b.tensor(kFloat, {8, 3});
  int32_t cut = b.tensor(kFloat, {3, 3}), picked = b.tensor(kFloat, {2, 3});
  int32_t y = b.tensor(kFloat, {2});
  b.op(kAdd, {x, c}, {sum}, tf::AddOptionsT());
  b.op(kSub, {sum, x}, {difference}, tf::SubOptionsT());
  b.op(kMul, {difference, x}, {product}, tf::MulOptionsT());
  tf::ConcatenationOptionsT concat;
  concat.axis = 1;
  b.op(kConcatenation, {product, x}, {joined}, concat);
  b.add(kPad, {joined, b.ints({2, 2}, {0, 1, 1, 1})}, {padded});
  b.add(kTranspose, {padded, b.ints({2}, {1, 0})}, {turned});
  tf::StridedSliceOptionsT slice;
  slice.end_mask = 2;
  b.op(kStridedSlice, {turned, b.ints({2}, {1, 0}), b.ints({2}, {7, 3}), b.ints({2}, {2, 1})},
       {cut}, slice);
  b.op(kGather, {cut, b.ints({2}, {2, 0})}, {picked}, tf::GatherOptionsT());
  b.op(kMean, {picked, b.ints({1}, {1})}, {y}, tf::ReducerOptionsT());
  return b.finish({x}, {y});
}

size_t mutate_tflite(uint8_t* data, size_t size, size_t max_size, uint32_t seed) {
  std::mt19937 engine(seed);
  auto below = [&](size_t n) { return n == 0 ? size_t{0} : engine() % n; };
  flatbuffers::Verifier verifier(data, size, 16, 4096);
  if (size < 8 || !tf::VerifyModelBuffer(verifier)) {
    std::vector<uint8_t> fresh =
        seed % 3 == 0 ? tflite_movement() : tflite_classifier(seed % 3 == 1);
    if (fresh.size() > max_size) return size;
    memcpy(data, fresh.data(), fresh.size());
    size = fresh.size();
  }
  for (size_t n = 1 + below(3); n > 0; --n) {
    size_t at = below(size);
    switch (below(4)) {
      case 0:
        data[at] = static_cast<uint8_t>(below(256));
        break;
      case 1:
        data[at] = static_cast<uint8_t>(data[at] + below(5) - 2);
        break;
      case 2:
        data[at] ^= static_cast<uint8_t>(1u << below(8));
        break;
      default: {
        static const int32_t kEdges[] = {-1, 0, 1, 2, 255, 65536, 2147483647, -2147483647 - 1};
        at &= ~size_t{3};
        if (at + 4 <= size) memcpy(data + at, &kEdges[below(8)], 4);
      }
    }
  }
  return size;
}

}  // namespace mote::test
