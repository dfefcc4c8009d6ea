/* A C program with the C headers: they must compile as C11 and suffice. */
#include "c_api/use_from_c.h"

#include "mote/delegate.h"
#include "mote/mote.h"

int run_from_c(const void* bytes, size_t size, const float* in, size_t in_count, float* out,
               size_t out_count) {
  mote_model* model = NULL;
  mote_plan* plan = NULL;
  mote_session* session = NULL;
  int32_t code = mote_model_load(bytes, size, NULL, &model, NULL);
  if (code == MOTE_OK) code = mote_plan_create(model, NULL, &plan, NULL);
  if (code == MOTE_OK) code = mote_session_create(plan, NULL, &session, NULL);
  if (code == MOTE_OK) code = mote_session_write_float(session, 0, 0, in, in_count, NULL);
  if (code == MOTE_OK) code = mote_session_run(session, 0, NULL);
  if (code == MOTE_OK) code = mote_session_read_float(session, 0, 0, out, out_count, NULL);
  mote_session_destroy(session);
  mote_plan_destroy(plan);
  mote_model_destroy(model);
  return code;
}
