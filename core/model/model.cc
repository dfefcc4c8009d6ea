// Loading: the order of the checks, and the accessors of Model.
#include "mote/model.h"

#include <cstring>

#include "base/hash.h"
#include "base/operator_names.h"
#include "model/model_impl.h"

namespace mote {
namespace {

// Segments up to this size are hashed by default; more would make loading slow.
constexpr uint64_t kAutomaticHashBytes = 16u << 20;

// The copy keeps the structure as it was verified, whatever happens to the bytes later.
Status take_structure(ModelImpl& m, const Header& header, StructureMemory memory,
                      Span<const uint8_t>* out) {
  const uint8_t* source = m.bytes.data + header.structure_offset;
  size_t size = header.structure_bytes;
  if (memory == StructureMemory::copy) {
    MOTE_TRY(m.structure.init(m.allocator, size, &m.array_bytes));
    if (size != 0) memcpy(m.structure.data(), source, size);
    source = m.structure.data();
  }
  *out = {source, size};
  return {};
}

// The verifier looks at the alignment of a vector's length only; segments hold 64-bit numbers.
bool segments_aligned(const file::Model& root) {
  if (root.segments() == nullptr || root.segments()->size() == 0) return true;
  return reinterpret_cast<uintptr_t>(root.segments()->Data()) % alignof(file::Segment) == 0;
}

Status verify_structure(ModelImpl& m, Span<const uint8_t> structure) {
  // Every table takes at least 8 bytes: its vtable offset and one reference to it.
  constexpr size_t kTableBytes = 8;
  constexpr flatbuffers::uoffset_t kDepth = 8;
  if (structure.size < kTableBytes) return error(Code::structure_malformed);
  flatbuffers::Verifier::Options options;
  options.max_depth = kDepth;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(structure.size / kTableBytes);
  flatbuffers::Verifier verifier(structure.data, structure.size, options);
  if (!file::VerifyModelBuffer(verifier)) return error(Code::structure_malformed);
  m.root = file::GetModel(structure.data);
  if (!segments_aligned(*m.root)) return error(Code::structure_malformed);
  if (m.root->version() < 1 || m.root->version() > kStructureVersion) {
    return error(Code::structure_version, kStructureVersion, m.root->version());
  }
  // A file that shares nothing has fewer elements than bytes; sharing some is fine, and so is the
  // quadratic comparison of a few names.
  m.max_visits = uint64_t{structure.size} * 4 + (1u << 20);
  return {};
}

bool hash_now(const ModelImpl& m, Integrity integrity) {
  if (integrity != Integrity::automatic) return integrity == Integrity::full;
  return m.bytes.size <= kAutomaticHashBytes;
}

Status load_into(ModelImpl& m, const LoadOptions& options) {
  Header header;
  MOTE_TRY(read_header(m.bytes, options.integrity, &header));
  Span<const uint8_t> structure;
  MOTE_TRY(take_structure(m, header, options.structure, &structure));
  if (options.integrity != Integrity::off &&
      xxh64(structure.data, structure.size) != header.structure_hash) {
    return error(Code::structure_hash);
  }
  MOTE_TRY(verify_structure(m, structure));
  MOTE_TRY(check_segments(m.bytes, header, *m.root, m.limits));
  if (hash_now(m, options.integrity)) MOTE_TRY(hash_segments(m.bytes, *m.root));
  MOTE_TRY(read_tensors(m));
  MOTE_TRY(read_graphs(m));
  MOTE_TRY(check_operators(m));
  MOTE_TRY(check_calls(m));
  MOTE_TRY(check_order(m));
  MOTE_TRY(read_entry_points(m));
  return read_derives(m);
}

}  // namespace

Result<Model> Model::load(Span<const uint8_t> bytes, OperatorTable table,
                          const LoadOptions& options) {
  Result<ModelImpl*> created = create_object<ModelImpl>(options.allocator);
  if (!created.ok()) return created.status();
  ModelImpl* m = created.value();
  m->allocator = options.allocator;
  m->pool.use(options.allocator);
  m->bytes = bytes;
  m->table = table;
  m->limits = options.limits;
  Model model(m);
  Status s = load_into(*m, options);
  if (!s.ok()) return s;
  return model;
}

Model& Model::operator=(Model&& other) noexcept {
  if (this != &other) {
    destroy_object(impl_);
    impl_ = other.impl_;
    other.impl_ = nullptr;
  }
  return *this;
}

Model::~Model() { destroy_object(impl_); }

Status Model::verify_segments() const { return hash_segments(impl_->bytes, *impl_->root); }
uint32_t Model::tensor_count() const { return static_cast<uint32_t>(impl_->tensors.size()); }
const TensorInfo& Model::tensor(uint32_t index) const { return impl_->tensors[index]; }
uint32_t Model::operator_count() const { return static_cast<uint32_t>(impl_->ops.size()); }

OperatorInfo Model::operator_info(uint32_t index) const {
  const OpDesc& op = impl_->ops[index];
  return {operator_name(op.source->code()),
          text_or_empty(op.source->location()),
          op.graph,
          op.source->code(),
          op.inputs,
          op.outputs};
}

uint32_t Model::entry_point_count() const {
  return static_cast<uint32_t>(impl_->entry_points.size());
}
const EntryPointInfo& Model::entry_point(uint32_t index) const {
  return impl_->entry_points[index];
}

Result<uint32_t> Model::find_entry_point(const char* name) const {
  for (uint32_t i = 0; i < entry_point_count(); ++i)
    if (strcmp(impl_->entry_points[i].name, name) == 0) return i;
  return error(Code::name_unknown, 0, 0, name);
}

const char* Model::metadata(const char* key) const {
  for (uint32_t i = 0; i < size_of(impl_->root->metadata()); ++i) {
    const file::Metadata& m = *impl_->root->metadata()->Get(i);
    if (strcmp(text_or_empty(m.key()), key) == 0) return text_or_empty(m.value());
  }
  return nullptr;
}

const char* Model::producer() const { return text_or_empty(impl_->root->producer()); }

size_t Model::memory_bytes() const {
  return sizeof(ModelImpl) + impl_->array_bytes + impl_->pool.bytes();
}

}  // namespace mote
