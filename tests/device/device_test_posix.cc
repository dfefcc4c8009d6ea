// device_test FILE...: runs files of packs. Needs a C library, nothing else. Ends with 77 where a
// file is absent.
#include <cstdio>

#include "device/run_packs.h"
#include "mote/platform.h"
#include "mote/train.h"

namespace {

// Model, plan, session and arena of the largest pack (MobileNet, weights packed).
alignas(64) uint8_t memory[64u << 20];

void print(const char* text) { fputs(text, stdout); }

constexpr int kAbsent = 77;

int run_file(const char* path) {
  mote::Result<mote::MappedFile> file = mote::MappedFile::open(path);
  if (!file.ok()) {
    fprintf(stderr, "%s: %s\n", path, mote::code_name(file.status().code));
    return file.status().code == mote::Code::file_not_found ? kAbsent : 1;
  }
  mote::test::PackRun run;
  run.file = file.value().bytes();
  run.memory = memory;
  run.operators = mote::training_operators();
  run.print = print;
  printf("%s: ", path);
  mote::test::PackResult result = mote::test::run_packs(run);
  return result.failed == 0 && result.passed != 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fputs("usage: device_test FILE...\n", stderr);
    return 2;
  }
  int worst = 0;
  for (int i = 1; i < argc; ++i) {
    int result = run_file(argv[i]);
    if (worst == 0 || result == 1) worst = result;
  }
  return worst;
}
