/* The C interface of Mote: bytes -> model -> plan -> session -> run.
 *
 * Handles are opaque and owned by the caller: destroy them in the order session, plan, model; the
 * model's bytes must outlive all three. Structs begin with `struct_size`, which the caller sets to
 * sizeof: later versions append fields. Functions return MOTE_OK (0) or an error code; the numbers
 * are those of MOTE_STATUS_CODES in mote/status.h and never change. Thread-safety is that of the
 * C++ interface (core/README.md): a model and a plan may be shared, a session may not.
 */
#ifndef MOTE_MOTE_H_
#define MOTE_MOTE_H_

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define MOTE_API __attribute__((visibility("default")))
#else
#define MOTE_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define MOTE_OK 0
#define MOTE_MAX_RANK 8

typedef struct mote_model mote_model;
typedef struct mote_plan mote_plan;
typedef struct mote_session mote_session;

/* Element types; the numbers are those of the file. */
typedef enum mote_type {
  MOTE_FLOAT32 = 0,
  MOTE_FLOAT16 = 1,
  MOTE_BFLOAT16 = 2,
  MOTE_INT8 = 3,
  MOTE_UINT8 = 4,
  MOTE_INT16 = 5,
  MOTE_INT32 = 6,
  MOTE_INT64 = 7,
  MOTE_BOOLEAN = 8
} mote_type;

typedef enum mote_integrity {
  MOTE_INTEGRITY_AUTOMATIC = 0, /* hashes everything up to 16 MiB */
  MOTE_INTEGRITY_FULL = 1,
  MOTE_INTEGRITY_ON_DEMAND = 2,
  MOTE_INTEGRITY_OFF = 3 /* tests only; all other checks still run */
} mote_integrity;

/* What went wrong and where; indices are -1 where they do not apply. */
typedef struct mote_error {
  size_t struct_size;
  int32_t code;
  int32_t graph, op, tensor;
  int64_t expected, found;
  char text[256]; /* for people; always terminated */
} mote_error;

/* Memory: `allocate` returns null when there is none. A null `allocate` means malloc. */
typedef struct mote_allocator {
  void* context;
  void* (*allocate)(void* context, size_t bytes, size_t alignment);
  void (*release)(void* context, void* memory, size_t bytes);
} mote_allocator;

/* parallel_for calls task(argument, i, worker) once for every i < count, worker < threads, in any
 * order, and returns when all have returned. */
typedef struct mote_thread_pool {
  void* context;
  uint32_t threads;
  void (*parallel_for)(void* context, uint32_t count,
                       void (*task)(void* argument, uint32_t i, uint32_t worker), void* argument);
} mote_thread_pool;

typedef struct mote_load_options {
  size_t struct_size;
  int32_t integrity;          /* mote_integrity */
  int32_t structure_in_place; /* 1: the bytes lie in flash and cannot change */
  mote_allocator allocator;
} mote_load_options;

typedef struct mote_plan_options {
  size_t struct_size;
  uint32_t threads;    /* 0: 1 */
  const char* isa;     /* "scalar", "avx2", ...; null: the best of this processor */
  int32_t unpacked;    /* 1: do not rearrange weights (saves memory) */
  int32_t keep_inputs; /* 1: inputs keep their contents during run */
  mote_allocator allocator;
} mote_plan_options;

typedef struct mote_plan_report {
  size_t struct_size;
  uint64_t arena_bytes;
  uint64_t peak_live_bytes;
  uint64_t packed_bytes;
  uint64_t state_bytes;
  uint64_t plan_bytes;
  uint64_t session_bytes;
} mote_plan_report;

typedef struct mote_session_options {
  size_t struct_size;
  void* arena; /* null: allocated; else aligned to 64 bytes */
  size_t arena_bytes;
  mote_allocator allocator;
  mote_thread_pool pool; /* for plans of several threads */
  void* cancel_context;
  int (*cancelled)(void* context); /* null: never; nonzero ends the run */
  int32_t max_loop_steps; /* 0: those of the file alone; else also after these a loop fails */
} mote_session_options;

