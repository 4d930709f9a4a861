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
