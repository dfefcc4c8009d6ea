#include "source_runtime.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "elements.h"
#include "failure.h"
#include "files.h"
#include "npy.h"

namespace mote::tool {
namespace {

// Reads inK_I.npy of the folder and writes outK_O.npy. Exit codes: 3, the runtime is missing; 4, it
// refuses the model.
constexpr const char* kScript = R"PY(
import sys
model, folder, cases, inputs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
try:
    import numpy as np
    with open(model, "rb") as f:
        head = f.read(8)
    tflite = head[4:8] == b"TFL3"
    if tflite:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError:
            from tensorflow.lite import Interpreter
    else:
        import onnxruntime
except ImportError as missing:
    print(missing, file=sys.stderr)
    sys.exit(3)

def runs():
    for k in range(cases):
        yield k, [np.load(f"{folder}/in{k}_{i}.npy") for i in range(inputs)]

try:
    if tflite:
        net = Interpreter(model_path=model)
        for k, arrays in runs():
            for d, a in zip(net.get_input_details(), arrays):
                if tuple(d["shape"]) != a.shape:
                    net.resize_tensor_input(d["index"], a.shape)
            net.allocate_tensors()
            net.reset_all_variables()
            for d, a in zip(net.get_input_details(), arrays):
                net.set_tensor(d["index"], a)
            net.invoke()
            for o, d in enumerate(net.get_output_details()):
                np.save(f"{folder}/out{k}_{o}.npy", np.ascontiguousarray(net.get_tensor(d["index"])))
    else:
        net = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        names = [i.name for i in net.get_inputs()]
        for k, arrays in runs():
            for o, a in enumerate(net.run(None, dict(zip(names, arrays)))):
                np.save(f"{folder}/out{k}_{o}.npy", np.ascontiguousarray(a))
except Exception as failed:
    print(failed, file=sys.stderr)
    sys.exit(4)
)PY";

// Removed with everything in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mote-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) bad_input(pattern + ": cannot be created");
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(const char* kind, size_t run, size_t port) const {
    return path_ + "/" + kind + std::to_string(run) + "_" + std::to_string(port) + ".npy";
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// No shell: names of files are no commands. Standard output goes to standard error.
int run_python(const std::vector<std::string>& arguments) {
  const char* given = std::getenv("MOTE_PYTHON");
  const std::string python = given == nullptr ? "python3" : given;
  std::vector<char*> argv = {const_cast<char*>(python.c_str()), const_cast<char*>("-c"),
                             const_cast<char*>(kScript)};
  for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) bad_input("no process for " + python);
  if (child == 0) {
    dup2(STDERR_FILENO, STDOUT_FILENO);
    execvp(python.c_str(), argv.data());
    _exit(3);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) bad_input(python + " was lost");
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 4;
}

ReferenceTensor random_tensor(const Port& port, const Shape& shape, std::mt19937_64& random) {
  ReferenceTensor tensor;
  tensor.name = port.name;
  tensor.type = port.info->type;
  tensor.shape = shape;
  const auto count = static_cast<size_t>(shape.elements());
  tensor.bytes.resize(count * type_bytes(tensor.type));
  std::normal_distribution<double> normal;
  std::uniform_int_distribution<int> byte(-128, 127), bit(0, 1);
  std::vector<double> values(count);
  for (double& v : values) {
    switch (tensor.type) {
      case Type::int8:
        v = byte(random);
        break;
      case Type::uint8:
        v = byte(random) + 128;
        break;
      case Type::int16:
        v = byte(random) * 256;
        break;
      case Type::int32:
      case Type::int64:
      case Type::boolean:
        v = bit(random);
        break;
      default:
        v = static_cast<double>(static_cast<float>(normal(random)));
    }
  }
  store_values(tensor.type, values, tensor.bytes.data());
  return tensor;
}

void read_outputs(const TemporaryFolder& folder, size_t run, size_t outputs, ReferenceCase& out) {
  for (size_t o = 0; o < outputs; ++o) {
    const std::string path = folder.file("out", run, o);
    const Bytes bytes = read_file(path);
    const NpyArray array = parse_npy(span_of(bytes), path);
    ReferenceTensor tensor;
    tensor.type = array.type;
    tensor.shape = array.shape;
    tensor.bytes.assign(array.data.begin(), array.data.end());
    out.outputs.push_back(std::move(tensor));
  }
}

}  // namespace

ReferenceSet random_inputs(const Runner& runner, size_t cases) {
  std::mt19937_64 random(1);
  ReferenceSet set;
  set.cases.resize(cases);
  for (ReferenceCase& c : set.cases)
    for (const Port& port : runner.inputs())
      c.inputs.push_back(random_tensor(port, port.info->bounds.max(), random));
  return set;
}

void run_source(const std::string& model, const Runner& runner, ReferenceSet& set) {
  const TemporaryFolder folder;
  for (size_t k = 0; k < set.cases.size(); ++k) {
    for (size_t i = 0; i < set.cases[k].inputs.size(); ++i) {
      const ReferenceTensor& t = set.cases[k].inputs[i];
      write_file(folder.file("in", k, i), span_of(make_npy(t.type, t.shape, span_of(t.bytes))),
                 true);
    }
  }
  const int code = run_python({model, folder.path(), std::to_string(set.cases.size()),
                               std::to_string(set.cases.at(0).inputs.size())});
  if (code == 3)
    bad_input("--verify-with-source needs Python with numpy and " +
              std::string(extension(model) == ".onnx" ? "onnxruntime" : "ai-edge-litert") +
              " (pip install); MOTE_PYTHON names the interpreter");
  if (code != 0) bad_input(model + ": its own runtime fails (above)");
  for (size_t k = 0; k < set.cases.size(); ++k)
    read_outputs(folder, k, runner.outputs().size(), set.cases[k]);
}

}  // namespace mote::tool
