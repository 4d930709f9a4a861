/* core/cpu.c - the processor's vector level, found once, lowered on request. */
#include "core/cpu.h"

#include <stdatomic.h>
#include <string.h>

#if defined(__x86_64__)
static cpu_level detect(void)
{
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
        return CPU_AVX512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2")) {
        return CPU_AVX2;
    }
    return CPU_BASE;
}
static const char *const level_names[CPU_N_LEVELS] = {"x86-64", "x86-64-v3", "x86-64-v4"};
#else
static cpu_level detect(void)
{
    return CPU_BASE;
}
#if defined(__aarch64__)
static const char *const level_names[CPU_N_LEVELS] = {"aarch64", "aarch64", "aarch64"};
#else
static const char *const level_names[CPU_N_LEVELS] = {"unknown", "unknown", "unknown"};
#endif
#endif

/* The level in use plus one; 0: not looked at yet. */
static atomic_int chosen;

cpu_level cpu_level_now(void)
{
    const int known = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (known != 0) {
        return (cpu_level)(known - 1);
    }
    const cpu_level found = detect();
    atomic_store_explicit(&chosen, (int)found + 1, memory_order_relaxed);
    return found;
}

const char *cpu_level_name(cpu_level level)
{
    return level_names[level];
}

const char *fel_cpu_level(void)
{
    return level_names[cpu_level_now()];
}

fel_status fel_cpu_level_set(const char *name)
{
    const cpu_level best = detect();
    for (int level = 0; level <= (int)best; level++) {
        if (strcmp(name, level_names[level]) == 0) {
            atomic_store_explicit(&chosen, level + 1, memory_order_relaxed);
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_ARG, "CPU level \"%s\": this processor has %s%s%s", name,
                     level_names[CPU_BASE], best == CPU_BASE ? "" : " to ",
                     best == CPU_BASE ? "" : level_names[best]);
}
