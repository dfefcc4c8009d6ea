// Where somebody speaks, by Silero VAD (https://github.com/snakers4/silero-vad): one probability
// for every 32 ms of sound.
//   voice_activity MODEL.mote SOUND
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "network.h"
#include "sound.h"

namespace {

// The model's: 512 new samples at 16 kHz, before them the last 64 of the window before.
constexpr int kRate = 16000;
constexpr size_t kWindow = 512, kContext = 64;
// The package's default threshold.
constexpr float kSpeech = 0.5f;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) mote::demo::fail("usage: voice_activity MODEL.mote SOUND");
  std::ifstream file(argv[2], std::ios::binary);
  const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(file)), {});
  const mote::tool::Sound sound =
      mote::tool::load_sound(mote::tool::span_of(bytes), kRate, argv[2]);

  mote::demo::Network network(argv[1]);
  std::vector<float> state(2 * 1 * 128, 0.0f), window(kContext + kWindow, 0.0f);
  std::printf("%s: %.2f s at %d Hz\n", argv[2], double(sound.samples.size()) / kRate,
              sound.source_rate);
  for (size_t at = 0; at + kWindow <= sound.samples.size(); at += kWindow) {
    std::copy(window.end() - kContext, window.end(), window.begin());
    std::copy_n(sound.samples.begin() + static_cast<std::ptrdiff_t>(at), kWindow,
                window.begin() + kContext);
    network.write("input", window);
    network.write("state", state);
    network.run();
    state = network.read("stateN");
    const float speech = network.read("output")[0];
    const std::string bar(static_cast<size_t>(speech * 40), '#');
    std::printf("%6.2f s  %.2f  %-40s %s\n", double(at) / kRate, static_cast<double>(speech),
                bar.c_str(), speech >= kSpeech ? "speech" : "");
  }
}
