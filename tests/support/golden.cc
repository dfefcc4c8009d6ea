#include "support/golden.h"

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace mote::test {
namespace {

Type type_of(const std::string& dtype) {
  if (dtype == "FLOAT32") return Type::float32;
  if (dtype == "INT8") return Type::int8;
  if (dtype == "UINT8") return Type::uint8;
  if (dtype == "INT32") return Type::int32;
  if (dtype == "INT64") return Type::int64;
  throw std::runtime_error("golden.json names the element type " + dtype);
}

GoldenArray read_array(const std::string& folder, const nlohmann::json& port, size_t cases) {
  GoldenArray array;
  array.type = type_of(port.at("dtype"));
  array.bytes = read_file(folder + "/" + port.at("file").get<std::string>());
  array.case_bytes = array.bytes.size() / cases;
  return array;
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
  set.stateful = json.at("stateful_sequence");
  set.model = read_file(root + "/" + json.at("model").get<std::string>());
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
  };
  return names;
}

}  // namespace mote::test
