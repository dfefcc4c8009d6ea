/* Attributes of lstm, gru, rnn: one direction over a sequence. A C header: it crosses to delegates;
 * append-only.
 *
 * x is [batch, time, in] or, with time_major, [time, batch, in]; y likewise with `out` for `in`.
 * Rows of weights, biases and so on are those of the gates one after the other:
 *   lstm: input, forget, cell, output; without the one that `coupling` derives. G gates.
 *   gru:  update, reset, candidate (ONNX's z, r, h).
 *
 * lstm, inputs:
 *   0 x                     1 input weights [G*hidden, in]   2 recurrent weights [G*hidden, out]
 *   3 bias [G*hidden]?      4 initial h [batch, out]?        5 initial c [batch, hidden]?
 *   6 peephole of the input, forget, output gate [(G-1)*hidden]?
 *   7 projection weights [out, hidden]? (without: out = hidden)   8 projection bias [out]?
 *   9 layer normalization [G*hidden]?                        10 sequence lengths int32 [batch]?
 *   outputs: y, last h [batch, out], last c [batch, hidden]
 * gru, inputs:
 *   0 x   1 input weights [3*hidden, in]   2 recurrent weights [3*hidden, hidden]
 *   3 bias [3*hidden]?   4 candidate's recurrent bias [hidden]? (linear_before_reset only)
 *   5 initial h [batch, hidden]?   6 sequence lengths int32 [batch]?
 *   outputs: y, last h
 * rnn, inputs:
 *   0 x   1 input weights [hidden, in]   2 recurrent weights [hidden, hidden]   3 bias [hidden]?
 *   4 initial h [batch, hidden]?   5 sequence lengths int32 [batch]?
 *   outputs: y, last h */
#ifndef MOTE_OPS_RECURRENT_ATTRIBUTES_H_
#define MOTE_OPS_RECURRENT_ATTRIBUTES_H_

#include <stdint.h>

#include "ops/activation/attributes.h"

/* Beyond MoteActivationKind. */
enum {
  kMoteRecurrentAffine = 64,    /* alpha * x + beta */
  kMoteRecurrentScaledTanh = 65 /* alpha * tanh(beta * x) */
};

/* Gates of an lstm that are one minus the other. */
enum {
  kMoteCoupledNone = 0,
  kMoteCoupledForget = 1, /* forget = 1 - input (ONNX's input_forget) */
  kMoteCoupledInput = 2   /* input = 1 - forget (TensorFlow Lite without input gate) */
};

/* Places in `scales`; gates are input, forget, cell, output whatever the coupling. */
enum {
  kMoteScaleInput = 0,       /* 4: s_x * s_w / s_gate */
  kMoteScaleRecurrent = 4,   /* 4: s_h * s_r / s_gate */
  kMoteScalePeephole = 8,    /* 3, input forget output: s_c * s_p / s_gate */
  kMoteScaleNorm = 11,       /* 4: of the coefficients */
  kMoteScaleHidden = 15,     /* 2^-30 / s_hidden */
  kMoteScaleProjection = 16, /* s_projection * s_hidden / s_y */
  kMoteRecurrentScales = 17
};

typedef struct RecurrentAttrs {
  int32_t reverse;           /* from the last valid step to the first; y stands at its own step */
  int32_t time_major;        /* 1: time is dimension 0 of x and y */
  int32_t gate_activation;   /* MoteActivationKind or above; rnn: its only one */
  int32_t cell_activation;   /* of the cell gate or candidate */
  int32_t output_activation; /* lstm: of c on its way to h */
  float gate_alpha, gate_beta;
  float cell_alpha, cell_beta;
  float output_alpha, output_beta;
  float clip;                  /* of the gates before their activation; 0: none */
  float cell_clip;             /* lstm: of the new c; 0: none */
  float projection_clip;       /* lstm: of the projected h; 0: none */
  int32_t coupling;            /* lstm */
  int32_t linear_before_reset; /* gru: the reset gate multiplies the recurrent product */
  int32_t hidden_zero_point;   /* quantized lstm: of h before the projection */
  int32_t scale_count;         /* kMoteRecurrentScales where quantized, else 0 */
  float scales[17];            /* effective scales; unused ones are 0 */
} RecurrentAttrs;

#endif
