// A model file, ready to run: what every program that uses Mote does first. Errors end the program.
#pragma once

#include <string>
#include <vector>

#include "mote/platform.h"
#include "mote/session.h"

namespace mote::demo {

[[noreturn]] void fail(const std::string& text);

class Network {
 public:
  explicit Network(const std::string& path);
  Network(const Network&) = delete;

  // Inputs and outputs by name; shapes may change between runs within the file's bounds.
  void set_shape(const char* input, const std::vector<int32_t>& shape);
  void write(const char* input, const std::vector<float>& values);
  void write(const char* input, const std::vector<int32_t>& values);
  void run();
  std::vector<float> read(const char* output) const;
  std::vector<int32_t> shape(const char* output) const;

  const Model& model() const { return model_; }
  // A text of the model's metadata, by lines.
  std::vector<std::string> lines(const char* key) const;
  size_t arena_bytes() const { return plan_.report().arena_bytes; }

 private:
  MappedFile file_;
  Model model_;
  Plan plan_;
  Session session_;
};

}  // namespace mote::demo
