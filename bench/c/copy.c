// What the machine's memory gives: N threads copy arrays larger than any cache. Run: ./copy THREADS MEGABYTES
// Prints one JSON line: bytes read plus bytes written a second, in GB, the best of some copies.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 12
static pthread_barrier_t barrier;
static char *from, *to;
static size_t part;

static void *work(void *argument) {
  size_t at = (size_t)argument * part;
  memset(to + at, 1, part);
  memset(from + at, 2, part);
  for (int k = 0; k < ROUNDS; k++) {
    pthread_barrier_wait(&barrier);
    memcpy(to + at, from + at, part);
    pthread_barrier_wait(&barrier);
  }
  return NULL;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int threads = atoi(argv[1]);
  size_t bytes = (size_t)atol(argv[2]) << 20;
  part = bytes / threads / 64 * 64;
  from = aligned_alloc(64, bytes + 64);
  to = aligned_alloc(64, bytes + 64);
  pthread_barrier_init(&barrier, NULL, threads + 1);
  pthread_t ids[256];
  for (long k = 0; k < threads; k++) pthread_create(&ids[k], NULL, work, (void *)k);
  double best = 1e300;
  for (int k = 0; k < ROUNDS; k++) {
    pthread_barrier_wait(&barrier);
    double started = now();
    pthread_barrier_wait(&barrier);
    double spent = now() - started;
    if (spent < best) best = spent;
  }
  for (int k = 0; k < threads; k++) pthread_join(ids[k], NULL);
  printf("{\"gbPerSecond\":%.3f}\n", 2.0 * part * threads / best / 1e9);
}
