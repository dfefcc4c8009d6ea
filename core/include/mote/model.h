// Loading: bytes -> Model. Everything that can be wrong with a file is found here.
#pragma once

#include "mote/status.h"
#include "mote/types.h"

namespace mote {

struct Operator;  // core/ops/operator.h
struct ModelImpl;

// The operators that a program can run. An argument of loading, so that a program links only what
// it names; CMake's mote_operator_table() makes a table from a list of names.
struct OperatorTable {
  const Operator* const* operators = nullptr;
  uint32_t count = 0;
};

// Every operator that inference needs.
OperatorTable inference_operators();

enum class Integrity : uint8_t {
  automatic,  // `full` up to 16 MiB of segments, else `on_demand`
  full,       // every hash
  on_demand,  // header, structure and padding; segments when Model::verify_segments is called
  off,        // no hash at all: for tests and fuzzing; every other check still runs
};

enum class StructureMemory : uint8_t {
  copy,      // the structure is copied before it is verified: the bytes may change later
  in_place,  // the bytes lie in flash and cannot change
};

struct Limits {
  uint32_t tensors = 1u << 20;
  uint32_t operators = 1u << 20;
  uint32_t graphs = 1024;
  uint32_t segments = 4096;
  uint32_t entry_points = 1024;
  uint32_t call_depth = 16;
  int64_t tensor_bytes = int64_t{1} << 40;
  int64_t segment_bytes = int64_t{1} << 42;
  // Estimated scalar operations of the most expensive graph; what a loop repeats counts as often as
  // its step limit allows.
  int64_t operations = int64_t{1} << 50;
  // The largest step limit that a loop of the file may have.
  int32_t loop_steps = 1 << 24;
};

struct LoadOptions {
  Integrity integrity = Integrity::automatic;
  StructureMemory structure = StructureMemory::copy;
  Limits limits;
  Allocator allocator;
};

struct PortInfo {
  const char* name = "";
  uint32_t tensor = 0;
};

struct EntryPointInfo {
  const char* name = "";
  uint32_t graph = 0;
  Span<const PortInfo> inputs;
  Span<const PortInfo> outputs;
  Status availability;  // why it cannot run in this build; ok() when it can
};

struct OperatorInfo {
  const char* name = "";      // "conv2d"
  const char* location = "";  // where it came from, for people
  uint32_t graph = 0;
  uint16_t code = 0;
  Span<const int32_t> inputs;  // tensor indices, -1: absent
  Span<const int32_t> outputs;
};

// A verified, read-only view of a file. The bytes stay the caller's and must outlive the Model and
// all that is made from it. Movable; const calls are thread-safe.
class Model {
 public:
  Model() = default;
  Model(Model&& other) noexcept : impl_(other.impl_) { other.impl_ = nullptr; }
  Model& operator=(Model&& other) noexcept;
  ~Model();

  // `bytes` must start at a multiple of 16. Time and memory are linear in the structure (plus the
  // segments' bytes when they are hashed). Errors: any code of the container, structure, tensor,
  // operator and entry point groups, and out_of_memory.
  static Result<Model> load(Span<const uint8_t> bytes, OperatorTable table,
                            const LoadOptions& options = {});

  bool valid() const { return impl_ != nullptr; }
  // Hashes all segments; for models loaded with Integrity::on_demand.
  Status verify_segments() const;

  uint32_t tensor_count() const;
  const TensorInfo& tensor(uint32_t index) const;  // index < tensor_count()
  uint32_t operator_count() const;
  OperatorInfo operator_info(uint32_t index) const;  // over all graphs, in file order
  uint32_t entry_point_count() const;
  const EntryPointInfo& entry_point(uint32_t index) const;
  // Error: name_unknown.
  Result<uint32_t> find_entry_point(const char* name) const;
  // Null when absent, e.g. "labels", "licence", "provenance".
  const char* metadata(const char* key) const;
  const char* producer() const;
  // What load() took from the allocator.
  size_t memory_bytes() const;

  const ModelImpl* impl() const { return impl_; }

 private:
  explicit Model(ModelImpl* impl) : impl_(impl) {}
  ModelImpl* impl_ = nullptr;
};

}  // namespace mote
