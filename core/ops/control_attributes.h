/* Attributes of if_else, while_loop, call. A C header: it crosses to delegates; append-only. */
#ifndef MOTE_OPS_CONTROL_ATTRIBUTES_H_
#define MOTE_OPS_CONTROL_ATTRIBUTES_H_

#include <stdint.h>

/* Graphs that the operators call, in this order: if_else: then, else; while_loop: condition, body;
   call: one. */
typedef struct ControlAttrs {
  int32_t max_steps; /* while_loop: at least 1; a loop that goes on fails. Else 0. */
} ControlAttrs;

#endif
