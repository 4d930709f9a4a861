/* tests/fuzz/test_fuzz_replay.c - the kept inputs of each fuzzer, taken once more: those that were
 * written to begin with, and those that once went wrong. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/fuzz_target.h"
#include "tests/support/check.h"

enum { MOST_BYTES = 1 << 20 };

static void replay_file(const char *path, const char *(*target)(const uint8_t *data, size_t size),
                        uint8_t *bytes)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    if (file == NULL) {
        return;
    }
    const size_t size = fread(bytes, 1, MOST_BYTES, file);
    (void)fclose(file);
    const char *fault = target(bytes, size);
    if (fault != NULL) {
        (void)printf("\n%s: %s\n", path, fault);
    }
    CHECK(fault == NULL);
}

static void replay(const char *folder, const char *(*target)(const uint8_t *data, size_t size))
{
    uint8_t *bytes = malloc(MOST_BYTES);
    DIR *entries = opendir(folder);
    int n = 0;
    CHECK(entries != NULL && bytes != NULL);
    for (struct dirent *e = entries != NULL ? readdir(entries) : NULL; e != NULL;
         e = readdir(entries)) {
        char path[600];
        if (e->d_name[0] != '.') {
            (void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
            replay_file(path, target, bytes);
            n++;
        }
    }
    CHECK(n > 5);
    if (entries != NULL) {
        (void)closedir(entries);
    }
    free(bytes);
}

static void test_csv_inputs(void)
{
    replay("tests/fuzz/corpus_csv", fuzz_csv);
}

static void test_study_inputs(void)
{
    replay("tests/fuzz/corpus_study", fuzz_study);
}

static void test_store_inputs(void)
{
    replay("tests/fuzz/corpus_store", fuzz_store);
}

static void test_chain_inputs(void)
{
    replay("tests/fuzz/corpus_chain", fuzz_chain);
}

SUITE("fuzz/replay", TEST(test_csv_inputs), TEST(test_study_inputs), TEST(test_store_inputs),
      TEST(test_chain_inputs));
