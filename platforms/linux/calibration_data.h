// Calibration data from files.
#pragma once

#include <string>
#include <vector>

#include "files.h"
#include "mote/converter.h"

namespace mote::tool {

// `paths`: one folder of IDX files (its training split, normalized as the metadata of `model` say
// where it is a .mote file) or one reference set; else one .npy file, or raw float32, per input. Of
// an IDX folder `samples` pictures are taken, spread evenly. Refuses samples of another shape than
// the inputs of `entry_point` have, except raw ones, which have no shape. Throws Failure.
CalibrationData load_calibration_data(const std::vector<std::string>& paths,
                                      const std::string& model_path, const Bytes& model,
                                      const std::string& entry_point, size_t samples);

}  // namespace mote::tool
