/* tests/fuzz/fuzz_main.c - one target under libFuzzer: `make fuzz FUZZ=csv SECONDS=60`. What it
 * finds and is mended goes to tests/fuzz/corpus_NAME, which `make test` replays. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *fault = FUZZ_TARGET(data, size);
    if (fault != NULL) {
        (void)fprintf(stderr, "%s\n", fault);
        abort();
    }
    return 0;
}
