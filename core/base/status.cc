// The one place where an error becomes text.
#include "mote/status.h"

#include "base/operator_names.h"

namespace mote {

Status error(Code code, int64_t expected, int64_t found, const char* name) {
  Status s;
  s.code = code;
  s.a = expected;
  s.b = found;
  s.name = name;
  return s;
}

namespace {

constexpr const char* kTexts[] = {
#define MOTE_STATUS_TEXT(name, text) text,
    MOTE_STATUS_CODES(MOTE_STATUS_TEXT)
#undef MOTE_STATUS_TEXT
};

// Appends to a buffer and counts what would not fit, as snprintf does; no libc needed.
class Writer {
 public:
  Writer(char* text, size_t capacity) : text_(text), capacity_(capacity) {}
  void put(char c) {
    if (length_ + 1 < capacity_) text_[length_] = c;
    ++length_;
  }
  void put(const char* s) {
    while (*s != '\0') put(*s++);
  }
  void put(int64_t n) {
    char digits[20];
    int count = 0;
    uint64_t m = n < 0 ? 0 - static_cast<uint64_t>(n) : static_cast<uint64_t>(n);
    if (n < 0) put('-');
    do digits[count++] = static_cast<char>('0' + m % 10);
    while ((m /= 10) != 0);
    while (count > 0) put(digits[--count]);
  }
  size_t finish() {
    if (capacity_ > 0) text_[length_ < capacity_ ? length_ : capacity_ - 1] = '\0';
    return length_;
  }

 private:
  char* text_;
  size_t capacity_;
  size_t length_ = 0;
};

void put_place(Writer& out, const Status& s) {
  const char* separator = "";
  auto part = [&](const char* word, int32_t index) {
    if (index < 0) return;
    out.put(separator);
    out.put(word);
    out.put(static_cast<int64_t>(index));
    separator = ", ";
  };
  part("graph ", s.place.graph);
  part("operator ", s.place.op);
  if (s.op_code != 0) {
    out.put(" (");
    out.put(operator_name(s.op_code));
    out.put(")");
  }
  part("tensor ", s.place.tensor);
  if (*separator != '\0') out.put(": ");
}

}  // namespace

size_t describe(const Status& status, char* text, size_t capacity) {
  Writer out(text, capacity);
  put_place(out, status);
  const char* t = status.code < Code::count_ ? kTexts[static_cast<size_t>(status.code)] : "unknown";
  for (; *t != '\0'; ++t) {
    if (t[0] == '{' && t[1] != '\0' && t[2] == '}') {
      if (t[1] == 's') {
        out.put(status.name != nullptr ? status.name : "?");
      } else {
        out.put(t[1] == 'a' ? status.a : status.b);
      }
      t += 2;
    } else {
      out.put(*t);
    }
  }
  return out.finish();
}

}  // namespace mote
