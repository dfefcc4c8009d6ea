// The recipes by name, one file each.
#pragma once

#include "mote/trainer.h"

namespace mote::trainer {

// github.com/zalandoresearch/fashion-mnist
inline constexpr const char* kFashionLabels =
    "T-shirt/top\nTrouser\nPullover\nDress\nCoat\nSandal\nShirt\nSneaker\nBag\nAnkle boot\n";

Sequential simplenet();
FitOptions simplenet_options();
Sequential fashion_cnn();
FitOptions fashion_cnn_options();

}  // namespace mote::trainer
