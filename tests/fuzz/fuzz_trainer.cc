// Arbitrary data files, checkpoints and normalizations: the trainer must answer with data or with
// an error. The first byte chooses the reader, and whether the rest is the file or edits of a whole
// one, few of which leave it readable. What follows of IDX is cut in two by its first byte.
#include <cstdlib>

#include "exact_bytes.h"
#include "stats.h"
#include "trainer/checkpoint.h"
#include "trainer/idx.h"
#include "trainer_files.h"

using namespace mote::test;

namespace {

Reached read_idx(const uint8_t* data, size_t size) {
  if (size == 0) return Reached::nothing;
  size_t images = (size - 1) * data[0] / 255;
  ExactBytes first(data + 1, images), second(data + 1 + images, size - 1 - images);
  mote::Dataset set =
      mote::trainer::dataset_from_idx(first.span(), "images", second.span(), "labels");
  if (set.pixels.size() != set.size() * set.sample_elements()) abort();
  return Reached::run;
}

Reached read_checkpoint(const uint8_t* data, size_t size) {
  ExactBytes file(data, size);
  mote::trainer::parse_checkpoint(file.span(), "checkpoint", mote::Integrity::off);
  return Reached::run;
}

Reached read_position(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  mote::trainer::Position p = mote::trainer::parse_position(text.c_str(), "position");
  // What was read is written to the same text ever after.
  std::string written = mote::trainer::position_text(p);
  if (mote::trainer::position_text(mote::trainer::parse_position(written.c_str(), "")) != written)
    abort();
  return Reached::run;
}

Reached read_normalization(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  std::optional<mote::Normalization> n = mote::parse_normalization(text.c_str());
  if (n->mean.empty() || n->deviation.empty()) abort();
  return Reached::run;
}

// Edits of four bytes: a position, what to do there, the new byte.
Bytes edit(Bytes file, const uint8_t* data, size_t size, size_t most) {
  for (size_t i = 0; i + 4 <= size && i < 4 * most && !file.empty(); i += 4) {
    auto at = static_cast<std::ptrdiff_t>((data[i] | size_t{data[i + 1]} << 8) % file.size());
    if (data[i + 2] % 8 == 6) {
      file.insert(file.begin() + at, data[i + 3]);
    } else if (data[i + 2] % 8 == 7) {
      file.erase(file.begin() + at);
    } else {
      file[static_cast<size_t>(at)] = data[i + 3];
    }
  }
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr Reached (*kReaders[])(const uint8_t*, size_t) = {read_idx, read_checkpoint,
                                                             read_position, read_normalization};
  static const std::vector<Bytes> files = trainer_files();
  const size_t reader = data[0] % 4;
  Bytes file(data + 1, data + size);
  // One edit or two.
  if (data[0] % 32 >= 4) file = edit(files[reader], data + 1, size - 1, 1 + data[0] / 128);
  Reached reached = Reached::nothing;
  try {
    reached = kReaders[reader](file.data(), file.size());
  } catch (const mote::TrainingError&) {
  }
  FuzzStats::count(reached);
  return 0;
}
