/* study/study_machine.c - what program on what processor: the facts that bits depend on. */
#include <stdio.h>

#include "study/study_folder_internal.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

#ifndef FEL_BUILD_FLAGS
#define FEL_BUILD_FLAGS "unknown flags"
#endif

const char *compiler_name(void)
{
    return COMPILER ", " FEL_BUILD_FLAGS;
}

const char *cpu_level(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
        return "x86-64-v4";
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2")) {
        return "x86-64-v3";
    }
    return __builtin_cpu_supports("sse4.2") ? "x86-64-v2" : "x86-64";
#elif defined(__aarch64__)
    return "aarch64";
#else
    return "unknown";
#endif
}
