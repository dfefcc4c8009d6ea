#include "delegate/loopback_device.h"

#include <dlfcn.h>

#include <cmath>
#include <stdexcept>

namespace mote::test {

const mote_loopback& loopback_library() {
  static const mote_loopback* table = [] {
    void* library = dlopen(MOTE_LOOPBACK_DELEGATE, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(dlerror());
    using Entry = const mote_loopback* (*)();
    auto entry = reinterpret_cast<Entry>(dlsym(library, "mote_loopback_entry"));
    if (entry == nullptr) throw std::runtime_error(dlerror());
    return entry();
  }();
  return *table;
}

size_t MapCache::get(void* context, uint64_t key, void* data, size_t capacity) {
  auto& entries = static_cast<MapCache*>(context)->entries;
  auto found = entries.find(key);
  if (found == entries.end()) return 0;
  memcpy(data, found->second.data(), std::min(capacity, found->second.size()));
  return found->second.size();
}

void MapCache::put(void* context, uint64_t key, const void* data, size_t size) {
  const auto* bytes = static_cast<const uint8_t*>(data);
  static_cast<MapCache*>(context)->entries[key].assign(bytes, bytes + size);
}

void write_random(Session& session, const Model& model, uint32_t entry_point, uint32_t seed) {
  std::mt19937 random(seed);
  Span<const PortInfo> inputs = model.entry_point(entry_point).inputs;
  for (uint32_t i = 0; i < inputs.size; ++i) {
    Span<uint8_t> memory = must(session.input(entry_point, i));
    bool real = model.tensor(inputs[i].tensor).type == Type::float32;
    for (size_t b = 0; b < memory.size; b += real ? 4 : 1) {
      float value = std::uniform_real_distribution<float>(-2, 2)(random);
      if (real) {
        memcpy(memory.data + b, &value, 4);
      } else {
        memory[b] = static_cast<uint8_t>(random());
      }
    }
  }
}

std::vector<uint8_t> read_outputs(const Session& session, const Model& model,
                                  uint32_t entry_point) {
  std::vector<uint8_t> all;
  for (uint32_t o = 0; o < model.entry_point(entry_point).outputs.size; ++o) {
    Span<const uint8_t> memory = must(session.output(entry_point, o));
    all.insert(all.end(), memory.begin(), memory.end());
  }
  return all;
}

void expect_equal(const std::vector<uint8_t>& got, const std::vector<uint8_t>& expected,
                  Type type) {
  ASSERT_EQ(got.size(), expected.size());
  if (type != Type::float32) {
    EXPECT_EQ(got, expected);
    return;
  }
  for (size_t i = 0; i < got.size(); i += 4) {
    float a, b;
    memcpy(&a, got.data() + i, 4);
    memcpy(&b, expected.data() + i, 4);
    ASSERT_NEAR(a, b, 1e-5f * std::max(1.0f, std::fabs(b))) << "element " << i / 4;
  }
}

std::vector<uint8_t> run_once(Session& session, const Model& model, uint32_t seed) {
  write_random(session, model, 0, seed);
  Status status = session.run();
  EXPECT_TRUE(status.ok()) << text_of(status);
  return read_outputs(session, model, 0);
}

std::vector<uint8_t> on_cpu(const Model& model, uint32_t seed) {
  Plan plan = must(Plan::create(model));
  Session session = must(Session::create(plan));
  return run_once(session, model, seed);
}

}  // namespace mote::test
