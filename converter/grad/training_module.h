// A model that can be trained: entry points `infer`, `train` and `eval` over shared states.
#pragma once

#include "diagnostics.h"
#include "ir/graph.h"

namespace mote {

// Lowers a canonical float graph to a module of three entry points and their derive graphs.
//
// `model`: float32, one node per operator, inputs with the batch as first dimension, which any
// `reshape` of it leaves in the first place. Values that are constants with `trainable` set become
// states of their name that `train` changes. A batch_norm whose scale or bias is trainable follows
// the data (TrainingOptions::train_batch_norm) and its mean and variance become running states; any
// other stays as it is. Dropout is a node dropout_mask (input: x alone) and a mul of x and
// the mask; `infer` and `eval` do without both. The loss is taken of the first output; when that is
// a softmax and the loss softmax_cross_entropy, of the softmax's input.
//
// `infer`: inputs and outputs of the model.
// `train`: inputs of the model, target, learning_rate; outputs loss, then those of the model in
//   training. Changes parameters, running and optimizer states, step.
// `eval`: inputs of the model, target; outputs loss, then those of the model.
//
// `target`: int32, the prediction's shape without its last dimension (softmax_cross_entropy), or
// float32 as the prediction (mse). `learning_rate` [1], `loss` [1]. `train` has the batch
// options.train_batch, `eval` 1 to that, `infer` what the model's inputs say. A loss that is not
// finite ends `train` before any state was written.
//
// States beside the parameters: "<parameter>/velocity" (sgd), "<parameter>/m" and "/v" (adam,
// adamw), "step" int32 [1], the number of steps done, and with dropout "random_seed" int32 [2].
//
// Everything that stands in the way is added to `diagnostics`; the module is then empty.
ir::Module make_training_module(const ir::Graph& model, const TrainingOptions& options,
                                Diagnostics& diagnostics);

}  // namespace mote
