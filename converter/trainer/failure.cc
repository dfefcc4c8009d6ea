#include "trainer/failure.h"

#include "ir/op_view.h"

namespace mote {
namespace {

// One line each, without the last line's end.
std::string lines(const std::vector<Diagnostic>& diagnostics) {
  std::string text = diagnostics_text(diagnostics);
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace

TrainingError::TrainingError(Kind kind, std::vector<Diagnostic> diagnostics)
    : std::runtime_error(lines(diagnostics)), kind_(kind), diagnostics_(std::move(diagnostics)) {}

namespace trainer {

void bad_input(std::string where, std::string what, std::string remedy) {
  throw TrainingError(TrainingError::Kind::bad_input,
                      {{std::move(where), std::move(what), std::move(remedy)}});
}

void wrong_use(std::string where, std::string what, std::string remedy) {
  throw TrainingError(TrainingError::Kind::wrong_use,
                      {{std::move(where), std::move(what), std::move(remedy)}});
}

void require(const Diagnostics& diagnostics) {
  if (!diagnostics.empty()) throw TrainingError(TrainingError::Kind::bad_input, diagnostics.list());
}

void require(const Status& status, const std::string& where) {
  if (!status.ok()) bad_input(where, ir::describe_status(status));
}

}  // namespace trainer
}  // namespace mote
