/* A delegate whose device is a thread of this process with memory of its own. It proves the
 * interface of mote/delegate.h, and fails where a test asks for it. It sees nothing else of Mote
 * but the operators' attributes.
 */
#ifndef MOTE_TESTS_LOOPBACK_H_
#define MOTE_TESTS_LOOPBACK_H_

#include "mote/delegate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* May be changed while no run is under way. Texts belong to the caller. */
typedef struct mote_loopback_options {
  const char* description; /* device and driver version */
  const char* operators;   /* claimed, separated by spaces; null: all that it knows */
  const char* unusable;    /* why; null: usable */
  int64_t wrong_run;       /* the run of this number has one wrong bit; -1: none */
  int64_t lost_run;        /* the device is lost from this run on; -1: never */
  int32_t lost_in_wait;    /* the loss shows in wait instead of run */
  int32_t fail_plan_create;
  int32_t fail_session_create;
  int32_t fail_set_shape;
  int32_t delay_us; /* of every run, on the device */
} mote_loopback_options;

typedef struct mote_loopback_counts {
  int64_t plans; /* alive */
  int64_t sessions;
  int64_t device_bytes; /* of live sessions */
  int64_t claims;       /* calls so far */
  int64_t runs;         /* the number of the next run, over all sessions */
  int64_t early;        /* runs that had returned before the device was done */
} mote_loopback_counts;

typedef struct mote_loopback {
  mote_delegate* (*create)(void);
  void (*destroy)(mote_delegate*);
  mote_loopback_options* (*options)(const mote_delegate*);
  mote_loopback_counts (*counts)(const mote_delegate*);
} mote_loopback;

/* The only exported function. */
const mote_loopback* mote_loopback_entry(void);

#ifdef __cplusplus
}
#endif
#endif /* MOTE_TESTS_LOOPBACK_H_ */
