#include "trainer/recipes/recipes.h"

namespace mote {
namespace {

constexpr Recipe kRecipes[] = {
    {"simplenet", "784-128-10 with ReLU, Adam; Fashion-MNIST or MNIST", trainer::simplenet,
     trainer::simplenet_options},
    {"fashion-cnn", "three convolutions with batch norm, SGD, one cycle; Fashion-MNIST",
     trainer::fashion_cnn, trainer::fashion_cnn_options},
};

}  // namespace

Span<const Recipe> recipes() { return kRecipes; }

}  // namespace mote