/* An input or output. `shape` is the current one. Strings belong to the model. */
typedef struct mote_port {
  size_t struct_size;
  const char* name;
  int32_t type; /* mote_type */
  int32_t rank;
  int32_t shape[MOTE_MAX_RANK];
  int32_t max_shape[MOTE_MAX_RANK];
  float scale; /* 0: not quantized per tensor */
  int32_t zero_point;
  size_t bytes; /* of the current shape */
} mote_port;

/* "0.1.0" */
MOTE_API const char* mote_version(void);
/* "bad_magic"; never null. */
MOTE_API const char* mote_code_name(int32_t code);

/* Options and `error` may be null. On an error the handle is null. */
MOTE_API int32_t mote_model_load(const void* bytes, size_t size, const mote_load_options* options,
                                 mote_model** model, mote_error* error);
MOTE_API void mote_model_destroy(mote_model* model);
MOTE_API uint32_t mote_model_entry_points(const mote_model* model);
/* Null when there is no such index or key. */
MOTE_API const char* mote_model_entry_point_name(const mote_model* model, uint32_t entry_point);
MOTE_API const char* mote_model_metadata(const mote_model* model, const char* key);

/* Plans every entry point that this build can run. */
MOTE_API int32_t mote_plan_create(const mote_model* model, const mote_plan_options* options,
                                  mote_plan** plan, mote_error* error);
MOTE_API void mote_plan_destroy(mote_plan* plan);
MOTE_API int32_t mote_plan_get_report(const mote_plan* plan, mote_plan_report* report);

/* Allocates once; nothing is allocated afterwards. */
MOTE_API int32_t mote_session_create(const mote_plan* plan, const mote_session_options* options,
                                     mote_session** session, mote_error* error);
MOTE_API void mote_session_destroy(mote_session* session);

MOTE_API uint32_t mote_session_inputs(const mote_session* session, uint32_t entry_point);
MOTE_API uint32_t mote_session_outputs(const mote_session* session, uint32_t entry_point);
MOTE_API int32_t mote_session_input(const mote_session* session, uint32_t entry_point,
                                    uint32_t index, mote_port* port);
MOTE_API int32_t mote_session_output(const mote_session* session, uint32_t entry_point,
                                     uint32_t index, mote_port* port);

/* Sets one input's shape within its bounds; on an error nothing changes. */
MOTE_API int32_t mote_session_set_shape(mote_session* session, uint32_t entry_point, uint32_t input,
                                        const int32_t* dims, int32_t rank, mote_error* error);

/* Memory of a port, of mote_port.bytes; null when there is no such port. */
MOTE_API void* mote_session_input_data(mote_session* session, uint32_t entry_point, uint32_t index);
MOTE_API const void* mote_session_output_data(const mote_session* session, uint32_t entry_point,
                                              uint32_t index);
/* Uses the caller's memory without a copy; null memory returns to the arena. */
MOTE_API int32_t mote_session_bind_input(mote_session* session, uint32_t entry_point,
                                         uint32_t index, const void* memory, size_t bytes,
                                         mote_error* error);
MOTE_API int32_t mote_session_bind_output(mote_session* session, uint32_t entry_point,
                                          uint32_t index, void* memory, size_t bytes,
                                          mote_error* error);
/* Real values of float32 and quantized ports; `count` elements. */
MOTE_API int32_t mote_session_write_float(mote_session* session, uint32_t entry_point,
                                          uint32_t input, const float* values, size_t count,
                                          mote_error* error);
MOTE_API int32_t mote_session_read_float(const mote_session* session, uint32_t entry_point,
                                         uint32_t output, float* values, size_t count,
                                         mote_error* error);

/* A failed run leaves every state unchanged, but for what derive graphs compute from states. */
MOTE_API int32_t mote_session_run(mote_session* session, uint32_t entry_point, mote_error* error);
MOTE_API void mote_session_reset_states(mote_session* session);

#ifdef __cplusplus
}
#endif
#endif /* MOTE_MOTE_H_ */
