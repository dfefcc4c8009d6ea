// runner MODEL.mote INPUT: the smallest program that runs one model from a mapped file. INPUT holds
// the raw bytes of the first input; the raw bytes of the first output go to standard output.
#include <string.h>
#include <unistd.h>

#include "mote/platform.h"
#include "mote/session.h"
#include "runner_operators.h"

namespace {

using mote::Result;
using mote::Span;
using mote::Status;

Status write_output(const mote::Session& session) {
  Result<Span<const uint8_t>> output = session.output(0, 0);
  if (!output.ok()) return output.status();
  ssize_t written = write(STDOUT_FILENO, output->data, output->size);
  return written < 0 ? mote::error(mote::Code::io_error) : Status{};
}

Status run(const char* model_path, const char* input_path) {
  Result<mote::MappedFile> file = mote::MappedFile::open(model_path);
  if (!file.ok()) return file.status();
  Result<mote::Model> model = mote::Model::load(file->bytes(), runner_operators());
  if (!model.ok()) return model.status();
  Result<mote::Plan> plan = mote::Plan::create(model.value());
  if (!plan.ok()) return plan.status();
  Result<mote::Session> session = mote::Session::create(plan.value());
  if (!session.ok()) return session.status();
  Result<mote::MappedFile> data = mote::MappedFile::open(input_path);
  if (!data.ok()) return data.status();
  Result<Span<uint8_t>> input = session->input(0, 0);
  if (!input.ok()) return input.status();
  if (data->bytes().size < input->size) return mote::error(mote::Code::buffer_size);
  memcpy(input->data, data->bytes().data, input->size);
  MOTE_TRY(session->run());
  return write_output(session.value());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  Status s = run(argv[1], argv[2]);
  if (s.ok()) return 0;
  // The texts of mote::describe would be a tenth of this program.
  const char* name = mote::code_name(s.code);
  return write(STDERR_FILENO, name, strlen(name)) < 0 ? 2 : 1;
}
