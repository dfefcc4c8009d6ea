// Text in a picture by PP-OCR v4 (https://github.com/PaddlePaddle/PaddleOCR): one network finds
// lines, another reads them.
//   picture_text FIND.mote READ.mote PICTURE
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "network.h"
#include "picture.h"
#include "resize.h"

using mote::demo::Network;
using mote::tool::Pixels;

namespace {

// Of the package's configuration: a place belongs to text, a box is text, how far the shrunken
// regions of the network are grown again.
constexpr float kPlace = 0.3f, kBox = 0.5f;
constexpr double kGrowth = 1.6;
// Classes of the reader: none, the characters, a blank (its configuration).
constexpr size_t kNone = 0;

struct Size {
  int height, width;
};

struct Box {
  int top, left, bottom, right;  // half open
};

Size input_size(const Network& network) {
  const mote::EntryPointInfo& entry = network.model().entry_point(0);
  const mote::ShapeBounds& bounds = network.model().tensor(entry.inputs[0].tensor).bounds;
  return {bounds.dims[2].max, bounds.dims[3].max};
}

std::vector<uint8_t> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) mote::demo::fail(std::string(path) + ": cannot be read");
  return {(std::istreambuf_iterator<char>(file)), {}};
}

Pixels load(const std::vector<uint8_t>& file, const char* path, Size size) {
  mote::Shape shape{{1, size.height, size.width, 3}, 4};
  return mote::tool::load_picture(mote::tool::span_of(file), shape, path);
}

// Pixels as the networks were trained: -1 to 1, channels first, blue first; grey beyond them.
std::vector<float> planes(const uint8_t* pixels, Size size, Size canvas) {
  std::vector<float> out(3 * static_cast<size_t>(canvas.height * canvas.width), 0.0f);
  for (int y = 0; y < std::min(size.height, canvas.height); ++y)
    for (int x = 0; x < std::min(size.width, canvas.width); ++x)
      for (int c = 0; c < 3; ++c)
        out[static_cast<size_t>((c * canvas.height + y) * canvas.width + x)] =
            (static_cast<float>(pixels[(y * size.width + x) * 3 + 2 - c]) / 255 - 0.5f) / 0.5f;
  return out;
}

// The largest size of this aspect ratio within the canvas.
Size fit(Size picture, Size canvas) {
  const double scale = std::min(static_cast<double>(canvas.height) / picture.height,
                                static_cast<double>(canvas.width) / picture.width);
  return {std::max(1, static_cast<int>(picture.height * scale)),
          std::max(1, static_cast<int>(picture.width * scale))};
}

// Connected places of text as boxes, from top to bottom. `map` is consumed.
std::vector<Box> find_boxes(std::vector<float> map, Size size) {
  std::vector<Box> boxes;
  for (int start = 0; start < size.height * size.width; ++start) {
    if (map[static_cast<size_t>(start)] < kPlace) continue;
    Box box = {size.height, size.width, 0, 0};
    double sum = 0;
    int count = 0;
    std::vector<int> open = {start};
    while (!open.empty()) {
      const int at = open.back(), y = at / size.width, x = at % size.width;
      open.pop_back();
      float& value = map[static_cast<size_t>(at)];
      if (value < kPlace) continue;
      sum += static_cast<double>(value);
      ++count;
      value = 0;
      box = {std::min(box.top, y), std::min(box.left, x), std::max(box.bottom, y + 1),
             std::max(box.right, x + 1)};
      if (x > 0) open.push_back(at - 1);
      if (x + 1 < size.width) open.push_back(at + 1);
      if (y > 0) open.push_back(at - size.width);
      if (y + 1 < size.height) open.push_back(at + size.width);
    }
    const int height = box.bottom - box.top, width = box.right - box.left;
    if (height < 3 || width < 3 || sum / count < static_cast<double>(kBox)) continue;
    // As the unclip step: area times the ratio over the circumference.
    const int grow =
        static_cast<int>(std::lround(kGrowth * height * width / (2.0 * (height + width))));
    boxes.push_back({std::max(0, box.top - grow), std::max(0, box.left - grow),
                     std::min(size.height, box.bottom + grow),
                     std::min(size.width, box.right + grow)});
  }
  std::sort(boxes.begin(), boxes.end(),
            [](const Box& a, const Box& b) { return a.top + a.bottom < b.top + b.bottom; });
  return boxes;
}

// The class of each column; equal neighbours are one character (connectionist temporal
// classification, Graves et al. 2006).
std::string decode(const std::vector<float>& scores, size_t columns,
                   const std::vector<std::string>& characters, double* confidence) {
  const size_t classes = scores.size() / columns;
  std::string text;
  size_t before = kNone, read = 0;
  *confidence = 0;
  for (size_t column = 0; column < columns; ++column) {
    const auto begin = scores.begin() + static_cast<std::ptrdiff_t>(column * classes);
    const auto best = std::max_element(begin, begin + static_cast<std::ptrdiff_t>(classes));
    const auto kind = static_cast<size_t>(best - begin);
    if (kind != kNone && kind != before) {
      text += kind <= characters.size() ? characters[kind - 1] : " ";
      *confidence += static_cast<double>(*best);
      ++read;
    }
    before = kind;
  }
  if (read != 0) *confidence /= static_cast<double>(read);
  return text;
}

std::vector<uint8_t> cut(const Pixels& pixels, Size size, const Box& box) {
  std::vector<uint8_t> out;
  for (int y = box.top; y < box.bottom; ++y) {
    const auto row = pixels.bytes.begin() + (y * size.width + box.left) * 3;
    out.insert(out.end(), row, row + (box.right - box.left) * 3);
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) mote::demo::fail("usage: picture_text FIND.mote READ.mote PICTURE");
  Network find(argv[1]), read(argv[2]);
  const Size canvas = input_size(find), line = input_size(read);
  const std::vector<uint8_t> file = read_file(argv[3]);
  const Pixels probe = load(file, argv[3], {1, 1});
  const Size size = fit({probe.source_height, probe.source_width}, canvas);
  const Pixels picture = load(file, argv[3], size);

  const char* found = find.model().entry_point(0).outputs[0].name;
  const char* words = read.model().entry_point(0).outputs[0].name;
  find.write("x", planes(picture.bytes.data(), size, canvas));
  find.run();
  const std::vector<std::string> characters = read.lines("character");
  if (characters.empty()) mote::demo::fail(std::string(argv[2]) + ": no list of characters inside");
  for (const Box& box : find_boxes(find.read(found), canvas)) {
    const Box inside = {box.top, box.left, std::min(box.bottom, size.height),
                        std::min(box.right, size.width)};
    const Size taken = {inside.bottom - inside.top, inside.right - inside.left};
    if (taken.height < 1 || taken.width < 1) continue;
    const std::vector<uint8_t> pixels = cut(picture, size, inside);
    const Size scaled = {line.height,
                         std::min(line.width, taken.width * line.height / taken.height)};
    const std::vector<uint8_t> resized = mote::tool::resize(
        mote::tool::span_of(pixels), {taken.height, taken.width}, {scaled.height, scaled.width}, 3);
    read.write("x", planes(resized.data(), scaled, line));
    read.run();
    double confidence = 0;
    const std::string text = decode(read.read(words), static_cast<size_t>(read.shape(words)[1]),
                                    characters, &confidence);
    if (!text.empty())
      std::printf("%4d,%4d  %.2f  %s\n", inside.left, inside.top, confidence, text.c_str());
  }
}
