// A small thread pool on pthreads. Workers and the caller claim tiles by counting `remaining` down;
// everything else of a loop is read only after a claim, while the caller cannot leave it. A worker
// that wakes late therefore finds nothing to claim, or a tile of the next loop, and both are right.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <new>

#include "mote/platform.h"

namespace mote {
namespace {

// About the cost of one sleep and wake-up: operators of a network follow each other faster, and
// waiting longer would take the processor from others.
constexpr int64_t kSpinNanoseconds = 30 * 1000;
// Pauses between two looks at the clock.
constexpr int kPauses = 16;

using Task = void (*)(void* argument, uint32_t i, uint32_t worker);

void pause_processor() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || (defined(__ARM_ARCH) && __ARM_ARCH >= 7)
  asm volatile("yield");
#endif
}

int64_t now_nanoseconds() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<int64_t>(t.tv_sec) * 1000000000 + t.tv_nsec;
}

uint32_t load(const uint32_t& word) { return __atomic_load_n(&word, __ATOMIC_SEQ_CST); }
void store(uint32_t& word, uint32_t value) { __atomic_store_n(&word, value, __ATOMIC_SEQ_CST); }

}  // namespace

struct ThreadPoolWorker {
  ThreadPoolImpl* pool = nullptr;
  pthread_t thread = {};
  uint32_t index = 0;  // 0 is the caller of parallel_for
};

struct ThreadPoolImpl {  // NOLINT(clang-analyzer-optin.performance.Padding): cache lines
  // Written by the caller before `remaining`, read by workers after a claim.
  Task task;
  void* argument;
  uint32_t count;

  // On lines of their own: the two counters that all threads write.
  alignas(64) uint32_t remaining;   // tiles that nobody has claimed
  alignas(64) uint32_t unfinished;  // tiles that have not returned
  alignas(64) uint32_t sleeping_workers;
  uint32_t sleeping_caller;
  uint32_t stopping;

  pthread_mutex_t mutex;
  pthread_cond_t work;  // `remaining` or `stopping` has become non-zero
  pthread_cond_t done;  // `unfinished` has become zero
  int64_t spin_nanoseconds;
  uint32_t threads;
  uint32_t started;  // of the entries of `workers`
  ThreadPoolWorker workers[kMaxThreads];
};

