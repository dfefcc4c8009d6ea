// Attributes by the names and with the defaults of the file's schema, read as the loader does.
#include <flatbuffers/idl.h>

#include <nlohmann/json.hpp>

#include "import/custom/custom_call.h"
#include "ir/op_view.h"
#include "mote_generated.h"
#include "schema/mote_bfbs_generated.h"

namespace mote {
namespace {

// FlatBuffers takes names of kinds, numbers for booleans and everything else as JSON.
std::string json_of(const CustomAttributes& attributes) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, attribute] : attributes)
    std::visit([&, &key = name](const auto& value) { json[key] = value; }, attribute.value);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::string read_custom_attributes(uint16_t op, const CustomAttributes& attributes,
                                   ir::Bytes* out) {
  const Operator& row = *ir::find_operator(op);
  const auto kind = static_cast<file::Attributes>(row.attributes_kind);
  flatbuffers::Parser parser;
  bool ok = parser.Deserialize(file::ModelBinarySchema::data(), file::ModelBinarySchema::size());
  ok = ok && parser.SetRootType((std::string("mote.file.") + EnumNameAttributes(kind)).c_str());
  ok = ok && parser.Parse(json_of(attributes).c_str());
  if (!ok) return first_line(parser.error_);
  // The structs begin with at most 8-byte members.
  std::vector<uint64_t> memory(row.attributes_bytes / sizeof(uint64_t) + 1);
  const auto* table = flatbuffers::GetRoot<flatbuffers::Table>(parser.builder_.GetBufferPointer());
  if (row.read != nullptr)
    if (Status s = row.read(table, memory.data()); !s.ok()) return ir::describe_status(s);
  const auto* bytes = reinterpret_cast<const uint8_t*>(memory.data());
  out->assign(bytes, bytes + row.attributes_bytes);
  return {};
}

}  // namespace mote
