#include "test_case.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "import/onnx/tensor_data.h"

namespace mote::conformance {
namespace {

namespace fs = std::filesystem;

std::vector<uint8_t> read_bytes(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Data read_data(const fs::path& path, const onnx::ValueInfoProto& port) {
  if (!port.type().has_tensor_type()) return std::nullopt;
  std::vector<uint8_t> bytes = read_bytes(path);
  onnx::TensorProto proto;
  if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  std::optional<Type> type = onnx_import::element_type(proto.data_type());
  // ConvertOptions::double_as_float
  if (proto.data_type() == onnx::TensorProto::DOUBLE) type = Type::float32;
  onnx_import::ExternalData none("");
  onnx_import::Tensor tensor;
  if (!type) return std::nullopt;
  tensor.type = *type;
  if (!onnx_import::read_elements(proto, none, &tensor).empty()) return std::nullopt;
  return tensor;
}

}  // namespace

std::vector<const onnx::ValueInfoProto*> TestCase::inputs() const {
  std::vector<const onnx::ValueInfoProto*> list;
  for (const onnx::ValueInfoProto& i : model.graph().input()) {
    const auto& initializers = model.graph().initializer();
    bool is_given = std::any_of(initializers.begin(), initializers.end(),
                                [&](const onnx::TensorProto& t) { return t.name() == i.name(); });
    if (!is_given) list.push_back(&i);
  }
  return list;
}

std::string TestCase::subject() const {
  return model.graph().node_size() == 1 ? model.graph().node(0).op_type() : "models";
}

std::vector<std::string> case_names(const std::string& root) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().filename() == "model.onnx")
      names.push_back(fs::relative(entry.path().parent_path(), root).string());
  std::sort(names.begin(), names.end());
  return names;
}

TestCase read_case(const std::string& root, const std::string& name) {
  TestCase out;
  out.name = name;
  const fs::path folder = fs::path(root) / name;
  out.bytes = read_bytes(folder / "model.onnx");
  out.model.ParseFromArray(out.bytes.data(), static_cast<int>(out.bytes.size()));
  const std::vector<const onnx::ValueInfoProto*> inputs = out.inputs();
  for (int n = 0;; ++n) {
    const fs::path set = folder / ("test_data_set_" + std::to_string(n));
    if (!fs::exists(set)) break;
    DataSet data;
    for (size_t i = 0; i < inputs.size(); ++i)
      data.inputs.push_back(read_data(set / ("input_" + std::to_string(i) + ".pb"), *inputs[i]));
    for (int i = 0; i < out.model.graph().output_size(); ++i)
      data.outputs.push_back(
          read_data(set / ("output_" + std::to_string(i) + ".pb"), out.model.graph().output(i)));
    out.sets.push_back(std::move(data));
  }
  return out;
}

}  // namespace mote::conformance
