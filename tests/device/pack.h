// The test container of builds without host libraries: models with inputs and expected outputs,
// made on the host by make_packs.cc. Little-endian, in place; offsets are from the file's start.
#pragma once

#include <cstdint>

namespace mote::test {

inline constexpr uint64_t kPackMagic = 0x314B434150544F4DU;  // "MOTPACK1"
inline constexpr uint32_t kPackAlignment = 64;               // of packs, models and port data

struct PackFile {
  uint64_t magic;
  uint32_t packs;
  uint32_t bytes;  // of the whole file
};

// Followed by PackPort[inputs + outputs]; then, at `data`, per case the ports' bytes in their
// order, each at a multiple of kPackAlignment.
struct PackHeader {
  char name[64];
  uint32_t next;  // offset of the next pack
  uint32_t model;
  uint32_t model_bytes;
  uint32_t data;
  uint32_t inputs;
  uint32_t outputs;
  uint32_t cases;
  uint32_t sequence;  // 1: states live on from case to case
};

struct PackPort {
  uint32_t bytes;
  int32_t state;    // -1: a port; else the tensor whose state is compared after the run
  uint32_t floats;  // 1: float32, compared with `tolerance`; else every bit
  float tolerance;  // |got - expected| <= tolerance * max(1, |expected|)
};

inline uint64_t pack_round_up(uint64_t n) {
  return (n + kPackAlignment - 1) / kPackAlignment * kPackAlignment;
}

}  // namespace mote::test
