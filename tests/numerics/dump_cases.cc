// Writes an operator's cases with the results of its reference kernels: DIR/cases.json, and the
// elements in DIR/cases.bin. For tests/numerics/compare.py.
#include <cstdio>
#include <cstring>

#include "numerics/attribute_fields.h"
#include "numerics/json.h"
#include "ops/all_cases.h"
#include "ops/run_case.h"

namespace mote::test {
namespace {

class Dump {
 public:
  // Appends the bytes and describes them.
  std::string tensor(const char* type, const std::vector<int32_t>& shape, const ir::Quantization& q,
                     const ir::Bytes& bytes) {
    auto integer = [](int32_t i) { return std::to_string(i); };
    std::string out = std::string("{\"type\": ") + json_string(type) +
                      ", \"shape\": " + json_array(shape, integer) +
                      ", \"scales\": " + json_array(q.scales, json_number) +
                      ", \"zero_points\": " + json_array(q.zero_points, integer) +
                      ", \"axis\": " + std::to_string(q.axis) +
                      ", \"offset\": " + std::to_string(data_.size()) +
                      ", \"bytes\": " + std::to_string(bytes.size()) + "}";
    data_.insert(data_.end(), bytes.begin(), bytes.end());
    return out;
  }

  bool add(const Case& c, uint32_t seed) {
    ReferenceRun run = run_reference(c, seed);
    if (!run.error.empty()) {
      fprintf(stderr, "%s: %s\n", c.name.c_str(), run.error.c_str());
      return false;
    }
    std::vector<std::string> inputs, outputs;
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      const Operand& o = c.inputs[i];
      inputs.push_back(o.absent ? "null"
                                : tensor(type_name(o.type), o.shape, o.quantization,
                                         operand_data(o, seed + static_cast<uint32_t>(i))));
    }
    for (size_t i = 0; i < run.outputs.size(); ++i) {
      // An operator without outputs writes its state, input 0.
      const Operand& o = c.outputs.empty() ? c.inputs[0] : c.outputs[i];
      const Shape& s = run.outputs[i].shape;
      outputs.push_back(tensor(type_name(o.type), {s.dims, s.dims + s.rank}, o.quantization,
                               run.outputs[i].bytes));
    }
    auto same = [](const std::string& s) { return s; };
    cases_.push_back("{\"name\": " + json_string(c.name) +
                     ", \"attributes\": " + attributes_json(c.op, c.attributes) +
                     ",\n \"inputs\": " + json_array(inputs, same) +
                     ",\n \"outputs\": " + json_array(outputs, same) + "}");
    return true;
  }

  bool write(const char* op, const std::string& directory) {
    std::string text = std::string("{\"op\": ") + json_string(op) + ", \"cases\": " +
                       json_array(cases_, [](const std::string& s) { return "\n" + s; }) + "}\n";
    return write_file(directory + "/cases.json", text.data(), text.size()) &&
           write_file(directory + "/cases.bin", data_.data(), data_.size());
  }

 private:
  static bool write_file(const std::string& path, const void* data, size_t bytes) {
    FILE* f = fopen(path.c_str(), "wb");
    if (f == nullptr) return false;
    bool written = fwrite(data, 1, bytes, f) == bytes;
    return fclose(f) == 0 && written;
  }

  std::vector<std::string> cases_;
  ir::Bytes data_;
};

int dump(const char* op, const char* directory) {
  for (const OperatorCases& o : all_cases()) {
    if (strcmp(o.name, op) != 0) continue;
    Dump dump;
    size_t index = 0;
    for (const Case& c : cases_of(o))
      if (!dump.add(c, case_seed(index++))) return 1;
    return dump.write(op, directory) ? 0 : 1;
  }
  fprintf(stderr, "no operator is named %s\n", op);
  return 2;
}

}  // namespace
}  // namespace mote::test

int main(int argc, char** argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s OPERATOR DIRECTORY\n", argv[0]);
    return 2;
  }
  return mote::test::dump(argv[1], argv[2]);
}
