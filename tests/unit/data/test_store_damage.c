/* tests/unit/data/test_store_damage.c - segments changed behind the store's back are found and
 * named. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/data/sample_series.h"

static void test_check_finds_changed_files(void)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/prices", scratch_folder());
    char name[600];
    char *report = NULL;
    sample_rows r = sample_bars(64, 1000, 0, 100.0);
    fel_series *s = sample_series("AAA", &r, 0);
    const fel_series *const one = s;
    CHECK_OK(fel_store_append(path, &one, 1, 0));
    (void)snprintf(name, sizeof(name), "%s/segments/000001.h5", path);
    FILE *f = fopen(name, "r+b");
    CHECK(f != NULL && fseek(f, -1, SEEK_END) == 0 && fputc(0x7a, f) != EOF && fclose(f) == 0);
    CHECK_STATUS(fel_store_check(path, &report), FEL_ERR_FORMAT);
    CHECK_HAS(report, "000001.h5: its checksum is wrong");
    free(report);
    CHECK(truncate(name, 100) == 0);
    CHECK_STATUS(fel_store_check(path, &report), FEL_ERR_FORMAT);
    CHECK_HAS(report, "100 bytes");
    free(report);
    CHECK(unlink(name) == 0);
    CHECK_STATUS(fel_store_check(path, &report), FEL_ERR_FORMAT);
    CHECK_HAS(report, "not there");
    free(report);
    fel_store *store = NULL;
    fel_series *out = NULL;
    CHECK_OK(fel_store_open(&store, path));
    CHECK_STATUS(fel_store_read(store, 0, FEL_TIME_MIN, FEL_TIME_MAX, &out), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "000001.h5");
    fel_store_close(store);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

/* Any byte of any segment: the damage is found before HDF5 sees the file. */
static void test_changed_bytes_never_pass_for_data(void)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/prices", scratch_folder());
    char name[600];
    struct stat state;
    sample_rows r = sample_bars(65, 500, 0, 100.0);
    fel_series *s = sample_series("AAA", &r, 1), *out = NULL;
    const fel_series *const one = s;
    CHECK_OK(fel_store_append(path, &one, 1, 0));
    (void)snprintf(name, sizeof(name), "%s/segments/000001.h5", path);
    CHECK(stat(name, &state) == 0);
    for (long at = 0; at < state.st_size; at += 97) {
        fel_store *store = NULL;
        FILE *f = fopen(name, "r+b");
        CHECK(f != NULL && fseek(f, at, SEEK_SET) == 0);
        const int old = f != NULL ? fgetc(f) : 0;
        CHECK(f != NULL && fseek(f, at, SEEK_SET) == 0 && fputc(old ^ 4, f) != EOF &&
              fclose(f) == 0);
        CHECK_OK(fel_store_open(&store, path));
        CHECK_STATUS(fel_store_read(store, 0, FEL_TIME_MIN, FEL_TIME_MAX, &out), FEL_ERR_FORMAT);
        CHECK_HAS(fel_last_error()->message, "000001.h5");
        fel_store_close(store);
        f = fopen(name, "r+b");
        CHECK(f != NULL && fseek(f, at, SEEK_SET) == 0 && fputc(old, f) != EOF && fclose(f) == 0);
    }
    const fel_block all = sample_block(&r, 1);
    fel_store *store = NULL;
    CHECK_OK(fel_store_open(&store, path));
    CHECK_OK(fel_store_read(store, 0, FEL_TIME_MIN, FEL_TIME_MAX, &out));
    const fel_block rows = fel_series_rows(out);
    CHECK(rows.n == 500 && same_rows(&all, 0, &rows));
    fel_series_destroy(out);
    fel_store_close(store);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

SUITE("data/store_damage", TEST(test_check_finds_changed_files),
      TEST(test_changed_bytes_never_pass_for_data));
