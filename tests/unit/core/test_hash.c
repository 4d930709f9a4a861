/* tests/unit/core/test_hash.c - XXH3 128: known sums, any split gives the same. */
#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "core/outfile.h"
#include "tests/support/check.h"

static void test_nothing_has_the_published_sum(void)
{
    hasher *h = NULL;
    CHECK_OK(hasher_create(&h));
    char text[HASH_TEXT_SIZE];
    hasher_text(h, text);
    CHECK_TEXT(text, "99aa06d3014798d86001c324468d497f");
    hasher_destroy(h);
    hasher_destroy(NULL);
}

static void test_any_split_gives_the_same_sum(void)
{
    unsigned char bytes[3000];
    for (size_t i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (unsigned char)(i * i % 251);
    }
    hasher *h = NULL;
    CHECK_OK(hasher_create(&h));
    char whole[HASH_TEXT_SIZE], parts[HASH_TEXT_SIZE];
    hasher_add(h, bytes, sizeof(bytes));
    hasher_text(h, whole);
    for (size_t cut = 1; cut < sizeof(bytes); cut += 239) {
        hasher_reset(h);
        hasher_add(h, bytes, cut);
        hasher_add(h, bytes + cut, sizeof(bytes) - cut);
        hasher_text(h, parts);
        CHECK_TEXT(parts, whole);
    }
    bytes[1500] ^= 1;
    hasher_reset(h);
    hasher_add(h, bytes, sizeof(bytes));
    hasher_text(h, parts);
    CHECK(strcmp(parts, whole) != 0);
    hasher_destroy(h);
}

static void test_a_file_has_the_sum_of_its_bytes(void)
{
    char path[320], of_file[HASH_TEXT_SIZE], of_bytes[HASH_TEXT_SIZE];
    (void)snprintf(path, sizeof(path), "%s/data", scratch_folder());
    hasher *h = NULL;
    outfile out;
    CHECK_OK(hasher_create(&h));
    CHECK_OK(outfile_open(&out, path));
    for (unsigned i = 0; i < 50000; i++) {
        (void)fprintf(out.stream, "%05u\n", i);
        char line[8];
        (void)snprintf(line, sizeof(line), "%05u\n", i);
        hasher_add(h, line, 6);
    }
    CHECK_OK(outfile_commit(&out));
    CHECK_OK(hash_file(path, of_file));
    hasher_text(h, of_bytes);
    CHECK_TEXT(of_file, of_bytes);
    hasher_destroy(h);
}

static void test_a_file_that_cannot_be_read_is_named(void)
{
    char text[HASH_TEXT_SIZE] = "untouched";
    CHECK_STATUS(hash_file("/nowhere/data.csv", text), FEL_ERR_IO);
    CHECK_TEXT(fel_last_error()->message,
               "/nowhere/data.csv: cannot open: No such file or directory");
    CHECK_STATUS(hash_file("/tmp", text), FEL_ERR_IO);
    CHECK_TEXT(text, "untouched");
}

SUITE("core/hash", TEST(test_nothing_has_the_published_sum),
      TEST(test_any_split_gives_the_same_sum), TEST(test_a_file_has_the_sum_of_its_bytes),
      TEST(test_a_file_that_cannot_be_read_is_named));
