// A wake word in a stream of features, by microWakeWord
// (https://github.com/kahrendt/microWakeWord): an int8 model that keeps its own past as states.
//   wake_word MODEL.mote FEATURES CUTOFF WINDOW     FEATURES: float32 [n, 40], a row every 10 ms
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <iterator>
#include <numeric>

#include "network.h"

namespace {

constexpr size_t kFeatures = 40;

std::vector<float> read_floats(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  std::vector<float> floats(bytes.size() / sizeof(float));
  std::memcpy(floats.data(), bytes.data(), floats.size() * sizeof(float));
  return floats;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) mote::demo::fail("usage: wake_word MODEL.mote FEATURES CUTOFF WINDOW");
  mote::demo::Network network(argv[1]);
  const mote::EntryPointInfo& entry = network.model().entry_point(0);
  const char *input = entry.inputs[0].name, *output = entry.outputs[0].name;
  // Rows that the model takes at a time.
  const mote::TensorInfo& info = network.model().tensor(entry.inputs[0].tensor);
  const auto stride = static_cast<size_t>(info.bounds.dims[1].max);
  const double cutoff = std::atof(argv[3]);
  const auto kept = static_cast<size_t>(std::atoi(argv[4]));

  const std::vector<float> features = read_floats(argv[2]);
  std::deque<float> last;
  bool detected = false;
  for (size_t row = 0; (row + stride) * kFeatures <= features.size(); row += stride) {
    const auto begin = features.begin() + static_cast<std::ptrdiff_t>(row * kFeatures);
    network.write(
        input, std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(stride * kFeatures)));
    network.run();
    last.push_back(network.read(output)[0]);
    if (last.size() > kept) last.pop_front();
    const double mean = std::accumulate(last.begin(), last.end(), 0.0) / double(kept);
    const std::string bar(static_cast<size_t>(mean * 40), '#');
    const bool now = mean > cutoff;
    if (mean > 0.02)
      std::printf("%6.2f s  %.2f  %-40s %s\n", 0.01 * double(row), mean, bar.c_str(),
                  now && !detected ? "<- the wake word" : "");
    detected = detected || now;
  }
  std::printf(detected ? "The wake word was heard.\n" : "The wake word was not heard.\n");
  return detected ? 0 : 1;
}
