#include "classes.h"

#include <map>

#include "ops/op_codes.h"

namespace mote::test {

Draft spine() {
  Draft d;
  d.add_graph();
  d.model.producer = "tests";
  int32_t x = d.add_tensor(f32({1, 4}));
  int32_t c = d.add_tensor(constant(f32({4})));
  int32_t s = d.add_tensor(state(f32({1, 4})));
  int32_t r = d.add_tensor(f32({1, 4}));
  int32_t sum = d.add_tensor(f32({1, 4}));
  int32_t y = d.add_tensor(f32({1, 4}));
  d.add_tensor(constant(s8_per_channel({4, 2}, 0)));
  d.add_operator(op_code::read_state, no_attributes(), {s}, {r});
  d.add_operator(op_code::add, attributes(forge::BinaryT()), {x, c}, {sum});
  d.add_operator(op_code::add, attributes(forge::BinaryT()), {sum, r}, {y});
  d.add_operator(op_code::assign_state, no_attributes(), {s, y}, {});
  d.set_ports({x}, {y});
  d.add_entry_point("infer");
  return d;
}

Bytes mutant(const MalformedClass& c, const Variant& v) {
  Draft d = c.base();
  if (v.edit) v.edit(d);
  layout(d);
  if (v.late) v.late(d);
  Bytes file = write_laid_out(d);
  if (v.raw) v.raw(file);
  return file;
}

Classes all_classes() {
  Classes all;
  for (auto* group :
       {container_classes,     structure_classes,  tensor_classes,    quantization_classes,
        graph_classes,         state_classes,      derive_classes,    window_classes,
        elementwise_classes,   arithmetic_classes, movement_classes,  index_classes,
        normalization_classes, loss_classes,       optimizer_classes, gradient_classes,
        conv_gradient_classes, control_classes,    recurrent_classes, region_classes,
        sampling_classes,      dynamic_classes}) {
    for (MalformedClass& c : group()) all.push_back(std::move(c));
  }
  return all;
}

std::string classes_table() {
  Classes all = all_classes();
  std::map<std::string, std::vector<std::string>> by_error;
  std::string out =
      "# Classes of malformed files\n"
      "Every class starts from a valid file, breaks one thing, and must be refused by exactly the\n"
      "error named, at load, with all hashes off as well as on. The sources are published\n"
      "vulnerabilities of TFLite, ONNX Runtime, ggml, ExecuTorch and others in which the same "
      "check\n"
      "was missing (an analogue where the operator is another); \"own rule\": none known.\n"
      "Written by `mote_malformed_classes`; a test compares.\n\n"
      "| # | class | what is wrong | refused by | source |\n|---|---|---|---|---|\n";
  int number = 0;
  for (const MalformedClass& c : all) {
    std::string what, errors;
    for (const Variant& v : c.variants) {
      std::string e = code_name(v.code);
      if (!v.attribute.empty()) e += " (" + v.attribute + ")";
      std::vector<std::string>& users = by_error[e];
      if (users.empty() || users.back() != c.name) users.push_back(c.name);
      if (errors.find(e) == std::string::npos) errors += (errors.empty() ? "" : ", ") + e;
      what += (what.empty() ? "" : "; ") + v.what;
    }
    out += "| " + std::to_string(++number) + " | `" + c.name + "` | " + what + " | " + errors +
           " | " + c.source + " |\n";
  }
  out +=
      "\nErrors that more than one class ends in (the message tells them apart by place, operator\n"
      "and number):\n";
  for (const auto& [error, users] : by_error) {
    if (users.size() < 2) continue;
    out += "- " + error + ":";
    for (const std::string& u : users) out += " `" + u + "`";
    out += "\n";
  }
  return out;
}

}  // namespace mote::test
