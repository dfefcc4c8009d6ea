// What a device would run: this program is linked to mote_core and mote_train alone. It trains a
// file's `train` with given batches and then runs its `infer`.
// usage: train_on_device MODEL BATCHES RESULT
// BATCHES: uint32 steps, uint32 pictures; per step the bytes of all inputs of `train`; per picture
// those of `infer`. RESULT: the first output of `infer` per picture, then per state its name, a
// zero and its bytes.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "mote/session.h"
#include "mote/train.h"

namespace {

void fail(const char* what, const mote::Status& status = {}) {
  char text[256] = "";
  mote::describe(status, text, sizeof text);
  fprintf(stderr, "%s: %s\n", what, text);
  exit(1);
}

template <class T>
T must(mote::Result<T>&& result, const char* what) {
  if (!result.ok()) fail(what, result.status());
  return static_cast<T&&>(result.value());
}

mote::Span<uint8_t> read_file(const char* path) {
  FILE* file = fopen(path, "rb");
  if (file == nullptr || fseek(file, 0, SEEK_END) != 0) fail(path);
  auto size = static_cast<size_t>(ftell(file));
  rewind(file);
  auto* bytes = static_cast<uint8_t*>(aligned_alloc(64, (size + 63) / 64 * 64));
  if (bytes == nullptr || fread(bytes, 1, size, file) != size) fail(path);
  fclose(file);
  return {bytes, size};
}

struct Batches {
  mote::Span<uint8_t> bytes;
  size_t at = 0;

  void take(void* to, size_t count) {
    if (bytes.size - at < count) fail("the batches end early");
    memcpy(to, bytes.data + at, count);
    at += count;
  }
  void fill_inputs(const mote::Model& model, mote::Session& session, uint32_t entry) {
    for (uint32_t i = 0; i < model.entry_point(entry).inputs.size; ++i) {
      mote::Span<uint8_t> input = must(session.input(entry, i), "input");
      take(input.data, input.size);
    }
  }
};

void run(mote::Session& session, uint32_t entry) {
  mote::Status status = session.run(entry);
  if (!status.ok()) fail("run", status);
}

void write_states(const mote::Model& model, mote::Session& session, FILE* out) {
  // What only `eval` reads is not computed before `infer`.
  mote::Status derived = session.run_derives();
  if (!derived.ok()) fail("derives", derived);
  for (uint32_t t = 0; t < model.tensor_count(); ++t) {
    const mote::TensorInfo& info = model.tensor(t);
    if (info.kind != mote::TensorKind::state) continue;
    auto size = static_cast<size_t>(info.max_bytes);
    auto* bytes = static_cast<uint8_t*>(malloc(size));
    if (bytes == nullptr || !session.read_state(t, {bytes, size}).ok()) fail(info.name);
    fwrite(info.name, 1, strlen(info.name) + 1, out);
    fwrite(bytes, 1, size, out);
    free(bytes);
  }
}

void train_and_infer(mote::Span<uint8_t> file, Batches batches, const char* result) {
  mote::Model model =
      must(mote::Model::load({file.data, file.size}, mote::training_operators()), "load");
  mote::Plan plan = must(mote::Plan::create(model), "plan");
  mote::Session session = must(mote::Session::create(plan), "session");
  uint32_t train = must(model.find_entry_point("train"), "train");
  uint32_t infer = must(model.find_entry_point("infer"), "infer");

  uint32_t counts[2];
  batches.take(counts, sizeof counts);
  for (uint32_t i = 0; i < counts[0]; ++i) {
    batches.fill_inputs(model, session, train);
    run(session, train);
  }
  FILE* out = fopen(result, "wb");
  if (out == nullptr) fail(result);
  for (uint32_t i = 0; i < counts[1]; ++i) {
    batches.fill_inputs(model, session, infer);
    run(session, infer);
    mote::Span<const uint8_t> y = must(session.output(infer, 0), "output");
    fwrite(y.data, 1, y.size, out);
  }
  write_states(model, session, out);
  if (fclose(out) != 0) fail(result);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: train_on_device MODEL BATCHES RESULT");
  mote::Span<uint8_t> file = read_file(argv[1]), batches = read_file(argv[2]);
  train_and_infer(file, {batches}, argv[3]);
  free(batches.data);
  free(file.data);
  return 0;
}
