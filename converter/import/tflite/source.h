// A verified TFLite file and what its subgraphs share while they are imported.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "diagnostics.h"
#include "import/fixed_inputs.h"
#include "ir/graph.h"
#include "tflite_generated.h"

namespace mote::tflite_import {

namespace tfl = mote::tflite;

template <class Vector>
uint32_t size_of(const Vector* v) {
  return v == nullptr ? 0 : v->size();
}
std::string text_of(const flatbuffers::String* s);

// Verifies the FlatBuffer; null and a diagnostic when it is not a TFLite file.
const tfl::Model* verify(Span<const uint8_t> bytes, Diagnostics& diagnostics);

class Source {
 public:
  // `bytes` start at a multiple of 16 and outlive the source.
  Source(Span<const uint8_t> bytes, const tfl::Model& model, const ConvertOptions& options,
         Diagnostics& diagnostics);

  const tfl::Model& model() const { return model_; }
  const ConvertOptions& options() const { return options_; }

  uint32_t errors() const { return errors_; }
  void error(const std::string& where, const std::string& what, const std::string& remedy = {});

  // Collects custom operators without an importer; report_custom() makes one error of them.
  void unsupported_custom(const std::string& name, const std::string& where);
  void report_custom();

  // A file may name one vector from many tables. Honest files do not, so what is visited is at most
  // the file's size; false (and a diagnostic, once) when it is more.
  bool visit(uint64_t elements);

  // The data of a buffer; size 0 when it has none. False when they lie outside the file.
  bool buffer(uint32_t index, Span<const uint8_t>* data) const;
  // A copy, made once per buffer; `shift`: every byte xor 0x80. Null when the copies outgrow what
  // an honest file holds.
  std::shared_ptr<const ir::Bytes> copy(uint32_t index, Span<const uint8_t> data, bool shift);

  // Initial values of resource variables, from the subgraphs of CALL_ONCE.
  std::map<std::string, ir::Value> initial_values;
  std::set<int32_t> initialized_by;  // subgraphs whose assignments are in there

  // Names in ConvertOptions::fixed_inputs that were found.
  std::map<std::string, FixedInput> fixed_inputs;
  std::set<std::string> shaped_inputs;  // names in ConvertOptions::input_shapes that were found

  uint32_t call_depth = 0;  // of the subgraph that is being imported

  // Composite operators whose decompositions are being imported, one within the other.
  uint32_t composite_depth = 0;

  // While true, error() adds nothing.
  bool muted = false;

 private:
  Span<const uint8_t> bytes_;
  const tfl::Model& model_;
  const ConvertOptions& options_;
  Diagnostics& diagnostics_;
  std::map<std::pair<uint32_t, bool>, std::shared_ptr<const ir::Bytes>> copies_;
  uint64_t visits_left_, copies_left_;
  std::map<std::string, uint32_t> custom_;  // how often each was named
  std::string first_custom_;                // where
  uint32_t errors_ = 0;
};

}  // namespace mote::tflite_import
