#include "device/pack_writer.h"

#include <cstdio>
#include <cstring>

namespace mote::test {

PackWriter::PackWriter() : file_(kPackAlignment) {}

uint32_t PackWriter::append(const void* data, size_t bytes) {
  file_.resize(pack_round_up(file_.size()));
  auto at = static_cast<uint32_t>(file_.size());
  file_.resize(file_.size() + bytes);
  if (bytes != 0) memcpy(file_.data() + at, data, bytes);
  return at;
}

void PackWriter::add(const HostPack& pack) {
  PackHeader h = {};
  snprintf(h.name, sizeof h.name, "%s", pack.name.c_str());
  h.inputs = pack.inputs;
  h.outputs = static_cast<uint32_t>(pack.ports.size()) - pack.inputs;
  h.cases = static_cast<uint32_t>(pack.cases.size());
  h.sequence = pack.sequence ? 1 : 0;
  h.model_bytes = static_cast<uint32_t>(pack.model.size());
  uint32_t at = append(&h, sizeof h);
  auto* ports = reinterpret_cast<const uint8_t*>(pack.ports.data());
  file_.insert(file_.end(), ports, ports + pack.ports.size() * sizeof(PackPort));
  h.model = append(pack.model.data(), pack.model.size());
  h.data = append(nullptr, 0);
  for (const std::vector<Bytes>& one : pack.cases)
    for (const Bytes& port : one) append(port.data(), port.size());
  h.next = append(nullptr, 0);
  memcpy(file_.data() + at, &h, sizeof h);
  ++packs_;
}

bool PackWriter::write(const std::string& path) {
  PackFile head = {kPackMagic, packs_, static_cast<uint32_t>(file_.size())};
  memcpy(file_.data(), &head, sizeof head);
  FILE* f = fopen(path.c_str(), "wb");
  if (f == nullptr) return false;
  bool ok = fwrite(file_.data(), 1, file_.size(), f) == file_.size();
  return fclose(f) == 0 && ok;
}

}  // namespace mote::test
