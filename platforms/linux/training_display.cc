#include "training_display.h"

#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "text.h"

namespace mote::tool {
namespace {

constexpr int kBarWidth = 30;

int64_t tenths() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 10 + now.tv_nsec / 100000000;
}

}  // namespace

std::string duration_text(double seconds) {
  auto s = static_cast<long long>(seconds + 0.5);
  char text[32];
  if (s >= 3600) {
    snprintf(text, sizeof text, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
  } else {
    snprintf(text, sizeof text, "%lld:%02lld", s / 60, s % 60);
  }
  return text;
}

TrainingDisplay::TrainingDisplay(std::ostream& lines)
    : lines_(lines), terminal_(isatty(STDERR_FILENO) != 0) {}

void TrainingDisplay::show(const TrainingProgress& progress) {
  switch (progress.event) {
    case TrainingProgress::Event::planned:
      return show_plan(*progress.memory);
    case TrainingProgress::Event::resumed:
      lines_ << "resumed in epoch " << progress.epoch << " after step " << progress.step << " of "
             << progress.steps << std::endl;
      return;
    case TrainingProgress::Event::step:
      return show_bar(progress);
    case TrainingProgress::Event::epoch_done:
      return show_epoch(progress);
  }
}

void TrainingDisplay::show_plan(const PlannedMemory& memory) {
  lines_ << "memory:";
  for (const PlannedMemory::Entry& entry : memory.entries) {
    lines_ << " " << entry.name << " " << bytes_text(entry.arena_bytes) << ",";
  }
  lines_ << " states " << bytes_text(memory.state_bytes);
  if (memory.packed_bytes > 0) lines_ << ", packed " << bytes_text(memory.packed_bytes);
  lines_ << std::endl;
}

void TrainingDisplay::show_epoch(const TrainingProgress& p) {
  clear();
  char text[192];
  snprintf(text, sizeof text,
           "epoch %lld/%lld: loss %.4f, accuracy %.2f %%; validation: loss %.4f, accuracy %.2f %%; "
           "%.1f s",
           static_cast<long long>(p.epoch), static_cast<long long>(p.epochs), p.record->loss,
           100 * p.record->accuracy, p.record->validation_loss, 100 * p.record->validation_accuracy,
           p.epoch_seconds);
  lines_ << text << std::endl;
}

void TrainingDisplay::show_bar(const TrainingProgress& p) {
  // Ten times a second is as fast as anyone reads, and costs nothing.
  const int64_t now = tenths();
  if (!terminal_ || now == shown_) return;
  shown_ = now;
  const auto filled = static_cast<size_t>(kBarWidth * p.step / p.steps);
  const std::string bar =
      std::string(filled, '#') + std::string(static_cast<size_t>(kBarWidth) - filled, '.');
  fprintf(stderr, "\r\033[K%lld/%lld [%s] %lld/%lld  loss %.4f  accuracy %.2f %%  %s left",
          static_cast<long long>(p.epoch), static_cast<long long>(p.epochs), bar.c_str(),
          static_cast<long long>(p.step), static_cast<long long>(p.steps), p.loss, 100 * p.accuracy,
          duration_text(p.seconds_left).c_str());
  fflush(stderr);
}

void TrainingDisplay::clear() {
  if (terminal_ && shown_ >= 0) fputs("\r\033[K", stderr);
}

}  // namespace mote::tool
