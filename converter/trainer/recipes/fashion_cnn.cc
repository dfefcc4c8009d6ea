// Three convolutions for Fashion-MNIST (Xiao et al. 2017). Mean and deviation are the training
// set's.
#include "trainer/recipes/recipes.h"

namespace mote::trainer {

Sequential fashion_cnn() {
  Sequential model({28, 28, 1});
  for (int32_t filters : {24, 48, 96}) {
    model.conv2d(filters, 3, {.padding = 1, .bias = false}).batch_norm().relu().max_pool2d(2);
  }
  model.flatten().dense(10);
  return model;
}

FitOptions fashion_cnn_options() {
  FitOptions o;
  o.recipe = "fashion-cnn";
  o.label_names = kFashionLabels;
  o.epochs = 8;
  o.training.train_batch = 128;
  o.training.optimizer = Optimizer::sgd;
  o.training.momentum = 0.9f;
  o.training.nesterov = true;
  o.training.weight_decay = 5e-4f;
  o.schedule = {Schedule::Kind::one_cycle, 0.1, 0, 0.2};
  o.flips = true;
  o.normalization = {{0.286f}, {0.353f}};
  return o;
}

}  // namespace mote::trainer
