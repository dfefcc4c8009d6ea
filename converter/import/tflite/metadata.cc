#include "import/tflite/metadata.h"

#include <zip.h>

#include <algorithm>
#include <cmath>

#include "mote/trainer.h"
#include "tflite_metadata_generated.h"

namespace mote::tflite_import {
namespace {

namespace tfm = mote::tflite_metadata;

// Names of classes and texts for people; honest ones are far smaller.
constexpr uint64_t kMaxTextBytes = 1 << 20;

const tfm::ModelMetadata* find(const Source& source, ir::Bytes* aligned) {
  const auto* list = source.model().metadata();
  for (uint32_t i = 0; i < size_of(list); ++i) {
    Span<const uint8_t> data;
    if (text_of(list->Get(i)->name()) != "TFLITE_METADATA") continue;
    if (!source.buffer(list->Get(i)->buffer(), &data)) return nullptr;
    aligned->assign(data.begin(), data.end());
    flatbuffers::Verifier verifier(aligned->data(), aligned->size(), 16, 10000);
    if (data.size < 8 || !tfm::VerifyModelMetadataBuffer(verifier)) return nullptr;
    return tfm::GetModelMetadata(aligned->data());
  }
  return nullptr;
}

template <class Tensors>
const tfm::TensorMetadata* first(const Tensors* tensors) {
  return size_of(tensors) == 0 ? nullptr : tensors->Get(0);
}

// Ours is of pixel / 255.
std::vector<float> of_unit_range(const flatbuffers::Vector<float>& values) {
  std::vector<float> out(values.begin(), values.end());
  for (float& v : out) v /= 255;
  return out;
}

std::string normalization_of(const tfm::TensorMetadata& input) {
  for (uint32_t i = 0; i < size_of(input.process_units()); ++i) {
    const auto* n = input.process_units()->Get(i)->options_as_NormalizationOptions();
    if (n == nullptr || size_of(n->mean()) == 0 || size_of(n->std()) == 0) continue;
    // One per channel, of pictures with an alpha channel at most.
    if (n->mean()->size() > 4 || n->std()->size() > 4) continue;
    Normalization ours{of_unit_range(*n->mean()), of_unit_range(*n->std())};
    auto finite = [](float v) { return std::isfinite(v); };
    bool usable = std::all_of(ours.mean.begin(), ours.mean.end(), finite) &&
                  std::all_of(ours.deviation.begin(), ours.deviation.end(),
                              [&](float v) { return finite(v) && v != 0; });
    if (usable) return normalization_text(ours);
  }
  return {};
}

std::string sample_rate_of(const tfm::TensorMetadata& input) {
  const auto* sound = input.content() == nullptr
                          ? nullptr
                          : input.content()->content_properties_as_AudioProperties();
  return sound == nullptr || sound->sample_rate() == 0 ? "" : std::to_string(sound->sample_rate());
}

// The archive of associated files that is appended to the model.
class Archive {
 public:
  explicit Archive(Span<const uint8_t> file) {
    zip_source_t* bytes = zip_source_buffer_create(file.data, file.size, 0, nullptr);
    if (bytes == nullptr) return;
    zip_ = zip_open_from_source(bytes, ZIP_RDONLY, nullptr);
    if (zip_ == nullptr) zip_source_free(bytes);
  }
  ~Archive() {
    if (zip_ != nullptr) zip_discard(zip_);
  }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  std::string text(const std::string& name) const {
    zip_stat_t stat;
    if (zip_ == nullptr || zip_stat(zip_, name.c_str(), 0, &stat) != 0) return {};
    if ((stat.valid & ZIP_STAT_SIZE) == 0 || stat.size > kMaxTextBytes) return {};
    zip_file_t* file = zip_fopen(zip_, name.c_str(), 0);
    if (file == nullptr) return {};
    std::string text(stat.size, '\0');
    zip_int64_t read = zip_fread(file, text.data(), text.size());
    zip_fclose(file);
    return read == static_cast<zip_int64_t>(text.size()) ? text : std::string();
  }

 private:
  zip_t* zip_ = nullptr;
};

std::string labels_of(const tfm::TensorMetadata& output, Span<const uint8_t> file) {
  const auto* files = output.associated_files();
  for (uint32_t i = 0; i < size_of(files); ++i) {
    const tfm::AssociatedFile& f = *files->Get(i);
    bool labels = f.type() == tfm::AssociatedFileType::TENSOR_AXIS_LABELS ||
                  f.type() == tfm::AssociatedFileType::TENSOR_VALUE_LABELS;
    std::string text = labels ? Archive(file).text(text_of(f.name())) : "";
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace

std::map<std::string, std::string> read_metadata(const Source& source, Span<const uint8_t> file) {
  std::map<std::string, std::string> entries;
  ir::Bytes aligned;
  const tfm::ModelMetadata* metadata = find(source, &aligned);
  if (metadata == nullptr) return entries;
  entries["description"] = text_of(metadata->description());
  entries["author"] = text_of(metadata->author());
  entries["licence"] = text_of(metadata->license());
  if (size_of(metadata->subgraph_metadata()) != 0) {
    const tfm::SubGraphMetadata& graph = *metadata->subgraph_metadata()->Get(0);
    if (const auto* input = first(graph.input_tensor_metadata()); input != nullptr) {
      entries["normalization"] = normalization_of(*input);
      entries["sample_rate"] = sample_rate_of(*input);
    }
    if (const auto* output = first(graph.output_tensor_metadata()); output != nullptr)
      entries["labels"] = labels_of(*output, file);
  }
  std::erase_if(entries,
                [](const auto& e) { return e.second.empty() || e.second.size() > kMaxTextBytes; });
  return entries;
}

}  // namespace mote::tflite_import
