/* All attribute structs. */
#ifndef MOTE_OPS_ATTRIBUTES_H_
#define MOTE_OPS_ATTRIBUTES_H_

#include "ops/activation/attributes.h"
#include "ops/arg_max/attributes.h"
#include "ops/batch_matmul/attributes.h"
#include "ops/batch_norm/attributes.h"
#include "ops/binary_attributes.h"
#include "ops/concat/attributes.h"
#include "ops/conv2d/attributes.h"
#include "ops/depthwise_conv2d/attributes.h"
#include "ops/fully_connected/attributes.h"
#include "ops/gather/attributes.h"
#include "ops/pad/attributes.h"
#include "ops/pool_attributes.h"
#include "ops/reduce/attributes.h"
#include "ops/reshape/attributes.h"
#include "ops/resize_bilinear/attributes.h"
#include "ops/softmax/attributes.h"
#include "ops/strided_slice/attributes.h"
#include "ops/transpose/attributes.h"

#endif
