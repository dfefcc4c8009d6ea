// Converts small models and runs them with several numbers of threads.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "mote/converter.h"
#include "mote/platform.h"
#include "support/built_model.h"

namespace mote::test {

using Numbers = std::vector<double>;

// How many operators of this name the file has, called graphs included.
inline int count_operators(const Model& model, const std::string& name) {
  int count = 0;
  for (uint32_t i = 0; i < model.operator_count(); ++i)
    count += name == model.operator_info(i).name;
  return count;
}

class ConvertedModel {
 public:
  explicit ConvertedModel(const std::vector<uint8_t>& source, const ConvertOptions& options = {}) {
    ConvertResult result = convert({source.data(), source.size()}, options);
    if (!result.ok()) throw std::runtime_error(result.text());
    bytes_ = AlignedBytes(result.bytes);
    model = must(Model::load(bytes_.span(), inference_operators()));
  }

  // Inputs by name; all outputs, the same with 1, 2 and 4 threads. Empty when a run fails:
  // `status`.
  std::vector<Numbers> run(const std::map<std::string, Numbers>& inputs) {
    std::vector<Numbers> first;
    for (uint32_t threads : {1u, 2u, 4u}) {
      std::vector<Numbers> results = run_once(inputs, threads);
      if (threads == 1) first = results;
      EXPECT_EQ(results, first) << threads << " threads";
    }
    return first;
  }

  Model model;
  Status status;

 private:
  std::vector<Numbers> run_once(const std::map<std::string, Numbers>& inputs, uint32_t threads) {
    OwnedThreadPool pool = must(OwnedThreadPool::create(threads));
    PlanOptions options;
    options.threads = threads;
    Plan plan = must(Plan::create(model, {}, options));
    SessionOptions session_options;
    session_options.pool = pool.callbacks();
    Session session = must(Session::create(plan, session_options));
    for (const auto& [name, numbers] : inputs) {
      uint32_t i = must(session.find_input(0, name.c_str()));
      Type type = model.tensor(model.entry_point(0).inputs[i].tensor).type;
      write_numbers(type, numbers, must(session.input(0, i)));
    }
    status = session.run();
    std::vector<Numbers> results;
    for (uint32_t o = 0; status.ok() && o < model.entry_point(0).outputs.size; ++o) {
      Type type = model.tensor(model.entry_point(0).outputs[o].tensor).type;
      results.push_back(read_numbers(type, must(session.output(0, o))));
    }
    return results;
  }

  template <class F>
  static void visit(Type type, F&& action) {
    switch (type) {
      case Type::float32:
        return action(float{});
      case Type::int32:
        return action(int32_t{});
      case Type::int64:
        return action(int64_t{});
      case Type::boolean:
        return action(uint8_t{});
      default:
        ADD_FAILURE() << "ports of this type are not expected here";
    }
  }
  static void write_numbers(Type type, const Numbers& numbers, Span<uint8_t> memory) {
    visit(type, [&](auto zero) {
      ASSERT_EQ(memory.size, numbers.size() * sizeof zero);
      for (size_t i = 0; i < numbers.size(); ++i) {
        auto element = static_cast<decltype(zero)>(numbers[i]);
        memcpy(memory.data + i * sizeof element, &element, sizeof element);
      }
    });
  }
  static Numbers read_numbers(Type type, Span<const uint8_t> memory) {
    Numbers numbers;
    visit(type, [&](auto element) {
      for (size_t at = 0; at < memory.size; at += sizeof element) {
        memcpy(&element, memory.data + at, sizeof element);
        numbers.push_back(static_cast<double>(element));
      }
    });
    return numbers;
  }

  AlignedBytes bytes_;
};

}  // namespace mote::test
