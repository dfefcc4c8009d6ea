// How the tool gives up: an exception with the exit code and the text for standard error.
#pragma once

#include <stdexcept>
#include <string>

#include "mote/model.h"

namespace mote::tool {

// Documented in README.md; other programs rely on them.
enum ExitCode : int { kDone = 0, kCheckFailed = 1, kWrongUse = 2, kBadInput = 3 };

class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

[[noreturn]] void wrong_use(const std::string& text);
[[noreturn]] void bad_input(const std::string& text);

// The library's text, with the names that `model` (may be null) gives to the place.
std::string text_of(const Status& status, const Model* model = nullptr);

// Throws Failure(kBadInput) "subject: text" for an error.
void require(const Status& status, const std::string& subject, const Model* model = nullptr);

template <class T>
T require(Result<T> result, const std::string& subject, const Model* model = nullptr) {
  require(result.status(), subject, model);
  return static_cast<T&&>(result.value());
}

}  // namespace mote::tool
