// A perceptron of one hidden layer, for Fashion-MNIST: small and quick.
#include "trainer/recipes/recipes.h"

namespace mote::trainer {

Sequential simplenet() {
  Sequential model({28, 28, 1});
  model.flatten().dense(128).relu().dense(10);
  return model;
}

FitOptions simplenet_options() {
  FitOptions o;
  o.recipe = "simplenet";
  o.label_names = kFashionLabels;
  o.epochs = 15;
  o.training.train_batch = 256;
  o.training.optimizer = Optimizer::adam;
  o.schedule.rate = 1e-3;
  return o;
}

}  // namespace mote::trainer
