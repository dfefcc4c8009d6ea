#include "inspect_json.h"

#include "failure.h"
#include "step_text.h"

namespace mote::tool {
namespace {

Json shape_json(const ShapeBounds& bounds) {
  Json list = Json::array();
  for (int i = 0; i < bounds.rank; ++i) {
    const Dim& dim = bounds.dims[i];
    list.push_back(dim.is_static() ? Json(dim.min) : Json({{"min", dim.min}, {"max", dim.max}}));
  }
  return list;
}

Json tensor_json(const TensorInfo& info) {
  constexpr const char* kKinds[] = {"activation", "constant", "state"};
  Json json = {{"name", info.name},
               {"kind", kKinds[static_cast<size_t>(info.kind)]},
               {"type", type_name(info.type)},
               {"shape", shape_json(info.bounds)},
               {"max_bytes", info.max_bytes}};
  const Quantization& q = info.quantization;
  if (q.quantized()) {
    json["quantization"] = {{"scales", std::vector<float>(q.scales, q.scales + q.scale_count)},
                            {"zero_points", Json::array()},
                            {"axis", q.axis}};
    for (uint32_t i = 0; i < q.scale_count; ++i) {
      json["quantization"]["zero_points"].push_back(q.zero_point(i));
    }
  }
  return json;
}

Json ports_json(Span<const PortInfo> list) {
  Json json = Json::array();
  for (const PortInfo& port : list) {
    json.push_back({{"name", port.name}, {"tensor", port.tensor}});
  }
  return json;
}

Json entry_points_json(const Model& model) {
  Json list = Json::array();
  for (uint32_t i = 0; i < model.entry_point_count(); ++i) {
    const EntryPointInfo& entry = model.entry_point(i);
    Json json = {{"name", entry.name},
                 {"available", entry.availability.ok()},
                 {"inputs", ports_json(entry.inputs)},
                 {"outputs", ports_json(entry.outputs)}};
    if (!entry.availability.ok()) json["reason"] = text_of(entry.availability, &model);
    list.push_back(json);
  }
  return list;
}

Json steps_json(const Runner& runner) {
  const Model& model = runner.model();
  Json list = Json::array();
  for (const StepInfo& step : runner.plan().steps(runner.entry_point())) {
    const OperatorInfo info = model.operator_info(step.op);
    list.push_back({{"op", info.name},
                    {"name", step_name(model, info)},
                    {"kernel", step.kernel},
                    {"inputs", std::vector<int32_t>(info.inputs.begin(), info.inputs.end())},
                    {"outputs", std::vector<int32_t>(info.outputs.begin(), info.outputs.end())},
                    {"scratch_bytes", step.scratch_bytes},
                    {"packed_bytes", step.packed_bytes}});
  }
  return list;
}

Json memory_json(const Runner& runner, uint64_t model_bytes) {
  const PlanReport& report = runner.plan().report();
  Json json = {{"arena_bytes", report.arena_bytes},
               {"peak_live_bytes", report.peak_live_bytes},
               {"peak_step", report.peak_step},
               {"activation_bytes", report.activation_bytes},
               {"scratch_bytes", report.scratch_bytes},
               {"packed_bytes", report.packed_bytes},
               {"state_bytes", report.state_bytes},
               {"constant_bytes", report.constant_bytes},
               {"model_bytes", model_bytes},
               {"plan_bytes", report.plan_bytes},
               {"session_bytes", report.session_bytes},
               {"buffers", Json::array()}};
  for (const PlannedBuffer& buffer : runner.plan().buffers()) {
    json["buffers"].push_back({{"offset", buffer.offset},
                               {"bytes", buffer.bytes},
                               {"first_step", buffer.first_step},
                               {"last_step", buffer.last_step},
                               {"tensor", buffer.tensor}});
  }
  return json;
}

}  // namespace

Json inspect_json(const LoadedModel& loaded, const Runner& runner) {
  const Model& model = loaded.model;
  Json tensors = Json::array();
  for (uint32_t i = 0; i < model.tensor_count(); ++i) {
    tensors.push_back(tensor_json(model.tensor(i)));
  }
  return {{"file_bytes", loaded.file_bytes},
          {"converted", loaded.converted},
          {"producer", model.producer()},
          {"entry_points", entry_points_json(model)},
          {"entry_point", model.entry_point(runner.entry_point()).name},
          {"isa", isa_name(runner.plan().isa())},
          {"threads", runner.plan().options().threads},
          {"tensors", tensors},
          {"steps", steps_json(runner)},
          {"memory", memory_json(runner, model.memory_bytes())}};
}

}  // namespace mote::tool
