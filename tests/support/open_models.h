// ONNX models with open dimensions, made here: for tests that change shapes at run.
#pragma once

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "mote/converter.h"
#include "mote/session.h"

namespace mote::test {

struct OpenModel {
  struct Input {
    std::string name;
    std::vector<std::string> dims;  // a number, or the name of an open dimension
  };
  std::string name;
  std::vector<uint8_t> bytes;
  std::vector<Input> inputs;
  std::map<std::string, Dim> bounds;                             // of the open dimensions
  std::map<std::string, std::vector<double>> fixed_inputs = {};  // as `--fix`
  // For GoogleTest.
  friend void PrintTo(const OpenModel& model, std::ostream* os) { *os << model.name; }
};

using Sizes = std::map<std::string, int32_t>;  // of the open dimensions

const std::vector<OpenModel>& open_models();
// A transformer's block as exporters write it: shapes computed from shapes, gelu spelled out.
// Inputs are tokens and a mask [batch, sequence]; 4 heads share the width.
OpenModel encoder_model(int64_t width, int32_t batch_bound, int32_t sequence_bound);

// Every dimension open, as `--bound NAME=1..N`.
ConvertOptions open_options(const OpenModel& model);
// Every input of a static shape, as `--shape`.
ConvertOptions static_options(const OpenModel& model, const Sizes& sizes);
// All combinations of sizes.
std::vector<Sizes> all_sizes(const OpenModel& model);

// The shapes of all inputs in the order of the session's, for Session::set_shapes.
std::vector<Shape> input_shapes(const Session& session, const OpenModel& model, const Sizes& sizes);
// Numbers that depend on the seed and the place alone: reals from -2 to 2, integers from 0 to 3,
// booleans; each is an index or a number of turns that these models allow.
void fill_inputs(Session& session, const Model& loaded, uint32_t seed);

}  // namespace mote::test
