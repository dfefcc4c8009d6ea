// Builds a file of packs (pack.h) on the host.
#pragma once

#include <string>
#include <vector>

#include "device/pack.h"

namespace mote::test {

using Bytes = std::vector<uint8_t>;

struct HostPack {
  std::string name;
  Bytes model;
  bool sequence = false;
  std::vector<PackPort> ports;  // inputs, then outputs
  uint32_t inputs = 0;
  std::vector<std::vector<Bytes>> cases;  // parallel to `ports`
};

class PackWriter {
 public:
  PackWriter();
  void add(const HostPack& pack);
  // False when the file cannot be written.
  bool write(const std::string& path);
  uint32_t packs() const { return packs_; }

 private:
  uint32_t append(const void* data, size_t bytes);  // at the next aligned offset, which it returns
  Bytes file_;
  uint32_t packs_ = 0;
};

}  // namespace mote::test
