// One entry point of a model, ready to run: thread pool, plan and session.
#pragma once

#include <string>
#include <vector>

#include "loaded_model.h"
#include "mote/session.h"
#include "options.h"

namespace mote::tool {

// An input or output.
struct Port {
  uint32_t index = 0;
  std::string name;
  const TensorInfo* info = nullptr;
};

// Throws Failure: kWrongUse for an unknown name, kBadInput when nothing can run.
uint32_t choose_entry_point(const LoadedModel& loaded, const std::string& name);
std::vector<Port> ports(const Model& model, Span<const PortInfo> list);

class Runner {
 public:
  // Throws Failure. Keeps a reference to `loaded`. Applies --shape to models that were not
  // converted with it.
  Runner(const LoadedModel& loaded, const ModelOptions& options, Profiler profiler = {});

  const Model& model() const { return loaded_.model; }
  const Plan& plan() const { return plan_; }
  Session& session() { return session_; }
  uint32_t entry_point() const { return entry_point_; }
  double create_us() const { return create_us_; }  // plan and session
  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }

  Shape input_shape(const Port& port) const;
  Shape output_shape(const Port& port) const;
  Span<uint8_t> input(const Port& port);
  Span<const uint8_t> output(const Port& port) const;
  // Sets the shape where it differs. Throws Failure(kBadInput) outside the bounds.
  void set_shape(const Port& port, const Shape& shape);
  void run();

 private:
  std::string subject(const Port& port) const;

  const LoadedModel& loaded_;
  OwnedThreadPool pool_;
  Plan plan_;
  Session session_;
  uint32_t entry_point_ = 0;
  double create_us_ = 0;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
};

}  // namespace mote::tool
