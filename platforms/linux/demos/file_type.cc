// What is in a file, by Magika (https://github.com/google/magika, standard_v3_3): the first and the
// last bytes of a file, one of 214 kinds.
//   file_type MODEL.mote FILE...
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "network.h"

using mote::demo::Network;

namespace {

// The model's configuration: 1024 bytes of the first and of the last 4096, without the blanks
// around them; 256 where the file is shorter.
constexpr size_t kTaken = 1024, kBlock = 4096;
constexpr int32_t kPadding = 256;

bool is_blank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::vector<int32_t> features(const std::string& content) {
  const std::string head = content.substr(0, kBlock);
  const std::string tail = content.substr(content.size() - std::min(content.size(), kBlock));
  const auto first = std::find_if_not(head.begin(), head.end(), is_blank);
  const auto last = std::find_if_not(tail.rbegin(), tail.rend(), is_blank);
  std::vector<int32_t> out(2 * kTaken, kPadding);
  const auto byte = [](char c) { return static_cast<int32_t>(static_cast<unsigned char>(c)); };
  const auto taken = std::min<std::ptrdiff_t>(kTaken, head.end() - first);
  std::transform(first, first + taken, out.begin(), byte);
  const auto taken_last = std::min<std::ptrdiff_t>(kTaken, tail.rend() - last);
  std::transform(last, last + taken_last, out.rbegin(), byte);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) mote::demo::fail("usage: file_type MODEL.mote FILE...");
  Network network(argv[1]);
  const std::vector<std::string> labels = network.lines("labels");
  for (int i = 2; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    if (!file) mote::demo::fail(std::string(argv[i]) + ": cannot be read");
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    network.write("bytes", features(content));
    network.run();
    const std::vector<float> scores = network.read("target_label");
    const auto best = std::max_element(scores.begin(), scores.end());
    const auto kind = static_cast<size_t>(best - scores.begin());
    std::printf("%-48s %-14s %5.1f %%\n", argv[i],
                kind < labels.size() ? labels[kind].c_str() : "?",
                100 * static_cast<double>(*best));
  }
}
