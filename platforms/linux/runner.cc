#include "runner.h"

#include <algorithm>

#include "clock.h"
#include "failure.h"
#include "text.h"

namespace mote::tool {
namespace {

std::string entry_point_names(const Model& model) {
  std::string names;
  for (uint32_t i = 0; i < model.entry_point_count(); ++i) {
    names += (i == 0 ? "" : ", ") + std::string(model.entry_point(i).name);
  }
  return names;
}

const Port& find_port(const std::vector<Port>& ports, const std::string& name) {
  const auto found =
      std::find_if(ports.begin(), ports.end(), [&](const Port& p) { return p.name == name; });
  if (found != ports.end()) return *found;
  std::string names;
  for (const Port& port : ports) names += " '" + port.name + "'";
  wrong_use("--shape: no input is named '" + name + "'; there are:" + names);
}

}  // namespace

uint32_t choose_entry_point(const LoadedModel& loaded, const std::string& name) {
  const Model& model = loaded.model;
  if (!name.empty()) {
    const Result<uint32_t> found = model.find_entry_point(name.c_str());
    if (!found.ok()) {
      wrong_use("--entry-point " + name + ": " + loaded.subject + " has " +
                entry_point_names(model));
    }
    require(model.entry_point(found.value()).availability, loaded.subject, &model);
    return found.value();
  }
  const Result<uint32_t> infer = model.find_entry_point("infer");
  if (infer.ok() && model.entry_point(infer.value()).availability.ok()) return infer.value();
  for (uint32_t i = 0; i < model.entry_point_count(); ++i) {
    if (model.entry_point(i).availability.ok()) return i;
  }
  require(model.entry_point(0).availability, loaded.subject, &model);
  return 0;
}

std::vector<Port> ports(const Model& model, Span<const PortInfo> list) {
  std::vector<Port> result;
  for (const PortInfo& port : list) {
    result.push_back({static_cast<uint32_t>(result.size()), port.name, &model.tensor(port.tensor)});
  }
  return result;
}

Runner::Runner(const LoadedModel& loaded, const ModelOptions& options, Profiler profiler)
    : loaded_(loaded) {
  const Model& model = loaded.model;
  entry_point_ = choose_entry_point(loaded, options.entry_point);
  inputs_ = ports(model, model.entry_point(entry_point_).inputs);
  outputs_ = ports(model, model.entry_point(entry_point_).outputs);

  const Clock clock;
  PlanOptions plan_options;
  plan_options.isa = parse_isa(options.isa);
  plan_options.threads = options.threads;
  plan_options.reference_only = options.reference;
  plan_ = require(Plan::create(model, {&entry_point_, 1}, plan_options), loaded.subject, &model);

  SessionOptions session_options;
  session_options.profiler = profiler;
  if (options.threads > 1) {
    pool_ = require(OwnedThreadPool::create(options.threads), "threads");
    session_options.pool = pool_.callbacks();
  }
  session_ = require(Session::create(plan_, session_options), loaded.subject, &model);
  create_us_ = clock.microseconds();

  if (loaded.converted) return;
  for (const auto& [name, bounds] : parse_shapes(options.source.shapes)) {
    if (!bounds.is_static()) wrong_use("--shape " + name + ": a range is for converting only");
    set_shape(find_port(inputs_, name), bounds.max());
  }
}

std::string Runner::subject(const Port& port) const {
  return loaded_.subject + ", '" + port.name + "'";
}

Shape Runner::input_shape(const Port& port) const {
  return require(session_.input_shape(entry_point_, port.index), subject(port));
}

Shape Runner::output_shape(const Port& port) const {
  return require(session_.output_shape(entry_point_, port.index), subject(port));
}

Span<uint8_t> Runner::input(const Port& port) {
  return require(session_.input(entry_point_, port.index), subject(port));
}

Span<const uint8_t> Runner::output(const Port& port) const {
  return require(session_.output(entry_point_, port.index), subject(port));
}

void Runner::set_shape(const Port& port, const Shape& shape) {
  if (input_shape(port) == shape) return;
  require(session_.set_shape(entry_point_, port.index, shape),
          subject(port) + ": shape " + text_of(shape) + " where the model has " +
              text_of(port.info->bounds),
          &loaded_.model);
}

void Runner::run() { require(session_.run(entry_point_), loaded_.subject, &loaded_.model); }

}  // namespace mote::tool
