// Prints CLASSES.md.
#include <cstdio>

#include "classes.h"

int main() { return fputs(mote::test::classes_table().c_str(), stdout) < 0 ? 1 : 0; }
