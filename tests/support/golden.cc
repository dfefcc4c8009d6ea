#include "support/golden.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mote::test {
namespace {

using Json = nlohmann::json;

// The exact name differs: "FLOAT32" in sets of one kind, "float32" in the others.
Type type_of(std::string dtype) {
  std::transform(dtype.begin(), dtype.end(), dtype.begin(), ::toupper);
  if (dtype == "FLOAT32") return Type::float32;
  if (dtype == "INT8") return Type::int8;
  if (dtype == "UINT8") return Type::uint8;
  if (dtype == "INT32") return Type::int32;
  if (dtype == "INT64") return Type::int64;
  throw std::runtime_error("golden.json names the element type " + dtype);
}

GoldenArray read_array(const std::string& folder, const Json& port, size_t cases) {
  GoldenArray array;
  array.type = type_of(port.at("dtype"));
  array.bytes = read_file(folder + "/" + port.at("file").get<std::string>());
  array.case_bytes = array.bytes.size() / cases;
  return array;
}

// Sets of ONNX models have a file for each case and port.
std::string file_name(size_t index, std::string port) {
  std::replace(port.begin(), port.end(), ':', '_');
  return "case" + std::to_string(index) + "_" + port + ".bin";
}

ShapeBounds shape_of(const Json& dims) {
  ShapeBounds shape;
  for (int32_t d : dims) shape.dims[shape.rank++] = {d, d};
  return shape;
}

void append(GoldenArray* array, const std::vector<uint8_t>& bytes) {
  array->case_bytes = bytes.size();
  array->bytes.insert(array->bytes.end(), bytes.begin(), bytes.end());
}

void read_cases(const std::string& folder, const Json& json, GoldenSet* set) {
  const Json& cases = json.at("cases");
  for (const Json& port : cases.at(0)) {
    GoldenArray& array = set->inputs.emplace_back();
    array.name = port.at("name");
    array.type = type_of(port.at("dtype"));
    set->options.input_shapes[array.name] = shape_of(port.at("shape"));
  }
  for (const Json& port : json.at("outputs")) {
    GoldenArray& array = set->outputs.emplace_back();
    array.name = port.at("name");
    array.type = type_of(port.at("dtype"));
  }
  for (size_t c = 0; c < set->cases; ++c) {
    for (size_t i = 0; i < set->inputs.size(); ++i) {
      const Json& port = cases.at(c).at(i);
      if (port.contains("from"))
        set->inputs[i].from = port.at("from");
      else
        append(&set->inputs[i], read_file(folder + "/" + port.at("file").get<std::string>()));
    }
    for (GoldenArray& array : set->outputs)
      append(&array, read_file(folder + "/" + file_name(c, array.name)));
  }
}

// An integer that is the same in all cases is no input of the device.
void fix_scalars(GoldenSet* set) {
  for (size_t i = set->inputs.size(); i-- > 0;) {
    const GoldenArray& array = set->inputs[i];
    if (array.type != Type::int64 || array.case_bytes != sizeof(int64_t)) continue;
    int64_t value;
    memcpy(&value, array.bytes.data(), sizeof value);
    set->options.input_shapes.erase(array.name);
    set->options.fixed_inputs[array.name] = {static_cast<double>(value)};
    set->inputs.erase(set->inputs.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// A set of a PyTorch model, without the dimension of the batch in its shapes, for the ONNX model
// that was made of it.
void read_batches(const std::string& root, const Json& json, const std::string& input,
                  GoldenSet* set) {
  std::string model = json.at("model");
  set->model = read_file(root + "/" + model.substr(0, model.rfind('.')) + ".onnx");
  ShapeBounds one = shape_of(json.at("inputs").at(0).at("shape"));
  ShapeBounds batch;
  batch.rank = one.rank + 1;
  batch.dims[0] = {1, 1};
  for (int i = 0; i < one.rank; ++i) batch.dims[i + 1] = one.dims[i];
  set->options.input_shapes[input] = batch;
}

}  // namespace

const char* material_dir() { return std::getenv("MOTE_MATERIAL_DIR"); }

std::vector<uint8_t> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

GoldenSet read_golden(const std::string& name) {
  std::string root = material_dir(), folder = root + "/golden/" + name;
  std::vector<uint8_t> text = read_file(folder + "/golden.json");
  nlohmann::json json = nlohmann::json::parse(text.begin(), text.end());
  GoldenSet set;
  set.name = name;
  set.cases = json.at("n");
  set.stateful = json.value("stateful_sequence", false);
  std::string model = json.at("model");
  const bool is_onnx = model.size() > 5 && model.substr(model.size() - 5) == ".onnx";
  if (name == "pytorch__kws_model")
    read_batches(root, json, "mfcc", &set);
  else if (name == "pytorch__resnet20_cifar10")
    read_batches(root, json, "input", &set);
  else
    set.model = read_file(root + "/" + model);
  if (is_onnx) {
    read_cases(folder, json, &set);
    fix_scalars(&set);
    // Rounding errors of a recurrent network grow with the steps.
    if (set.stateful) set.float_bound = 1e-3;
    return set;
  }
  for (const auto& port : json.at("inputs")) {
    set.inputs.push_back(read_array(folder, port, set.cases));
  }
  for (const auto& port : json.at("outputs")) {
    set.outputs.push_back(read_array(folder, port, set.cases));
  }
  return set;
}

std::string test_name(std::string set) {
  for (char& c : set)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  return set;
}

const std::vector<std::string>& golden_names() {
  static const std::vector<std::string> names{
      "tflm__hello_world_float",
      "tflm__hello_world_int8",
      "tflm__person_detect",
      "tflm__micro_speech_quantized",
      "mlperf_tiny__ad01_fp32",
      "mlperf_tiny__ad01_int8",
      "mlperf_tiny__kws_ref_model",
      "mlperf_tiny__pretrainedResnet",
      "mlperf_tiny__pretrainedResnet_quant",
      "mlperf_tiny__vww_96_float",
      "mlperf_tiny__vww_96_int8",
      "coral__mobilenet_v1_0.25_128_quant",
      "coral__mobilenet_v2_1.0_224_quant",
      "coral__tf2_mobilenet_v2_1.0_224_ptq",
      "coral__deeplabv3_mnv2_dm05_pascal_quant",
      "litert_blocks__attn_vec_einsum",
      "litert_blocks__l2_norm_composite",
      "litert_blocks__norm",
      "litert_blocks__odml_sdpa_composite_mha",
      "litert_blocks__q_einsum",
      "litert_blocks__rope",
  };
  return names;
}

const std::vector<std::string>& onnx_golden_names() {
  static const std::vector<std::string> names{
      "basic_pitch__nmp__onnx",
      "ppocr__ch_ppocr_mobile_v2.0_cls_infer__onnx",
      "pytorch__kws_model",
      "pytorch__resnet20_cifar10",
      "silero_vad__silero_vad_16k_op15__onnx",
  };
  return names;
}

}  // namespace mote::test
