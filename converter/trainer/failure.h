// Giving up with one or all reasons.
#pragma once

#include <string>

#include "diagnostics.h"
#include "mote/trainer.h"

namespace mote::trainer {

[[noreturn]] void bad_input(std::string where, std::string what, std::string remedy = {});
[[noreturn]] void wrong_use(std::string where, std::string what, std::string remedy = {});
// Throws bad_input when there are any.
void require(const Diagnostics& diagnostics);
// Throws bad_input with the library's text.
void require(const Status& status, const std::string& where);
template <class T>
T require(Result<T> result, const std::string& where) {
  require(result.status(), where);
  return static_cast<T&&>(result.value());
}

}  // namespace mote::trainer
