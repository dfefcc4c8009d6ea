// Writes the seed corpus of fuzz_trainer.
// Usage: mote_fuzz_trainer_seeds DIRECTORY
#include <cstdio>
#include <fstream>

#include "trainer_files.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fputs("usage: mote_fuzz_trainer_seeds DIRECTORY\n", stderr);
    return 2;
  }
  std::vector<mote::test::Bytes> files = mote::test::trainer_files();
  for (size_t reader = 0; reader < files.size(); ++reader) {
    std::ofstream out(argv[1] + std::string("/") + std::to_string(reader), std::ios::binary);
    out.put(static_cast<char>(reader));
    out.write(reinterpret_cast<const char*>(files[reader].data()),
              static_cast<std::streamsize>(files[reader].size()));
    if (!out.good()) return 3;
    // The whole file with one edit that changes nothing.
    std::ofstream edited(argv[1] + std::string("/edit") + std::to_string(reader), std::ios::binary);
    edited.put(static_cast<char>(reader + 4));
    const char edit[] = {0, 0, 0, static_cast<char>(files[reader][0])};
    edited.write(edit, sizeof edit);
  }
  return 0;
}
