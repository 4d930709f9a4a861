/* tests/fuzz/fuzz_file.c - bytes as a file, without a disk. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/fuzz/fuzz_target.h"

const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[64];
    static int memory = -1;
    if (memory >= 0) {
        (void)close(memory);
    }
    memory = memfd_create("fuzz", MFD_CLOEXEC);
    if (memory < 0 || write(memory, data, size) != (ssize_t)size) {
        return NULL;
    }
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", memory);
    return path;
}
