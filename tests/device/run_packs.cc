#include "device/run_packs.h"

#include <cstring>

#include "device/pack.h"
#include "mcu/bump_memory.h"
#include "mote/session.h"

namespace mote::test {
namespace {

// A failure of one pack under one kind of plan, as words to print one after the other.
struct Failure {
  const char* what = nullptr;  // null: none
  Status status;
};

struct Pack {
  const uint8_t* file;
  const PackHeader* header;

  const PackPort* ports() const { return reinterpret_cast<const PackPort*>(header + 1); }
  Span<const uint8_t> model() const { return {file + header->model, header->model_bytes}; }
};

struct Variant {
  const char* name;
  PlanOptions options;
};

bool close(float expected, float got, float tolerance) {
  if (expected != expected || got != got) return expected != expected && got != got;
  float difference = got > expected ? got - expected : expected - got;
  float size = expected < 0 ? -expected : expected;
  return got == expected || difference <= tolerance * (size > 1 ? size : 1);
}

bool equal(const PackPort& port, const uint8_t* expected, const uint8_t* got) {
  if (port.floats == 0) return memcmp(expected, got, port.bytes) == 0;
  for (uint32_t i = 0; i < port.bytes; i += sizeof(float)) {
    float e, g;
    memcpy(&e, expected + i, sizeof e);
    memcpy(&g, got + i, sizeof g);
    if (!close(e, g, port.tolerance)) return false;
  }
  return true;
}

class PackRunner {
 public:
  PackRunner(const Pack& pack, mcu::BumpMemory& memory, const PackRun& run)
      : pack_(pack), memory_(memory), run_(run) {}

  Failure run(const PlanOptions& wanted) {
    LoadOptions load;
    load.allocator = memory_.allocator();
    load.structure = run_.structure;
    Result<Model> model = Model::load(pack_.model(), run_.operators, load);
    if (!model.ok()) return {"load", model.status()};
    PlanOptions options = wanted;
    options.allocator = memory_.allocator();
    Result<Plan> plan = Plan::create(model.value(), {}, options);
    if (!plan.ok()) return {"plan", plan.status()};
    SessionOptions with;
    with.allocator = memory_.allocator();
    Result<Session> session = Session::create(plan.value(), with);
    if (!session.ok()) return {"session", session.status()};
    return run_cases(session.value());
  }

 private:
  Failure run_cases(Session& session) {
    const uint8_t* data = pack_.file + pack_.header->data;
    for (uint32_t i = 0; i < pack_.header->cases; ++i) {
      if (pack_.header->sequence == 0) session.reset_states();
      if (Status s = write_inputs(session, &data); !s.ok()) return {"input", s};
      if (Status s = session.run(0); !s.ok()) return {"run", s};
      Failure f = compare_outputs(session, &data);
      if (f.what != nullptr) return f;
    }
    return {};
  }

  Status write_inputs(Session& session, const uint8_t** data) {
    for (uint32_t i = 0; i < pack_.header->inputs; ++i) {
      Result<Span<uint8_t>> input = session.input(0, i);
      if (!input.ok()) return input.status();
      uint32_t bytes = pack_.ports()[i].bytes;
      if (input.value().size != bytes) return error(Code::buffer_size, bytes);
      memcpy(input.value().data, *data, bytes);
      *data += pack_round_up(bytes);
    }
    return {};
  }

  Failure compare_outputs(Session& session, const uint8_t** data) {
    uint32_t port = 0;
    for (uint32_t i = 0; i < pack_.header->outputs; ++i) {
      const PackPort& p = pack_.ports()[pack_.header->inputs + i];
      const uint8_t* got = nullptr;
      if (p.state >= 0) {
        got = read_state(session, p);
      } else {
        Result<Span<const uint8_t>> output = session.output(0, port++);
        if (!output.ok()) return {"output", output.status()};
        if (output.value().size == p.bytes) got = output.value().data;
      }
      if (got == nullptr) return {"the output has another size", {}};
      if (!equal(p, *data, got)) return {"the output differs", {}};
      *data += pack_round_up(p.bytes);
    }
    return {};
  }

  const uint8_t* read_state(Session& session, const PackPort& p) {
    Allocator a = memory_.allocator();
    auto* copy = static_cast<uint8_t*>(a.allocate(a.context, p.bytes, kPackAlignment));
    if (copy == nullptr) return nullptr;
    Status s = session.read_state(static_cast<uint32_t>(p.state), {copy, p.bytes});
    return s.ok() ? copy : nullptr;
  }

  const Pack& pack_;
  mcu::BumpMemory& memory_;
  const PackRun& run_;
};

void print_failure(const PackRun& run, const Pack& pack, const Variant& variant,
                   const Failure& failure) {
  run.print("FAILED ");
  run.print(pack.header->name);
  run.print(" [");
  run.print(isa_name(variant.options.isa));
  run.print(variant.name);
  run.print("]: ");
  run.print(failure.what);
  if (!failure.status.ok()) {
    char text[200];
    describe(failure.status, text, sizeof text);
    run.print(": ");
    run.print(text);
  }
  run.print("\n");
}

void print_number(const PackRun& run, uint32_t n) {
  char digits[12];
  char* p = digits + sizeof digits - 1;
  *p = '\0';
  do *--p = static_cast<char>('0' + n % 10);
  while ((n /= 10) != 0);
  run.print(p);
}

// Scalar and every available instruction set, with and without packed weights, and the references.
uint32_t variants(Variant* out) {
  uint32_t n = 0;
  for (uint8_t i = 0; i < static_cast<uint8_t>(Isa::count_); ++i) {
    auto isa = static_cast<Isa>(i);
    if (!isa_available(isa)) continue;
    for (int unpacked = 0; unpacked < 2; ++unpacked) {
      Variant& v = out[n++] = {unpacked != 0 ? ", unpacked" : "", {}};
      v.options.isa = isa;
      v.options.pack_weights = unpacked == 0;
    }
  }
  Variant& v = out[n++] = {", reference", {}};
  v.options.isa = Isa::scalar;
  v.options.reference_only = true;
  return n;
}

}  // namespace

PackResult run_packs(const PackRun& run) {
  PackResult result;
  Variant all[2 * static_cast<int>(Isa::count_) + 1];
  const uint32_t count = variants(all);
  const auto& file = *reinterpret_cast<const PackFile*>(run.file.data);
  if (run.file.size < sizeof file || file.magic != kPackMagic || file.bytes != run.file.size) {
    run.print("FAILED: not a file of packs\n");
    result.failed = 1;
    return result;
  }
  mcu::BumpMemory memory(run.memory);
  uint32_t at = kPackAlignment;
  for (uint32_t i = 0; i < file.packs; ++i) {
    Pack pack{run.file.data, reinterpret_cast<const PackHeader*>(run.file.data + at)};
    for (uint32_t v = 0; v < count; ++v) {
      memory.reset();
      Failure f = PackRunner(pack, memory, run).run(all[v].options);
      if (memory.most() > result.most_memory) result.most_memory = memory.most();
      if (f.what != nullptr) print_failure(run, pack, all[v], f);
      ++(f.what == nullptr ? result.passed : result.failed);
    }
    at = pack.header->next;
  }
  print_number(run, result.passed);
  run.print(" passed, ");
  print_number(run, result.failed);
  run.print(" failed\n");
  return result;
}

}  // namespace mote::test
