/* The interface between Mote and a delegate: a plug-in that runs parts of a graph elsewhere.
 *
 * A delegate is a table of functions with its own context. The application loads it and hands it
 * to the plan (PlanOptions::delegates). The plan offers the operators of a graph; what the delegate
 * claims becomes partitions: runs of consecutive operators. The CPU plan stays complete beneath, so
 * that a session goes on without the delegate when its device is lost.
 *
 * Every struct begins with `struct_size`; tables and structs are append-only: read no field beyond
 * the other side's struct_size. Functions return 0 or a mote_delegate_result. Pointers handed over
 * are valid during the call unless said otherwise. Plans are made by one thread at a time and may
 * be used by several sessions at once; a session is used by one thread at a time.
 */
#ifndef MOTE_DELEGATE_H_
#define MOTE_DELEGATE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MOTE_DELEGATE_ABI 1

typedef enum mote_delegate_result {
  MOTE_DELEGATE_OK = 0,
  MOTE_DELEGATE_UNUSABLE = 1, /* no driver, wrong version: query says why */
  MOTE_DELEGATE_NO_MEMORY = 2,
  MOTE_DELEGATE_LOST = 3,  /* the device is gone; the session runs on the CPU from now on */
  MOTE_DELEGATE_FAILED = 4 /* anything else; treated as lost */
} mote_delegate_result;

/* Types and kinds: the numbers of the file (mote/types.h). */
typedef struct mote_delegate_tensor {
  size_t struct_size;
  const char* name;
  int32_t type;
  int32_t kind; /* 0 activation, 1 constant, 2 state */
  int32_t rank;
  int32_t min_shape[8];
  int32_t max_shape[8];
  const float* scales; /* scale_count of them; zero_points may be null: all zero */
  const int32_t* zero_points;
  uint32_t scale_count;
  int32_t axis;
  const void* data; /* constants; valid as long as the model */
  uint64_t max_bytes;
} mote_delegate_tensor;

typedef struct mote_delegate_operator {
  size_t struct_size;
  uint16_t code; /* core/ops/ops.inc */
  uint16_t version;
  const char* name;
  const void* attributes; /* core/ops/<name>/attributes.h */
  size_t attributes_bytes;
  const int32_t* inputs; /* indices into tensors; -1: absent */
  const int32_t* outputs;
  uint32_t input_count;
  uint32_t output_count;
} mote_delegate_operator;

/* A whole graph, or the operators of one partition. Valid as long as the model. */
typedef struct mote_delegate_graph {
  size_t struct_size;
  const mote_delegate_tensor* tensors;
  const mote_delegate_operator* operators;
  uint32_t tensor_count;
  uint32_t operator_count;
  const int32_t* inputs; /* tensors that come from outside, without constants */
  const int32_t* outputs;
  uint32_t input_count;
  uint32_t output_count;
} mote_delegate_graph;

/* The delegate's answer for one operator. */
typedef struct mote_delegate_claim {
  int32_t claimed;    /* 1: taken */
  const char* reason; /* refused: why, static text; never null */
  double cost_us;     /* claimed: the expected time at the largest shape; 0: unknown */
} mote_delegate_claim;

/* What the host stores for delegates between runs of the program: compiled kernels, verdicts.
 * `get` returns the bytes stored (0: none) and copies at most `capacity` of them. */
typedef struct mote_delegate_cache {
  size_t struct_size;
  void* context;
  size_t (*get)(void* context, uint64_t key, void* data, size_t capacity);
  void (*put)(void* context, uint64_t key, const void* data, size_t size);
} mote_delegate_cache;

/* Shapes of a partition's inputs and outputs: rank and up to 8 dimensions. */
typedef struct mote_delegate_shape {
  int32_t rank;
  int32_t dims[8];
} mote_delegate_shape;

typedef struct mote_delegate_profile {
  size_t struct_size;
  double device_us;   /* of the last run, by the device's clock; 0: unknown */
  double transfer_us; /* of the last run */
} mote_delegate_profile;

typedef struct mote_delegate {
  size_t struct_size;
  uint32_t abi_version; /* MOTE_DELEGATE_ABI */
  void* context;        /* first argument of every function without a plan or session */

  /* Whether the delegate can be used here; `why_not` points to static text otherwise. */
  int32_t (*query)(void* context, const char** why_not);
  /* Name, device and driver version, one line: the identity of stored verdicts. */
  size_t (*describe)(void* context, char* text, size_t capacity);
  /* Fills `claims`, one per operator of `graph`. */
  int32_t (*claim)(void* context, const mote_delegate_graph* graph, mote_delegate_claim* claims);

  /* Compiles a partition. `cache` may be null. */
  int32_t (*plan_create)(void* context, const mote_delegate_graph* partition,
                         const mote_delegate_cache* cache, void** plan);
  void (*plan_destroy)(void* plan);
  /* Device memory of one session, known before it is created. */
  int32_t (*plan_memory)(void* plan, uint64_t* device_bytes);

  /* All memory is taken here; run allocates none. */
  int32_t (*session_create)(void* plan, void** session);
  void (*session_destroy)(void* session);
  /* Shapes of the partition's inputs and outputs, in the order of the graph. */
  int32_t (*set_shape)(void* session, const mote_delegate_shape* inputs,
                       const mote_delegate_shape* outputs);
  /* Optional (null): memory that the device may use directly; else it is copied. */
  int32_t (*import_memory)(void* session, void* memory, size_t bytes);
  /* Starts a run; `fence` is handed to wait. Inputs and outputs may share memory: all inputs must
   * have been read before the first byte of an output is written, and outputs must be written only
   * by a run that succeeds: after a failure the CPU computes them from the same inputs. */
  int32_t (*run)(void* session, const void* const* inputs, void* const* outputs, uint64_t* fence);
  /* Waits for the run; afterwards the outputs hold the result. */
  int32_t (*wait)(void* session, uint64_t fence);
  /* Optional (null): copies a state between device and host. Delegates that hold states need it;
   * states are not offered in this version. */
  int32_t (*sync_state)(void* session, int32_t tensor, void* memory, size_t bytes, int to_device);
  /* Optional (null): a quick test of the device; not a substitute for the host's comparison. */
  int32_t (*self_check)(void* context);
  /* Optional (null). */
  int32_t (*profile)(void* session, mote_delegate_profile* profile);
} mote_delegate;

#ifdef __cplusplus
}
#endif
#endif /* MOTE_DELEGATE_H_ */
