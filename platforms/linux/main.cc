// The command-line tool `mote`: parsing, exit codes and error output.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <numeric>
#include <string>
#include <vector>

#include "commands.h"
#include "failure.h"
#include "text.h"
#include "version.h"

namespace mote::tool {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 done, 1 a check failed, 2 wrong use, 3 bad input.\n"
    "'mote COMMAND --help' shows options and examples.";

// Levenshtein's distance with one row.
size_t distance(const std::string& a, const std::string& b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above + 1, row[j - 1] + 1});
      diagonal = above;
    }
  }
  return row[b.size()];
}

void require_known_command(const CLI::App& application, const std::string& word) {
  if (word.empty() || word[0] == '-') return;
  std::string nearest;
  size_t best = 3;  // more edits than two are no slip of the fingers
  for (const CLI::App* command : application.get_subcommands(nullptr)) {
    const size_t d = distance(word, command->get_name());
    if (d < best) nearest = command->get_name();
    best = std::min(best, d);
  }
  if (best == 0) return;
  wrong_use("'" + word + "' is no command" +
            (nearest.empty() ? "; see 'mote --help'" : "; did you mean '" + nearest + "'?"));
}

void add_help(CLI::App& application, std::string& topic) {
  CLI::App* command = application.add_subcommand("help", "Show help for a command");
  command->add_option("COMMAND", topic, "The command");
  command->callback([&application, &topic] {
    if (!topic.empty()) require_known_command(application, topic);
    std::cout << (topic.empty() ? application.help()
                                : application.get_subcommand(topic)->help(application.get_name()));
  });
}

int report(const std::string& text, ExitCode code) {
  std::cout.flush();
  std::cerr << "mote: error: " << plain(text) << "\n";
  return code;
}

int finish() {
  std::cout.flush();
  return std::cout.good() ? kDone : report("standard output cannot be written", kBadInput);
}

int run(int count, char** arguments) {
  CLI::App application("Trains, converts, checks, runs and measures neural networks for devices.",
                       "mote");
  application.set_version_flag("--version", std::string("mote ") + kVersion);
  application.require_subcommand(1);
  application.footer(kFooter);
  add_train(application);
  add_eval(application);
  add_convert(application);
  add_quantize(application);
  add_verify(application);
  add_run(application);
  add_bench(application);
  add_inspect(application);
  add_doctor(application);
  std::string topic;
  add_help(application, topic);
  try {
    if (count > 1) require_known_command(application, arguments[1]);
    application.parse(count, arguments);
  } catch (const CLI::ParseError& failure) {
    if (failure.get_exit_code() == 0) {  // --help, --version
      application.exit(failure);
      return finish();
    }
    const auto chosen = application.get_subcommands();
    const std::string command = chosen.empty() ? "" : chosen[0]->get_name() + " ";
    return report(failure.what() + ("; see 'mote " + command + "--help'"), kWrongUse);
  }
  return finish();
}

}  // namespace
}  // namespace mote::tool

int main(int count, char** arguments) {
  using namespace mote::tool;
  try {
    return run(count, arguments);
  } catch (const Failure& failure) {
    return report(failure.what(), failure.code());
  } catch (const std::bad_alloc&) {
    return report("out of memory", kBadInput);
  } catch (const std::exception& failure) {
    return report(failure.what(), kBadInput);
  }
}
