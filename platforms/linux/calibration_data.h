// Calibration data from files.
#pragma once

#include <string>
#include <vector>

#include "files.h"
#include "mote/converter.h"

namespace mote::tool {

// `paths`: one folder of IDX files (its training split, normalized as the metadata of `model` say
// where it is a .mote file) or one reference set; else one .npy file, or raw float32, per input. Of
// an IDX folder `samples` pictures are taken, spread evenly. Throws Failure.
CalibrationData load_calibration_data(const std::vector<std::string>& paths, const Bytes& model,
                                      size_t samples);

}  // namespace mote::tool
