// What CustomOperator says of the source's attributes.
#include "import/custom/custom_call.h"

namespace mote {
namespace {

template <class T>
constexpr const char* kKind = "";
template <>
constexpr const char* kKind<int64_t> = "an integer";
template <>
constexpr const char* kKind<double> = "a number";
template <>
constexpr const char* kKind<std::string> = "a text";
template <>
constexpr const char* kKind<std::vector<int64_t>> = "a list of integers";
template <>
constexpr const char* kKind<std::vector<double>> = "a list of numbers";

// Integers are also numbers.
template <class T>
bool read(const CustomAttribute& attribute, T* out) {
  if (const T* exact = std::get_if<T>(&attribute.value)) {
    *out = *exact;
    return true;
  }
  if constexpr (std::is_same_v<T, double>) {
    if (const int64_t* i = std::get_if<int64_t>(&attribute.value)) {
      *out = static_cast<double>(*i);
      return true;
    }
  }
  if constexpr (std::is_same_v<T, std::vector<double>>) {
    if (const auto* list = std::get_if<std::vector<int64_t>>(&attribute.value)) {
      out->assign(list->begin(), list->end());
      return true;
    }
  }
  return false;
}

template <class T>
T attribute_of(CustomOperator& c, const CustomCall& call, const char* name, T fallback) {
  auto it = call.attributes.find(name);
  if (it == call.attributes.end()) return fallback;
  T value;
  if (read(it->second, &value)) return value;
  if (!c.failed()) c.fail(std::string("attribute '") + name + "' is not " + kKind<T>);
  return fallback;
}

}  // namespace

bool CustomOperator::has(const char* name) const { return impl_.call.attributes.count(name) != 0; }

int64_t CustomOperator::integer(const char* name, int64_t fallback) {
  return attribute_of(*this, impl_.call, name, fallback);
}
double CustomOperator::real(const char* name, double fallback) {
  return attribute_of(*this, impl_.call, name, fallback);
}
std::string CustomOperator::text(const char* name, const std::string& fallback) {
  return attribute_of(*this, impl_.call, name, fallback);
}
std::vector<int64_t> CustomOperator::integers(const char* name) {
  return attribute_of(*this, impl_.call, name, std::vector<int64_t>());
}
std::vector<double> CustomOperator::reals(const char* name) {
  return attribute_of(*this, impl_.call, name, std::vector<double>());
}

CustomValue CustomOperator::tensor_attribute(const char* name) {
  if (failed() || !impl_.call.tensor_attribute) return {};
  std::optional<ir::Value> value = impl_.call.tensor_attribute(name);
  return value ? CustomValue{impl_.graph.add_value(std::move(*value))} : CustomValue{};
}

}  // namespace mote
