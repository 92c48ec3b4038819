/* The most single-precision multiply-adds that one core does: prints Gflop/s (one multiply-add is two
   operations) by processor time and on the clock, each the best of several runs. Chains enough to hide
   the latency, as long as registers last, in the widest vectors that the processor has. */

#include <stdio.h>
#include <time.h>

#if defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif
#define CHAINS 12

typedef float vector __attribute__((vector_size(BYTES)));

static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(void)
{
  const long rounds = 20000000;
  const int lanes = BYTES / (int)sizeof(float);
  vector chain[CHAINS];
  const vector factor = (vector){0} + 0.999999f;
  const vector term = (vector){0} + 1e-6f;
  const double operations = 2.0 * (double)rounds * CHAINS * lanes;
  double cpu = 1e30, wall = 1e30;
  float sum = 0;
  for (int k = 0; k < CHAINS; ++k) chain[k] = (vector){0} + (float)k;
  for (int run = 0; run < 8; ++run) {
    const double wall_start = seconds(CLOCK_MONOTONIC);
    const double cpu_start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
      for (int k = 0; k < CHAINS; ++k) chain[k] = chain[k] * factor + term;
    }
    const double cpu_took = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;
    const double wall_took = seconds(CLOCK_MONOTONIC) - wall_start;
    if (cpu_took < cpu) cpu = cpu_took;
    if (wall_took < wall) wall = wall_took;
  }
  for (int k = 0; k < CHAINS; ++k) sum += chain[k][0];
  /* The sum is printed so that no compiler may leave the loop out. */
  fprintf(stderr, "%g\n", (double)sum);
  printf("%.3f %.3f\n", 1e-9 * operations / cpu, 1e-9 * operations / wall);
  return 0;
}
