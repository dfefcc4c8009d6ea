// Writes the seed corpus of fuzz_onnx. Usage: mote_fuzz_onnx_seeds DIRECTORY
#include <cstdio>
#include <fstream>

#include "onnx_models.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fputs("usage: mote_fuzz_onnx_seeds DIRECTORY\n", stderr);
    return 2;
  }
  bool good = true;
  for (const auto& [name, bytes] : mote::test::onnx_seeds()) {
    std::ofstream out(std::string(argv[1]) + "/" + name + ".onnx", std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    good = good && out.good();
  }
  return good ? 0 : 3;
}
