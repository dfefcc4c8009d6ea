/* Attribute structs of the training library's own operators; the others take those of the operator
 * whose gradient they are. */
#ifndef MOTE_TRAIN_ATTRIBUTES_H_
#define MOTE_TRAIN_ATTRIBUTES_H_

#include "ops/attributes.h"
#include "train/ops/dropout_mask/attributes.h"
#include "train/ops/optimizer_attributes.h"
#include "train/ops/softmax_cross_entropy/attributes.h"

#endif