namespace {

// Claims and runs tiles until there are none.
void work_off(ThreadPoolImpl& pool, uint32_t worker) {
  uint32_t left = load(pool.remaining);
  while (left != 0) {
    if (!__atomic_compare_exchange_n(&pool.remaining, &left, left - 1, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST)) {
      continue;
    }
    pool.task(pool.argument, pool.count - left, worker);
    const bool last = __atomic_sub_fetch(&pool.unfinished, 1, __ATOMIC_SEQ_CST) == 0;
    if (last && load(pool.sleeping_caller) != 0) {
      pthread_mutex_lock(&pool.mutex);
      pthread_cond_signal(&pool.done);
      pthread_mutex_unlock(&pool.mutex);
    }
    left = load(pool.remaining);
  }
}

template <class Condition>
bool spin(const ThreadPoolImpl& pool, Condition reached) {
  if (reached()) return true;
  if (pool.spin_nanoseconds == 0) return false;
  const int64_t end = now_nanoseconds() + pool.spin_nanoseconds;
  do {
    for (int i = 0; i < kPauses; ++i) {
      if (reached()) return true;
      pause_processor();
    }
  } while (now_nanoseconds() < end);
  return reached();
}

void wait_for_work(ThreadPoolImpl& pool) {
  const auto reached = [&] { return load(pool.remaining) != 0 || load(pool.stopping) != 0; };
  if (spin(pool, reached)) return;
  pthread_mutex_lock(&pool.mutex);
  // Sequential consistency: either the caller sees this or we see its tiles.
  store(pool.sleeping_workers, pool.sleeping_workers + 1);
  while (!reached()) pthread_cond_wait(&pool.work, &pool.mutex);
  store(pool.sleeping_workers, pool.sleeping_workers - 1);
  pthread_mutex_unlock(&pool.mutex);
}

void wait_until_done(ThreadPoolImpl& pool) {
  const auto reached = [&] { return load(pool.unfinished) == 0; };
  if (spin(pool, reached)) return;
  pthread_mutex_lock(&pool.mutex);
  store(pool.sleeping_caller, 1);
  while (!reached()) pthread_cond_wait(&pool.done, &pool.mutex);
  store(pool.sleeping_caller, 0);
  pthread_mutex_unlock(&pool.mutex);
}

void wake_workers(ThreadPoolImpl& pool) {
  if (load(pool.sleeping_workers) == 0) return;
  pthread_mutex_lock(&pool.mutex);
  pthread_cond_broadcast(&pool.work);
  pthread_mutex_unlock(&pool.mutex);
}

void parallel_for(void* context, uint32_t count, Task task, void* argument) {
  auto& pool = *static_cast<ThreadPoolImpl*>(context);
  if (count <= 1 || pool.threads == 1) {
    for (uint32_t i = 0; i < count; ++i) task(argument, i, 0);
    return;
  }
  pool.task = task;
  pool.argument = argument;
  pool.count = count;
  store(pool.unfinished, count);
  store(pool.remaining, count);
  wake_workers(pool);
  work_off(pool, 0);
  wait_until_done(pool);
}

void* worker_main(void* argument) {
  auto& worker = *static_cast<ThreadPoolWorker*>(argument);
  while (load(worker.pool->stopping) == 0) {
    wait_for_work(*worker.pool);
    work_off(*worker.pool, worker.index);
  }
  return nullptr;
}

void destroy(ThreadPoolImpl* pool) {
  if (pool == nullptr) return;
  store(pool->stopping, 1);
  wake_workers(*pool);
  for (uint32_t i = 0; i < pool->started; ++i) pthread_join(pool->workers[i].thread, nullptr);
  pthread_cond_destroy(&pool->done);
  pthread_cond_destroy(&pool->work);
  pthread_mutex_destroy(&pool->mutex);
  free(pool);
}

// Zero, or the system's error.
int start_workers(ThreadPoolImpl& pool) {
  // Signals are for the application's own threads.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int failed = 0;
  while (failed == 0 && pool.started + 1 < pool.threads) {
    ThreadPoolWorker& worker = pool.workers[pool.started];
    worker.pool = &pool;
    worker.index = pool.started + 1;
    failed = pthread_create(&worker.thread, nullptr, worker_main, &worker);
    if (failed == 0) ++pool.started;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return failed;
}

}  // namespace

OwnedThreadPool& OwnedThreadPool::operator=(OwnedThreadPool&& other) noexcept {
  if (this != &other) {
    destroy(impl_);
    impl_ = other.impl_;
    other.impl_ = nullptr;
  }
  return *this;
}

OwnedThreadPool::~OwnedThreadPool() { destroy(impl_); }

Result<OwnedThreadPool> OwnedThreadPool::create(uint32_t threads) {
  if (threads == 0) return error(Code::invalid_argument, 1, 0, "threads");
  if (threads > kMaxThreads) return error(Code::too_many_threads, kMaxThreads, threads);
  void* memory = nullptr;
  if (posix_memalign(&memory, alignof(ThreadPoolImpl), sizeof(ThreadPoolImpl)) != 0) {
    return error(Code::out_of_memory, 0, sizeof(ThreadPoolImpl));
  }
  auto* pool = new (memory) ThreadPoolImpl();
  pool->threads = threads;
  // With fewer processors than threads, spinning would keep the thread that is waited for away.
  pool->spin_nanoseconds =
      sysconf(_SC_NPROCESSORS_ONLN) >= static_cast<long>(threads) ? kSpinNanoseconds : 0;
  pthread_mutex_init(&pool->mutex, nullptr);
  pthread_cond_init(&pool->work, nullptr);
  pthread_cond_init(&pool->done, nullptr);
  OwnedThreadPool owner;
  owner.impl_ = pool;
  if (const int failed = start_workers(*pool); failed != 0) {
    return error(Code::io_error, 0, failed);
  }
  return owner;
}

ThreadPool OwnedThreadPool::callbacks() const {
  ThreadPool callbacks;
  if (impl_ == nullptr) return callbacks;
  callbacks.context = impl_;
  callbacks.threads = impl_->threads;
  callbacks.parallel_for = parallel_for;
  return callbacks;
}

}  // namespace mote
