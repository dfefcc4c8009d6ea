#include "input_list.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "elements.h"
#include "failure.h"
#include "npz.h"
#include "text.h"

namespace mote::tool {
namespace {

std::string describe(const Runner& runner) {
  std::string text;
  for (const Port& port : runner.inputs())
    text += "\n  '" + port.name + "' " + type_name(port.info->type) + " " +
            text_of(runner.input_shape(port));
  return text;
}

class InputList {
 public:
  InputList(Runner& runner, const InputOptions& options) : runner_(runner), options_(options) {
    loaded_.resize(runner.inputs().size());
  }

  // "NAME=FILE" where NAME is an input; else a file for the next input, or an archive.
  void add_file(const std::string& text) {
    const size_t equals = text.find('=');
    const Port* named = equals == std::string::npos ? nullptr : find(text.substr(0, equals));
    const std::string path = named == nullptr ? text : text.substr(equals + 1);
    if (named != nullptr) return load(*named, path);
    if (options_.format == "auto" && extension(path) == ".npz") return add_archive(path);
    load(next(), path);
  }

  void add_fill(const std::string& text) {
    const size_t equals = text.find('=');
    const Port* port = equals == std::string::npos ? nullptr : find(text.substr(0, equals));
    if (port == nullptr)
      wrong_use("--fill " + text + ": expected INPUT=NUMBER; the inputs are:" + describe(runner_));
    double value = 0;
    const char *begin = text.data() + equals + 1, *end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(begin, end, value);
    if (failed != std::errc() || stop != end || begin == end)
      wrong_use("--fill " + text + ": '" + std::string(begin, end) + "' is no number");
    fill(*port, value, text);
  }

  std::vector<LoadedInput> finish() {
    const auto missing = std::count_if(loaded_.begin(), loaded_.end(),
                                       [](const LoadedInput& i) { return i.port == nullptr; });
    if (missing != 0)
      wrong_use("the model takes " + std::to_string(loaded_.size()) + " inputs, " +
                std::to_string(loaded_.size() - static_cast<size_t>(missing)) +
                " were given:" + describe(runner_));
    return std::move(loaded_);
  }

 private:
  const Port* find(const std::string& name) const {
    for (const Port& port : runner_.inputs())
      if (port.name == name) return &port;
    return nullptr;
  }
  const Port& next() const {
    for (const Port& port : runner_.inputs())
      if (loaded_[port.index].port == nullptr) return port;
    wrong_use("the model takes " + std::to_string(loaded_.size()) +
              " inputs, more files were given:" + describe(runner_));
  }

  void put(const Port& port, const std::string& file, const std::string& source) {
    LoadedInput& slot = loaded_[port.index];
    if (slot.port != nullptr) wrong_use("input '" + port.name + "' is given twice");
    slot = {&port, file, source};
  }
  void load(const Port& port, const std::string& path) {
    put(port, path, load_input(runner_, port, path, options_));
  }

  void add_archive(const std::string& path) {
    const Bytes file = read_file(path);
    const auto arrays = read_npz(span_of(file), subject_of(path));
    size_t used = 0;
    for (const Port& port : runner_.inputs()) {
      auto array = arrays.find(port.name);
      if (array == arrays.end()) array = arrays.find("arr_" + std::to_string(port.index));
      if (array == arrays.end()) continue;
      const std::string subject = subject_of(path) + ", array '" + array->first + "'";
      InputOptions npy = options_;
      npy.format = "npy";
      put(port, path, load_input(runner_, port, span_of(array->second), ".npy", subject, npy));
      ++used;
    }
    if (used == arrays.size()) return;
    std::string names;
    for (const auto& [name, bytes] : arrays) names += " '" + name + "'";
    bad_input(subject_of(path) + ": has the arrays" + names +
              "; expected the names of inputs:" + describe(runner_));
  }

  void fill(const Port& port, double value, const std::string& text) {
    Shape shape = runner_.input_shape(port);
    for (int i = 0; i < shape.rank; ++i)
      if (!port.info->bounds.dims[i].is_static()) shape.dims[i] = port.info->bounds.dims[i].min;
    runner_.set_shape(port, shape);
    const auto count = static_cast<size_t>(shape.elements());
    const bool real = port.info->type == Type::float32 || port.info->quantization.quantized();
    if (real) {
      const std::vector<float> values(count, static_cast<float>(value));
      require(
          runner_.session().write_float(runner_.entry_point(), port.index, {values.data(), count}),
          "--fill " + text);
    } else {
      const bool whole = std::fabs(value) < 0x1p53 && value == std::floor(value);
      const std::vector<int64_t> values(count, whole ? static_cast<int64_t>(value) : 0);
      if (!whole || !convert_elements(Type::int64, values.data(), port.info->type,
                                      runner_.input(port).data, count))
        wrong_use("--fill " + text + ": the input is of type " + type_name(port.info->type));
    }
    put(port, "", "filled with " + number_text(value));
  }

  Runner& runner_;
  const InputOptions& options_;
  std::vector<LoadedInput> loaded_;
};

}  // namespace

std::vector<LoadedInput> load_inputs(Runner& runner, const std::vector<std::string>& files,
                                     const std::vector<std::string>& fills,
                                     const InputOptions& options) {
  InputList list(runner, options);
  for (const std::string& text : fills) list.add_fill(text);
  for (const std::string& text : files) list.add_file(text);
  return list.finish();
}

}  // namespace mote::tool
