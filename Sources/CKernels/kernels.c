// Which kernels this processor can run.

#include "CKernels.h"

extern const ik_kernel ik_kernel_avx512, ik_kernel_avx2, ik_kernel_base;

int ik_kernels(const ik_kernel *list[4]) {
  int count = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (
    __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")
    && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    list[count++] = &ik_kernel_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    list[count++] = &ik_kernel_avx2;
#endif
  list[count++] = &ik_kernel_base;
  return count;
}
