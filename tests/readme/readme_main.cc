// Calls the README's example with the file named by the first argument.
#include <cstdio>

#include "mote/session.h"

mote::Status classify(const char* path, mote::Span<const float> pixels);

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const float pixels[1] = {};
  char text[256];
  describe(classify(arguments[1], {pixels, 1}), text, sizeof text);
  std::puts(text);
  return 0;
}
