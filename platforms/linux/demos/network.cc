#include "network.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace mote::demo {
namespace {

void require(const Status& status, const std::string& what) {
  if (status.ok()) return;
  char text[256];
  describe(status, text, sizeof text);
  fail(what + ": " + text);
}

template <class T>
T require(Result<T> result, const std::string& what) {
  require(result.status(), what);
  return static_cast<T&&>(result.value());
}

}  // namespace

void fail(const std::string& text) {
  std::fprintf(stderr, "%s\n", text.c_str());
  std::exit(1);
}

Network::Network(const std::string& path)
    : file_(require(MappedFile::open(path.c_str()), path)),
      model_(require(Model::load(file_.bytes(), inference_operators()), path)),
      plan_(require(Plan::create(model_), path)),
      session_(require(Session::create(plan_), path)) {}

void Network::set_shape(const char* input, const std::vector<int32_t>& dims) {
  Shape shape;
  for (const int32_t d : dims) shape.dims[shape.rank++] = d;
  require(session_.set_shape(0, require(session_.find_input(0, input), input), shape), input);
}

void Network::write(const char* input, const std::vector<float>& values) {
  const uint32_t index = require(session_.find_input(0, input), input);
  require(session_.write_float(0, index, {values.data(), values.size()}), input);
}

void Network::write(const char* input, const std::vector<int32_t>& values) {
  const Span<uint8_t> memory =
      require(session_.input(0, require(session_.find_input(0, input), input)), input);
  if (memory.size != values.size() * sizeof(int32_t)) fail(std::string(input) + ": other size");
  std::memcpy(memory.data, values.data(), memory.size);
}

void Network::run() { require(session_.run(), "run"); }

std::vector<int32_t> Network::shape(const char* output) const {
  const Shape s =
      require(session_.output_shape(0, require(session_.find_output(0, output), output)), output);
  return {s.dims, s.dims + s.rank};
}

std::vector<float> Network::read(const char* output) const {
  const uint32_t index = require(session_.find_output(0, output), output);
  std::vector<float> values(
      static_cast<size_t>(require(session_.output_shape(0, index), output).elements()));
  require(session_.read_float(0, index, {values.data(), values.size()}), output);
  return values;
}

std::vector<std::string> Network::lines(const char* key) const {
  const char* text = model_.metadata(key);
  std::istringstream stream(text == nullptr ? "" : text);
  std::vector<std::string> out;
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  return out;
}

}  // namespace mote::demo
