// Makes the files of packs that device_test runs on other machines:
//   make_packs ops INTEGERS.pack FLOATS.pack SMALL.pack
//                                              every case of every operator, from the references;
//                                              SMALL: some of each, for microcontrollers
//   make_packs golden OUT.pack NAME...         reference sets of $MOTE_MATERIAL_DIR/golden
//   make_packs files FOLDER NAME...            the same as FOLDER/NAME.mote, NAME.in, NAME.out
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "device/pack_writer.h"
#include "export/exporter.h"
#include "ir/op_view.h"
#include "mote/converter.h"
#include "mote/model.h"
#include "mote/train.h"
#include "ops/all_cases.h"
#include "ops/run_case.h"
#include "support/aligned_bytes.h"

namespace mote::test {
namespace {

PackPort port_of(const TensorInfo& t, float tolerance) {
  return {static_cast<uint32_t>(t.max_bytes), -1, t.type == Type::float32 ? 1u : 0u, tolerance};
}

// The ports of the model's first entry point.
void add_ports(const Bytes& file, float tolerance, HostPack* pack) {
  AlignedBytes bytes(file);
  Result<Model> model = Model::load(bytes.span(), training_operators());
  if (!model.ok()) throw std::runtime_error(ir::describe_status(model.status()));
  const EntryPointInfo& entry = model->entry_point(0);
  for (const PortInfo& p : entry.inputs)
    pack->ports.push_back(port_of(model->tensor(p.tensor), tolerance));
  pack->inputs = static_cast<uint32_t>(pack->ports.size());
  for (const PortInfo& p : entry.outputs)
    pack->ports.push_back(port_of(model->tensor(p.tensor), tolerance));
  if (!entry.outputs.empty()) return;
  // An operator that writes a state: what it leaves there is the output.
  for (uint32_t t = 0; t < model->tensor_count(); ++t) {
    if (model->tensor(t).kind != TensorKind::state) continue;
    pack->ports.push_back(port_of(model->tensor(t), tolerance));
    pack->ports.back().state = static_cast<int32_t>(t);
  }
}

HostPack pack_of(const Case& c, uint32_t seed) {
  ReferenceRun run = run_reference(c, seed);
  if (!run.error.empty()) throw std::runtime_error(c.name + ": " + run.error);
  ir::Module module;
  module.graphs.push_back(run.graph);
  Diagnostics diagnostics;
  HostPack pack;
  pack.name = c.name;
  pack.model = export_module(module, diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(c.name + ": " + diagnostics.text());
  add_ports(pack.model, static_cast<float>(c.tolerance), &pack);
  std::vector<Bytes>& ports = pack.cases.emplace_back();
  for (const Evaluated& e : run.inputs) ports.push_back(e.bytes);
  for (const Evaluated& e : run.outputs) ports.push_back(e.bytes);
  if (ports.size() != pack.ports.size()) throw std::runtime_error(c.name + ": number of ports");
  return pack;
}

bool has_float_output(const HostPack& pack) {
  for (size_t i = pack.inputs; i < pack.ports.size(); ++i)
    if (pack.ports[i].floats != 0) return true;
  return false;
}

// The small file lies in the 4 MiB of code of a microcontroller, beside the kernels.
constexpr size_t kSmallBytes = 2500 * 1000;
constexpr size_t kSmallPack = 8 * 1000;

size_t bytes_of(const HostPack& pack) {
  size_t bytes = pack.model.size();
  for (const PackPort& p : pack.ports) bytes += pack_round_up(p.bytes) * pack.cases.size();
  return bytes;
}

void make_ops(PackWriter* integers, PackWriter* floats, PackWriter* small) {
  for (const OperatorCases& op : all_cases()) {
    size_t index = 0, taken = 0;
    for (const Case& c : cases_of(op)) {
      HostPack pack = pack_of(c, case_seed(index++));
      (has_float_output(pack) ? floats : integers)->add(pack);
      size_t bytes = bytes_of(pack);
      if (bytes > kSmallPack || taken + bytes > kSmallBytes / all_cases().size()) continue;
      small->add(pack);
      taken += bytes;
    }
  }
}

Bytes read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path + ": cannot be read");
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

// golden/NAME/golden.json names the model and, per port, a file that holds all cases.
HostPack golden_pack(const std::string& material, const std::string& name) {
  std::string folder = material + "/golden/" + name + "/";
  Bytes text = read_file(folder + "golden.json");
  auto json = nlohmann::json::parse(text.begin(), text.end());
  Bytes source = read_file(material + "/" + json["model"].get<std::string>());
  ConvertResult converted = convert({source.data(), source.size()});
  if (!converted.ok()) throw std::runtime_error(name + ": " + converted.text());
  HostPack pack;
  pack.name = name;
  pack.model = converted.bytes;
  pack.sequence = json["stateful_sequence"].get<bool>();
  // Float sets: the reference runtime sums in another order.
  add_ports(pack.model, 1e-4F, &pack);
  pack.cases.resize(json["n"].get<size_t>());
  size_t port = 0;
  for (const char* side : {"inputs", "outputs"}) {
    for (const auto& p : json[side]) {
      Bytes all = read_file(folder + p["file"].get<std::string>());
      size_t bytes = all.size() / pack.cases.size();
      if (port >= pack.ports.size() || bytes != pack.ports[port].bytes)
        throw std::runtime_error(name + ": port " + std::to_string(port) + " has another size");
      for (size_t i = 0; i < pack.cases.size(); ++i)
        pack.cases[i].emplace_back(all.data() + i * bytes, all.data() + (i + 1) * bytes);
      ++port;
    }
  }
  return pack;
}

void write_file(const std::string& path, const Bytes& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw std::runtime_error(path + ": cannot be written");
}

void write_files(const HostPack& pack, const std::string& stem) {
  Bytes in, out;
  for (const std::vector<Bytes>& ports : pack.cases)
    for (size_t i = 0; i < ports.size(); ++i) {
      Bytes& side = i < pack.inputs ? in : out;
      side.insert(side.end(), ports[i].begin(), ports[i].end());
    }
  write_file(stem + ".mote", pack.model);
  write_file(stem + ".in", in);
  write_file(stem + ".out", out);
}

int finish(PackWriter& writer, const char* path) {
  if (!writer.write(path)) throw std::runtime_error(std::string(path) + ": cannot be written");
  printf("%s: %u packs\n", path, writer.packs());
  return 0;
}

constexpr int kSkipped = 77;

int run(int argc, char** argv) {
  std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "ops" && argc == 5) {
    PackWriter integers, floats, small;
    make_ops(&integers, &floats, &small);
    finish(integers, argv[2]);
    finish(floats, argv[3]);
    return finish(small, argv[4]);
  }
  const char* material = getenv("MOTE_MATERIAL_DIR");
  if ((mode == "golden" || mode == "files") && material == nullptr) {
    fputs("skipped: MOTE_MATERIAL_DIR is not set\n", stderr);
    return kSkipped;
  }
  if (mode == "golden" && argc > 3) {
    PackWriter writer;
    for (int i = 3; i < argc; ++i) writer.add(golden_pack(material, argv[i]));
    return finish(writer, argv[2]);
  }
  if (mode == "files" && argc > 3) {
    for (int i = 3; i < argc; ++i)
      write_files(golden_pack(material, argv[i]), std::string(argv[2]) + "/" + argv[i]);
    return 0;
  }
  fputs(
      "usage: make_packs ops INTEGERS FLOATS SMALL | golden OUT NAME... | files FOLDER NAME...\n"
      "golden and files read $MOTE_MATERIAL_DIR\n",
      stderr);
  return 2;
}

}  // namespace
}  // namespace mote::test

int main(int argc, char** argv) {
  try {
    return mote::test::run(argc, argv);
  } catch (const std::exception& e) {
    fprintf(stderr, "make_packs: %s\n", e.what());
    return 1;
  }
}
