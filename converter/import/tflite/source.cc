#include "import/tflite/source.h"

#include <algorithm>

#include "base/checked.h"

namespace mote::tflite_import {
namespace {

// Enough to see every kind of trouble in a real model.
constexpr uint32_t kMaxErrors = 1000;
// Names are for people.
constexpr size_t kMaxName = 1024;

}  // namespace

std::string text_of(const flatbuffers::String* s) {
  if (s == nullptr) return {};
  std::string text(s->c_str(), std::min<size_t>(s->size(), kMaxName));
  // Names become C strings and lines of text.
  text.erase(std::remove_if(text.begin(), text.end(),
                            [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
             text.end());
  return text;
}

const tfl::Model* verify(Span<const uint8_t> bytes, Diagnostics& diagnostics) {
  // Root offset, identifier, and a table of two words.
  constexpr size_t kSmallest = 16;
  if (bytes.size < kSmallest || !tfl::ModelBufferHasIdentifier(bytes.data)) {
    diagnostics.add("", "not a TensorFlow Lite file: the identifier 'TFL3' is missing",
                    "give a .tflite file of schema version 3");
    return nullptr;
  }
  // A table takes at least 8 bytes: its offset and its reference.
  auto tables = static_cast<flatbuffers::uoffset_t>(std::min<size_t>(bytes.size / 8, INT32_MAX));
  size_t size = std::min<size_t>(bytes.size, FLATBUFFERS_MAX_BUFFER_SIZE - 1);
  flatbuffers::Verifier verifier(bytes.data, size, /*max_depth=*/16, tables);
  if (!tfl::VerifyModelBuffer(verifier)) {
    diagnostics.add("", "the TensorFlow Lite file is cut or damaged: it is not a valid FlatBuffer",
                    "copy or export the model again");
    return nullptr;
  }
  return tfl::GetModel(bytes.data);
}

Source::Source(Span<const uint8_t> bytes, const tfl::Model& model, const ConvertOptions& options,
               Diagnostics& diagnostics)
    : bytes_(bytes),
      model_(model),
      options_(options),
      diagnostics_(diagnostics),
      visits_left_(bytes.size + 4096),
      copies_left_(2 * uint64_t{bytes.size} + 4096) {}

void Source::error(const std::string& where, const std::string& what, const std::string& remedy) {
  if (muted) return;
  if (errors_++ < kMaxErrors) diagnostics_.add(where, what, remedy);
  if (errors_ == kMaxErrors) diagnostics_.add("", "and more of the like");
}

void Source::unsupported_custom(const std::string& name, const std::string& where) {
  if (muted) return;
  if (custom_.empty()) first_custom_ = where;
  ++custom_[name];
}

void Source::report_custom() {
  if (custom_.empty()) return;
  // Enough for every honest model.
  constexpr size_t kMaxNamed = 100;
  std::string names;
  size_t named = 0;
  for (const auto& [name, count] : custom_) {
    if (named++ == kMaxNamed) break;
    names += (names.empty() ? "" : ", ") + name;
    if (count > 1) names += " (" + std::to_string(count) + " times)";
  }
  if (custom_.size() > kMaxNamed) names += ", ...";
  error(first_custom_, "custom operators that are not supported: " + names,
        "give each a model that computes the same (--custom NAME=FILE), register an importer "
        "(mote/custom_operator.h), or replace them in the source model");
}

bool Source::visit(uint64_t elements) {
  if (elements <= visits_left_) {
    visits_left_ -= elements;
    return true;
  }
  muted = false;  // this one must not be lost: what follows is incomplete
  if (visits_left_ != 0) error("", "the file names the same data too often; it is damaged");
  visits_left_ = 0;
  return false;
}

bool Source::buffer(uint32_t index, Span<const uint8_t>* data) const {
  *data = {};
  if (index >= size_of(model_.buffers())) return false;
  const tfl::Buffer* b = model_.buffers()->Get(index);
  if (size_of(b->data()) != 0) {
    *data = {b->data()->data(), b->data()->size()};
    return true;
  }
  if (b->offset() <= 1 || b->size() <= 1) return true;
  uint64_t end = 0;
  if (!checked_add(b->offset(), b->size(), &end) || end > bytes_.size) return false;
  *data = {bytes_.data + b->offset(), static_cast<size_t>(b->size())};
  return true;
}

std::shared_ptr<const ir::Bytes> Source::copy(uint32_t index, Span<const uint8_t> data,
                                              bool shift) {
  auto& copy = copies_[{index, shift}];
  if (copy) return copy;
  if (data.size > copies_left_) return nullptr;
  copies_left_ -= data.size;
  ir::Bytes bytes(data.begin(), data.end());
  if (shift)
    for (uint8_t& b : bytes) b ^= 0x80;
  copy = std::make_shared<const ir::Bytes>(std::move(bytes));
  return copy;
}

}  // namespace mote::tflite_import
