// The subcommands; each in a file of its name.
#pragma once

#include <CLI/CLI.hpp>

namespace mote::tool {

// Adds a subcommand to the application; its callback does the work and throws Failure.
void add_train(CLI::App& application);
void add_eval(CLI::App& application);
void add_convert(CLI::App& application);
void add_quantize(CLI::App& application);
void add_verify(CLI::App& application);
void add_run(CLI::App& application);
void add_bench(CLI::App& application);
void add_inspect(CLI::App& application);
void add_doctor(CLI::App& application);

}  // namespace mote::tool
