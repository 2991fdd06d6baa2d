// The C loop that kernels are measured against: synchronous max-backup sweeps over a problem's .npy files with N threads.
// Build: cc -O3 -march=native -pthread -o sweep sweep.c -lm     Run: ./sweep FOLDER STATES DISCOUNT THREADS MILLISECONDS csr|fixed
// Prints one JSON line: milliseconds a sweep (median), and the largest change of the last sweep.
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *folder;
static int64_t states, choices, width; // width: branches of every choice, 0 where they differ or offsets are asked for
static int32_t *state_choices, *branches, *target, *policy;
static double *probability, *reward, *v, *out, discount;

static void *npy(const char *name, size_t item, int64_t *count) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.npy", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) { perror(path); exit(1); }
  unsigned char start[10];
  if (fread(start, 1, 10, file) != 10) exit(1);
  long from = 10 + start[8] + 256 * start[9];
  fseek(file, 0, SEEK_END);
  *count = (ftell(file) - from) / (long)item;
  fseek(file, from, SEEK_SET);
  void *data = aligned_alloc(64, (*count * item + 127) / 64 * 64);
  if (!data || fread(data, item, *count, file) != (size_t)*count) exit(1);
  fclose(file);
  return data;
}

// Rows of S x A become choices: those that are not empty.
static void load(int fixed) {
  int64_t rows, count;
  int32_t *indptr = npy("indptr", 4, &rows);
  rows--;
  target = npy("indices", 4, &count);
  probability = npy("data", 8, &count);
  reward = npy("reward", 8, &count);
  int64_t actions = rows / states;
  state_choices = malloc((states + 1) * 4);
  branches = malloc((rows + 1) * 4);
  branches[0] = 0;
  width = indptr[1];
  for (int64_t s = 0; s < states; s++) {
    state_choices[s] = choices;
    for (int64_t row = s * actions; row < (s + 1) * actions; row++) {
      if (indptr[row] == indptr[row + 1]) continue;
      if (indptr[row + 1] - indptr[row] != width) width = 0;
      reward[choices] = reward[row];
      branches[++choices] = indptr[row + 1];
    }
  }
  state_choices[states] = choices;
  if (!fixed) width = 0;
  else if (!width) { fprintf(stderr, "rows differ in length\n"); exit(2); }
  free(indptr);
  v = calloc(states + 8, 8);
  out = calloc(states + 8, 8);
  policy = calloc(states + 8, 4);
}

typedef struct { int64_t from, to; double min, max; char apart[64]; } Part;

// The same work as mdpkit's kernel: the best choice, the incumbent kept at a tie, and the extremes of the change.
static inline __attribute__((always_inline)) void sweep(Part *part, int64_t fixed) {
  double min = 1e300, max = -1e300;
  for (int64_t s = part->from; s < part->to; s++) {
    int32_t first = state_choices[s], end = state_choices[s + 1];
    double best = first == end ? 0 : -1e300;
    int32_t chosen = policy[s];
    for (int32_t c = first; c < end; c++) {
      int64_t b = fixed ? c * fixed : branches[c], to = fixed ? b + fixed : branches[c + 1];
      double sum = 0;
      for (; b < to; b++) sum += probability[b] * v[target[b]];
      double q = reward[c] + discount * sum;
      if (q > best || (q == best && c == policy[s])) { best = q; chosen = c; }
    }
    out[s] = best;
    policy[s] = chosen;
    double d = best - v[s];
    if (d < min) min = d;
    if (d > max) max = d;
  }
  part->min = min;
  part->max = max;
}

static void work(Part *part) {
  if (width == 3) sweep(part, 3);
  else if (width == 5) sweep(part, 5);
  else if (width == 10) sweep(part, 10);
  else if (width) sweep(part, width);
  else sweep(part, 0);
}

// Threads stay and spin between sweeps: `turn` starts one, `done` counts those that have ended it.
static atomic_int turn, done, stop;
static Part parts[256];

static void *worker(void *argument) {
  Part *part = argument;
  for (int seen = 0;;) {
    int now;
    while ((now = atomic_load_explicit(&turn, memory_order_acquire)) == seen)
      if (atomic_load(&stop)) return NULL;
    seen = now;
    work(part);
    atomic_fetch_add_explicit(&done, 1, memory_order_release);
  }
}

static double ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) { return (*(double *)a > *(double *)b) - (*(double *)a < *(double *)b); }

int main(int argc, char **argv) {
  if (argc != 7) { fprintf(stderr, "FOLDER STATES DISCOUNT THREADS MILLISECONDS csr|fixed\n"); return 2; }
  folder = argv[1];
  states = atoll(argv[2]);
  discount = atof(argv[3]);
  int threads = atoi(argv[4]);
  double budget = atof(argv[5]);
  load(!strcmp(argv[6], "fixed"));
  // As many branches to each thread.
  int64_t from = 0;
  for (int k = 0; k < threads; k++) {
    int64_t to = from;
    while (to < states && (int64_t)branches[state_choices[to]] * threads < (int64_t)branches[choices] * (k + 1)) to++;
    parts[k] = (Part){from, k == threads - 1 ? states : to};
    from = to;
  }
  pthread_t ids[256];
  for (int k = 1; k < threads; k++) pthread_create(&ids[k], NULL, worker, &parts[k]);
  static double times[100000];
  int count = 0;
  double spent = 0, change = 0;
  while (count < 100000 && (count < 5 || spent < budget)) {
    double started = ms();
    atomic_store(&done, 0);
    atomic_fetch_add_explicit(&turn, 1, memory_order_release);
    work(&parts[0]);
    while (atomic_load_explicit(&done, memory_order_acquire) < threads - 1) {}
    double *swap = v;
    v = out;
    out = swap;
    spent += times[count++] = ms() - started;
    change = 0;
    for (int k = 0; k < threads; k++) {
      double size = parts[k].max > -parts[k].min ? parts[k].max : -parts[k].min;
      if (size > change) change = size;
    }
  }
  atomic_store(&stop, 1);
  for (int k = 1; k < threads; k++) pthread_join(ids[k], NULL);
  qsort(times, count, 8, ascending);
  printf("{\"msPerSweep\":%.6f,\"fastest\":%.6f,\"sweeps\":%d,\"change\":%.17g}\n", times[count / 2], times[0], count, change);
}
