// The C loop that bench/learning.ts sets beside the learner: the same algorithm over the same arrays and the same draws.
// gcc -O3 -march=native -ffp-contract=off q-learning.c -o q-learning; ./q-learning MODEL STEPS REPEATS
// MODEL: int32 states, choices, branches, start, maxSteps, 3 x 0, uint32 learner[4], env[4], double epsilon, rate, discount, pad,
// then stateChoices[states + 1], rowBranches[choices + 1], target[branches], threshold[branches], terminal[states] (all 32 bits), padding to 8, reward[choices].
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  uint32_t a, b, c, d;
} Rng;

static inline uint32_t draw(Rng *r) {
  const uint32_t t = r->a + r->b + r->d;
  r->d++;
  r->a = r->b ^ (r->b >> 9);
  r->b = r->c + (r->c << 3);
  r->c = ((r->c << 21) | (r->c >> 11)) + t;
  return t;
}

static inline uint32_t below(Rng *r, uint32_t n) { return (uint32_t)(((uint64_t)draw(r) * n) >> 32); }

typedef struct {
  int32_t states, choices, branches, start, max_steps, zero[3];
  Rng learner, env;
  double epsilon, rate, discount, pad;
} Head;

static Head head;
static const int32_t *state_choices, *row_branches, *target, *terminal;
static const uint32_t *threshold;
static const double *reward;

static inline int32_t pick(const double *q, int32_t s, Rng *rng, double cut) {
  const int32_t from = state_choices[s], to = state_choices[s + 1];
  if (draw(rng) < cut) return from + (int32_t)below(rng, (uint32_t)(to - from));
  double best = q[from];
  int32_t taken = from, tied = 1;
  for (int32_t c = from + 1; c < to; c++) {
    if (q[c] > best) {
      best = q[c];
      taken = c;
      tied = 1;
    } else if (q[c] == best) tied++;
  }
  if (tied == 1) return taken;
  int32_t skip = (int32_t)below(rng, (uint32_t)tied);
  while (q[taken] != best || skip-- > 0) taken++;
  return taken;
}

static int64_t learn(double *q, double *visits, int64_t steps) {
  Rng learner = head.learner, env = head.env;
  const double cut = head.epsilon * 4294967296.0;
  int64_t episodes = 0;
  int32_t s = head.start, length = 0, choice = -1;
  for (int64_t i = 0; i < steps; i++) {
    if (choice < 0) {
      s = head.start;
      length = 0;
      choice = pick(q, s, &learner, cut);
    }
    int32_t b = row_branches[choice];
    const int32_t last = row_branches[choice + 1] - 1;
    if (b < last) {
      const uint32_t u = draw(&env);
      while (b < last && u >= threshold[b]) b++;
    }
    s = target[b];
    const int ended = terminal[s];
    double best = 0;
    if (!ended) {
      best = q[state_choices[s]];
      for (int32_t c = state_choices[s] + 1; c < state_choices[s + 1]; c++)
        if (q[c] > best) best = q[c];
    }
    visits[choice]++;
    q[choice] += head.rate * (reward[choice] + head.discount * best - q[choice]);
    if (ended || ++length >= head.max_steps) {
      choice = -1;
      episodes++;
    } else choice = pick(q, s, &learner, cut);
  }
  return episodes;
}

// Processor time: other work on the machine does not count.
static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (file == NULL) return 3;
  fseek(file, 0, SEEK_END);
  const long size = ftell(file);
  rewind(file);
  char *bytes = malloc((size_t)size);
  if (bytes == NULL || fread(bytes, 1, (size_t)size, file) != (size_t)size) return 3;
  fclose(file);
  memcpy(&head, bytes, sizeof head);
  const char *at = bytes + sizeof head;
  state_choices = (const int32_t *)at;
  row_branches = state_choices + head.states + 1;
  target = row_branches + head.choices + 1;
  threshold = (const uint32_t *)(target + head.branches);
  terminal = (const int32_t *)(threshold + head.branches);
  at = (const char *)(terminal + head.states);
  reward = (const double *)(bytes + ((at - bytes + 7) / 8) * 8);
  const int64_t steps = atoll(argv[2]);
  for (int repeat = 0; repeat < atoi(argv[3]); repeat++) {
    double *q = calloc((size_t)head.choices, sizeof(double)), *visits = calloc((size_t)head.choices, sizeof(double));
    if (q == NULL || visits == NULL) return 3;
    const double before = seconds();
    const int64_t episodes = learn(q, visits, steps);
    const double spent = seconds() - before;
    // The bits of Q in one number: runs that agree in it agree in Q.
    uint64_t hash = 14695981039346656037ull;
    for (int32_t c = 0; c < head.choices; c++) {
      uint64_t word;
      double x = q[c] == 0 ? 0 : q[c];
      memcpy(&word, &x, 8);
      hash = (hash ^ (word & 0xffffffff)) * 1099511628211ull;
      hash = (hash ^ (word >> 32)) * 1099511628211ull;
    }
    printf("%.9f %lld %016llx\n", spent, (long long)episodes, (unsigned long long)hash);
    fflush(stdout);
    free(q);
    free(visits);
  }
  return 0;
}
