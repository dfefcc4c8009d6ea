#include "reference_set.h"

#include <cctype>
#include <nlohmann/json.hpp>

#include "elements.h"
#include "failure.h"

namespace mote::tool {
namespace {

using Json = nlohmann::json;

// Far above every set; keeps a damaged count from filling the memory.
constexpr int64_t kMaxCases = 1 << 20;

int64_t whole_number(const Json& json) {
  if (!json.is_number_integer()) bad_input("expected a whole number, found " + json.dump());
  return json.get<int64_t>();
}

Shape shape_of(const Json& dims) {
  Shape shape;
  if (dims.size() > kMaxRank) bad_input("a reference has more than 8 dimensions");
  for (const Json& dim : dims) {
    const int64_t size = whole_number(dim);
    if (size < 1 || size > INT32_MAX) bad_input("a reference has dimension " + dim.dump());
    shape.dims[shape.rank++] = static_cast<int32_t>(size);
  }
  return shape;
}

Bytes read_member(const std::string& folder, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) {
    bad_input("file '" + name + "' is no plain name within the folder");
  }
  return read_file(folder + "/" + name);
}

ReferenceTensor without_data(const Json& entry, const Json& dims) {
  ReferenceTensor tensor;
  tensor.name = entry.value("name", "");
  tensor.type = parse_type(entry.at("dtype").get<std::string>());
  tensor.shape = shape_of(dims);
  return tensor;
}

size_t bytes_of(const ReferenceTensor& tensor) {
  int64_t bytes = static_cast<int64_t>(type_bytes(tensor.type));
  for (int i = 0; i < tensor.shape.rank; ++i) {
    if (__builtin_mul_overflow(bytes, int64_t{tensor.shape.dims[i]}, &bytes)) {
      bad_input("the shape of '" + tensor.name + "' is too large");
    }
  }
  return static_cast<size_t>(bytes);
}

void require_bytes(const std::string& file, size_t found, size_t needed) {
  if (found == needed) return;
  bad_input(file + " has " + std::to_string(found) + " bytes, golden.json says " +
            std::to_string(needed));
}

// One file per tensor holds all cases, one after the other.
void append_column(const std::string& folder, const Json& entry, ReferenceSet& set,
                   std::vector<ReferenceTensor> ReferenceCase::* member) {
  const ReferenceTensor tensor = without_data(entry, entry.at("shape"));
  const auto file = entry.at("file").get<std::string>();
  const Bytes all = read_member(folder, file);
  const size_t size = bytes_of(tensor);
  require_bytes(file, all.size(), size * set.cases.size());
  const uint8_t* at = all.data();
  for (ReferenceCase& reference : set.cases) {
    std::vector<ReferenceTensor>& list = reference.*member;
    list.push_back(tensor);
    list.back().bytes.assign(at, at + size);
    at += size;
  }
}

ReferenceTensor named_input(const std::string& folder, const Json& entry) {
  if (entry.contains("from")) {
    ReferenceTensor tensor;
    tensor.name = entry.at("name").get<std::string>();
    tensor.from = entry.at("from").get<std::string>();
    return tensor;
  }
  ReferenceTensor tensor = without_data(entry, entry.at("shape"));
  const auto file = entry.at("file").get<std::string>();
  tensor.bytes = read_member(folder, file);
  require_bytes(file, tensor.bytes.size(), bytes_of(tensor));
  return tensor;
}

// "a:0" is stored in caseK_a_0.bin.
std::string output_file(size_t index, const std::string& name) {
  std::string file = "case" + std::to_string(index) + "_";
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-';
    file += plain ? c : '_';
  }
  return file + ".bin";
}

void append_named_case(const std::string& folder, const Json& json, size_t index,
                       ReferenceSet& set) {
  ReferenceCase& reference = set.cases[index];
  for (const Json& entry : json.at("cases").at(index)) {
    reference.inputs.push_back(named_input(folder, entry));
  }
  for (const Json& entry : json.at("outputs")) {
    ReferenceTensor tensor = without_data(entry, entry.at("dims_per_case").at(index));
    const std::string file = output_file(index, tensor.name);
    tensor.bytes = read_member(folder, file);
    require_bytes(file, tensor.bytes.size(), bytes_of(tensor));
    reference.outputs.push_back(std::move(tensor));
  }
}

ReferenceSet parse(const std::string& folder, const Json& json) {
  ReferenceSet set;
  const int64_t count = whole_number(json.at("n"));
  if (count < 1 || count > kMaxCases) bad_input("n is " + std::to_string(count));
  set.cases.resize(static_cast<size_t>(count));
  set.stateful = json.value("stateful_sequence", false);
  set.by_name = json.contains("cases") && json.at("cases").is_array();
  if (set.by_name) {
    for (size_t i = 0; i < set.cases.size(); ++i) append_named_case(folder, json, i, set);
    return set;
  }
  for (const Json& entry : json.at("inputs")) {
    append_column(folder, entry, set, &ReferenceCase::inputs);
  }
  for (const Json& entry : json.at("outputs")) {
    append_column(folder, entry, set, &ReferenceCase::outputs);
  }
  return set;
}

}  // namespace

ReferenceSet load_reference_set(const std::string& folder) {
  const std::string path = folder + "/golden.json";
  const Bytes text = read_file(path);
  try {
    return parse(folder, Json::parse(text));
  } catch (const Json::exception& failure) {
    bad_input(path + ": " + failure.what());
  } catch (const Failure& failure) {
    bad_input(path + ": " + failure.what());
  }
}

}  // namespace mote::tool
