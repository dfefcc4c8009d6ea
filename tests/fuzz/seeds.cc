// Writes the seed corpora: small models with every operator, and TFLite files.
// Usage: mote_fuzz_seeds MOTE_DIRECTORY TFLITE_DIRECTORY
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "case_seeds.h"
#include "classes.h"
#include "small_models.h"
#include "tflite_models.h"

namespace {

bool write(const std::string& path, const mote::test::Bytes& bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace mote::test;
  if (argc != 3) {
    fputs("usage: mote_fuzz_seeds MOTE_DIRECTORY TFLITE_DIRECTORY\n", stderr);
    return 2;
  }
  std::string directory = argv[1];
  bool good = write(directory + "/classifier.mote", write_file(classifier())) &&
              write(directory + "/dynamic_batch.mote", write_file(dynamic_batch()));
  for (const MalformedClass& c : all_classes()) {
    good = good && write(directory + "/" + c.name + ".mote", write_file(c.base()));
  }
  // The cases of every operator: for long runs.
  const bool slow = std::getenv("MOTE_SLOW") != nullptr;
  for (const CaseSeed& seed : slow ? case_seeds() : std::vector<CaseSeed>()) {
    good = good && write(directory + "/" + seed.name + ".mote", seed.file);
  }
  std::string tflite = argv[2];
  good = good && write(tflite + "/float.tflite", tflite_classifier(false)) &&
         write(tflite + "/int8.tflite", tflite_classifier(true)) &&
         write(tflite + "/movement.tflite", tflite_movement());
  return good ? 0 : 3;
}
