// mote_conformance DATA EXPECTED [CASE...]: runs ONNX's test cases and holds the outcomes against a
// list of those that do not pass. With "-" for EXPECTED it prints such a list.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <set>

#include "run_case.h"

using namespace mote::conformance;

namespace {

struct Expectation {
  Verdict verdict = Verdict::passed;
  std::string reason;
  // Its expected output does not follow from its model: "data: why".
  bool is_defective = false;
};

// "node/test_x: reason", or "node/test_x: frozen"; '#' begins a comment line.
std::map<std::string, Expectation> read_expected(const char* path) {
  std::map<std::string, Expectation> list;
  std::ifstream stream(path);
  for (std::string line; std::getline(stream, line);) {
    size_t colon = line.find(": ");
    if (line.empty() || line[0] == '#' || colon == std::string::npos) continue;
    Expectation e{Verdict::unsupported, line.substr(colon + 2)};
    if (e.reason == "frozen") e.verdict = Verdict::frozen;
    e.is_defective = e.reason.rfind("data: ", 0) == 0;
    list[line.substr(0, colon)] = e;
  }
  return list;
}

struct Counts {
  int passed = 0, frozen = 0, unsupported = 0, wrong = 0;
  void add(Verdict v) {
    passed += v == Verdict::passed;
    frozen += v == Verdict::frozen;
    unsupported += v == Verdict::unsupported;
    wrong += v == Verdict::wrong;
  }
};

void print_counts(const char* name, const Counts& c) {
  printf("%-28s %5d passed %5d frozen %5d unsupported %5d wrong\n", name, c.passed, c.frozen,
         c.unsupported, c.wrong);
}

// The list's line of a case that does not pass.
void print_line(const std::string& name, const Outcome& o) {
  if (o.verdict == Verdict::passed) return;
  printf("%s: %s%s\n", name.c_str(), o.verdict == Verdict::wrong ? "WRONG " : "",
         o.verdict == Verdict::frozen ? "frozen" : o.reason.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s DATA EXPECTED|- [CASE...]\n", argv[0]);
    return 2;
  }
  const bool prints_list = strcmp(argv[2], "-") == 0;
  std::set<std::string> chosen(argv + 3, argv + argc);
  std::map<std::string, Expectation> expected;
  if (!prints_list) expected = read_expected(argv[2]);
  std::map<std::string, Counts> by_operator;
  Counts all;
  int failures = 0;
  for (const std::string& name : case_names(argv[1])) {
    if (!chosen.empty() && chosen.count(name) == 0) continue;
    const TestCase test_case = read_case(argv[1], name);
    Outcome outcome = run_case(test_case);
    if (outcome.verdict == Verdict::wrong && expected[name].is_defective)
      outcome.verdict = Verdict::unsupported;
    by_operator[test_case.subject()].add(outcome.verdict);
    all.add(outcome.verdict);
    if (prints_list) {
      print_line(name, outcome);
      continue;
    }
    const Verdict wanted = expected[name].verdict;
    if (outcome.verdict > wanted || outcome.verdict == Verdict::wrong) {
      printf("FAILED %s: %s\n", name.c_str(), outcome.reason.c_str());
      ++failures;
    } else if (outcome.verdict < wanted) {
      printf("better than listed: %s (%s)\n", name.c_str(), expected[name].reason.c_str());
    }
  }
  if (prints_list) return 0;
  for (const auto& [name, counts] : by_operator) print_counts(name.c_str(), counts);
  print_counts("all", all);
  // Without its data the test would pass for nothing.
  return failures == 0 && all.passed > 0 ? 0 : 1;
}
