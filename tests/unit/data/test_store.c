/* tests/unit/data/test_store.c - append, replace, find, compact, check; and what readers are told
 * of a broken store. */
#define FEL_MODULE_DATA 1
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/store_internal.h"
#include "tests/unit/data/sample_series.h"

static char store_path[512];

static const char *fresh_store(void)
{
    (void)snprintf(store_path, sizeof(store_path), "%s/prices", scratch_folder());
    return store_path;
}

static fel_status append(const char *path, const fel_series *s, int replace)
{
    return fel_store_append(path, &s, 1, replace);
}

/* The rows of the only entry with this symbol are those of `all` from `first` on, n of them. */
static void check_rows(const char *path, const char *symbol, const fel_block *all, size_t first,
                       size_t n)
{
    fel_store *store = NULL;
    fel_series *s = NULL;
    size_t at = 0;
    CHECK_OK(fel_store_open(&store, path));
    CHECK_OK(fel_store_find(store, symbol, FEL_DATA_BAR, 0, &at));
    CHECK_OK(fel_store_read(store, at, FEL_TIME_MIN, FEL_TIME_MAX, &s));
    const fel_block rows = fel_series_rows(s);
    CHECK_INT(rows.n, n);
    CHECK(same_rows(all, first, &rows));
    CHECK_INT(fel_store_entry_at(store, at)->n_rows, n);
    CHECK_INT(fel_store_entry_at(store, at)->first_ns, all->time_ns[first]);
    CHECK_INT(fel_store_entry_at(store, at)->last_ns, all->time_ns[first + n - 1]);
    fel_series_destroy(s);
    fel_store_close(store);
}

/* Rows first .. end as a series of their own. */
static fel_series *cut(const char *symbol, const sample_rows *r, size_t first, size_t end,
                       int with_open)
{
    sample_rows part = *r;
    part.n = end - first;
    part.time_ns += first;
    part.open_ns += first;
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        part.views[c] = r->columns[c] + first;
    }
    return sample_series(symbol, &part, with_open);
}

static int n_files(const char *path)
{
    char command[600], line[64] = "";
    (void)snprintf(command, sizeof(command), "ls '%s/segments' | wc -l", path);
    FILE *f = popen(command, "r");
    CHECK(f != NULL && fgets(line, sizeof(line), f) != NULL && pclose(f) == 0);
    return atoi(line);
}

static void test_appended_rows_come_back_in_order(void)
{
    const char *path = fresh_store();
    const size_t cuts[] = {0, 1, 500, 501, 70000, 150000};
    sample_rows r = sample_bars(51, 150000, 0, 100.0);
    const fel_block all = sample_block(&r, 0);
    for (size_t i = 0; i + 1 < sizeof(cuts) / sizeof(cuts[0]); i++) {
        fel_series *s = cut("AAA", &r, cuts[i], cuts[i + 1], 0);
        CHECK_OK(append(path, s, 0));
        fel_series_destroy(s);
        check_rows(path, "AAA", &all, 0, cuts[i + 1]);
    }
    CHECK_INT(n_files(path), 5);
    fel_series *late = cut("AAA", &r, 149999, 150000, 0);
    CHECK_STATUS(append(path, late, 0), FEL_ERR_FORMAT); /* not later than what is there */
    CHECK_HAS(fel_last_error()->message, "AAA");
    fel_series_destroy(late);
    check_rows(path, "AAA", &all, 0, 150000);
    CHECK_INT(n_files(path), 5);
    CHECK_OK(fel_store_compact(path));
    CHECK_INT(n_files(path), 1);
    check_rows(path, "AAA", &all, 0, 150000);
    sample_rows_destroy(&r);
}

static void test_all_or_none_of_a_call_is_done(void)
{
    const char *path = fresh_store();
    sample_rows a = sample_bars(52, 100, 0, 100.0), b = sample_bars(53, 200, 0, 0.0);
    const fel_block all_a = sample_block(&a, 0);
    fel_series *old = cut("AAA", &a, 0, 50, 0), *new_a = cut("AAA", &a, 50, 100, 0);
    fel_series *new_b = sample_series("BBB", &b, 0);
    CHECK_OK(append(path, old, 0));
    const fel_series *bad[] = {new_b, new_a, old};
    CHECK_STATUS(fel_store_append(path, bad, 3, 0), FEL_ERR_ARG); /* AAA twice */
    const fel_series *wrong[] = {new_b, old};
    CHECK_STATUS(fel_store_append(path, wrong, 2, 0), FEL_ERR_FORMAT);
    check_rows(path, "AAA", &all_a, 0, 50);
    fel_store *store = NULL;
    CHECK_OK(fel_store_open(&store, path));
    CHECK_INT(fel_store_count(store), 1);
    CHECK(fel_store_entry_at(store, 1) == NULL);
    fel_store_close(store);
    CHECK_INT(n_files(path), 1);
    const fel_series *good[] = {new_b, new_a};
    CHECK_OK(fel_store_append(path, good, 2, 0));
    check_rows(path, "AAA", &all_a, 0, 100);
    const fel_block all_b = sample_block(&b, 0);
    check_rows(path, "BBB", &all_b, 0, 200);
    CHECK_INT(n_files(path), 2); /* both series of the last call share a file */
    fel_series_destroy(old);
    fel_series_destroy(new_a);
    fel_series_destroy(new_b);
    sample_rows_destroy(&a);
    sample_rows_destroy(&b);
}

static void test_replace_drops_the_old_rows(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(54, 300, 0, 100.0);
    const fel_block all = sample_block(&r, 1);
    fel_series *old = cut("AAA", &r, 0, 300, 1), *new = cut("AAA", &r, 120, 180, 1);
    fel_store *before = NULL;
    fel_series *seen = NULL;
    CHECK_OK(append(path, old, 0));
    CHECK_OK(fel_store_open(&before, path));
    CHECK_OK(append(path, new, 1));
    check_rows(path, "AAA", &all, 120, 60);
    CHECK_OK(fel_store_read(before, 0, FEL_TIME_MIN, FEL_TIME_MAX, &seen)); /* sees the old store */
    const fel_block rows = fel_series_rows(seen);
    CHECK_INT(rows.n, 300);
    CHECK(same_rows(&all, 0, &rows));
    fel_series_destroy(seen);
    CHECK_INT(n_files(path), 2);
    CHECK_OK(fel_store_compact(path));
    CHECK_INT(n_files(path), 1);
    CHECK_STATUS(fel_store_read(before, 0, FEL_TIME_MIN, FEL_TIME_MAX, &seen), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "compacted");
    fel_store_close(before);
    fel_series_destroy(old);
    fel_series_destroy(new);
    sample_rows_destroy(&r);
}

static void test_what_a_series_is_comes_back(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(55, 10, 0, 4.0);
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "ES/Z6 \"mini\" \xc3\xa9");
    info.adjustment = FEL_ADJUST_SPLIT;
    info.length_ns = FEL_NS_PER_DAY;
    (void)snprintf(info.zone, sizeof(info.zone), "America/Chicago");
    (void)snprintf(info.source_hash, sizeof(info.source_hash), "00112233445566778899aabbccddeeff");
    fel_instrument *i = &info.instrument;
    (void)snprintf(i->currency, sizeof(i->currency), "USD");
    i->kind = FEL_OPTION;
    i->ticks_per_unit = 4.0;
    i->lot = 0.1;
    i->multiplier = 50.0;
    i->right = FEL_PUT;
    i->strike = 2.385;
    i->expiry_ns = INT64_C(1798761600123456789);
    i->underlying = 3;
    fel_series *s = NULL;
    const fel_block b = sample_block(&r, 0);
    CHECK_OK(fel_series_create(&s, &info, &b));
    CHECK_OK(append(path, s, 0));
    fel_store *store = NULL;
    CHECK_OK(fel_store_open(&store, path));
    const fel_store_entry *entry = fel_store_entry_at(store, 0);
    CHECK(memcmp(&entry->info, &info, sizeof(info)) == 0);
    CHECK_INT(entry->n_segments, 1);
    CHECK(entry->n_bytes > 0);
    fel_store_close(store);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

/* Append rows of the second half with something else changed; the store must refuse it. */
static void check_refused(const char *path, const sample_rows *r, const fel_series_info *info,
                          fel_status status, const char *what)
{
    fel_series *s = NULL;
    sample_rows late = *r;
    late.n = r->n / 2;
    late.time_ns += r->n / 2;
    const fel_block b = sample_block(&late, 0);
    CHECK_OK(fel_series_create(&s, info, &b));
    CHECK_STATUS(append(path, s, 0), status);
    CHECK_HAS(fel_last_error()->message, what);
    fel_series_destroy(s);
}

static void test_rows_of_another_sort_are_refused(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(56, 100, 0, 100.0);
    fel_series *s = cut("AAA", &r, 0, 50, 0);
    CHECK_OK(append(path, s, 0));
    const fel_series_info good = *fel_series_describe(s);
    fel_series_info info = good;
    info.adjustment = FEL_ADJUST_TOTAL_RETURN;
    check_refused(path, &r, &info, FEL_ERR_ARG, "'raw'");
    info = good;
    (void)snprintf(info.zone, sizeof(info.zone), "Asia/Tokyo");
    check_refused(path, &r, &info, FEL_ERR_ARG, "Asia/Tokyo");
    info = good;
    (void)snprintf(info.instrument.currency, sizeof(info.instrument.currency), "JPY");
    check_refused(path, &r, &info, FEL_ERR_ARG, "JPY");
    info = good;
    info.instrument.multiplier = 10.0;
    check_refused(path, &r, &info, FEL_ERR_ARG, "another instrument");
    info = good;
    (void)snprintf(info.columns[4], sizeof(info.columns[4]), "trades");
    check_refused(path, &r, &info, FEL_ERR_SHAPE, "columns");
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void test_grid_of_all_rows_is_the_finer_one(void)
{
    CHECK_SAME(store_common_grid(100.0, 1000.0), 1000.0);
    CHECK_SAME(store_common_grid(4.0, 100.0), 100.0);
    CHECK_SAME(store_common_grid(8.0, 100.0), 0.0);
    CHECK_SAME(store_common_grid(0.0, 100.0), 0.0);
    CHECK_SAME(store_common_grid(100.0, 0.0), 0.0);
}

static void test_names_are_found_or_explained(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(57, 10, 0, 0.0);
    const int64_t lengths[] = {FEL_NS_PER_DAY, FEL_NS_PER_HOUR, 90 * FEL_NS_PER_MINUTE};
    for (size_t i = 0; i < 3; i++) {
        fel_series *s = NULL;
        fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "AAPL");
        info.length_ns = lengths[i];
        const fel_block b = sample_block(&r, 0);
        CHECK_OK(fel_series_create(&s, &info, &b));
        CHECK_OK(append(path, s, 0));
        fel_series_destroy(s);
    }
    fel_store *store = NULL;
    size_t at = 9;
    CHECK_OK(fel_store_open(&store, path));
    CHECK_INT(fel_store_count(store), 3);
    CHECK_STATUS(fel_store_find(store, "AAPL", FEL_DATA_BAR, 0, &at), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "1h, 90m, 1d");
    CHECK_OK(fel_store_find(store, "AAPL", FEL_DATA_BAR, FEL_NS_PER_DAY, &at));
    CHECK_INT(fel_store_entry_at(store, at)->info.length_ns, FEL_NS_PER_DAY);
    CHECK_STATUS(fel_store_find(store, "AAPLE", FEL_DATA_BAR, 0, &at), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean 'AAPL'");
    CHECK_STATUS(fel_store_find(store, "AAPL", FEL_DATA_QUOTE, 0, &at), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "AAPL has no quote");
    CHECK_STATUS(fel_store_find(store, "AAPL", FEL_DATA_BAR, FEL_NS_PER_SECOND, &at),
                 FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "1s");
    fel_series *s = NULL;
    CHECK_STATUS(fel_store_read(store, 3, FEL_TIME_MIN, FEL_TIME_MAX, &s), FEL_ERR_RANGE);
    fel_store_close(store);
    sample_rows_destroy(&r);
}

static void test_ranges_are_cut_out_exactly(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(58, 140000, 0, 100.0);
    const fel_block all = sample_block(&r, 1);
    fel_series *a = cut("AAA", &r, 0, 70001, 1), *b = cut("AAA", &r, 70001, 140000, 1);
    CHECK_OK(append(path, a, 0));
    CHECK_OK(append(path, b, 0));
    fel_store *store = NULL;
    CHECK_OK(fel_store_open(&store, path));
    const size_t ends[][2] = {{0, 140000},    {1, 139999},     {35000, 35002},   {70000, 70002},
                              {70001, 70001}, {69999, 140000}, {139999, 140000}, {9, 5}};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        fel_series *s = NULL;
        const size_t first = ends[i][0], end = ends[i][1];
        const int64_t start_ns = r.time_ns[first] - 1;
        const int64_t end_ns = end < 140000 ? r.time_ns[end] - 1 : r.time_ns[139999] + 1;
        CHECK_OK(fel_store_read(store, 0, start_ns, end_ns, &s));
        const fel_block rows = fel_series_rows(s);
        CHECK_INT(rows.n, end > first ? end - first : 0);
        CHECK(same_rows(&all, first, &rows));
        fel_series_destroy(s);
    }
    fel_store_close(store);
    fel_series_destroy(a);
    fel_series_destroy(b);
    sample_rows_destroy(&r);
}

static void test_parts_without_open_instants_have_nominal_ones(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(59, 100, 0, 100.0);
    fel_series *a = cut("AAA", &r, 0, 60, 0), *b = cut("AAA", &r, 60, 100, 1), *s = NULL;
    CHECK_OK(append(path, a, 0));
    CHECK_OK(append(path, b, 0));
    for (int round = 0; round < 2; round++) {
        fel_store *store = NULL;
        CHECK_OK(fel_store_open(&store, path));
        CHECK_OK(fel_store_read(store, 0, FEL_TIME_MIN, FEL_TIME_MAX, &s));
        const fel_block rows = fel_series_rows(s);
        CHECK(rows.open_ns != NULL);
        for (size_t i = 0; rows.open_ns != NULL && i < 100; i++) {
            CHECK_INT(rows.open_ns[i], i < 60 ? r.time_ns[i] - FEL_NS_PER_MINUTE : r.open_ns[i]);
        }
        fel_series_destroy(s);
        fel_store_close(store);
        CHECK_OK(fel_store_compact(path));
    }
    fel_series_destroy(a);
    fel_series_destroy(b);
    sample_rows_destroy(&r);
}

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void test_broken_indexes_are_named(void)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "index.json:"},
        {"\x1f\x8b\x00junk", "index.json:"},
        {"{\"feller_store\": 1, \"next_file\": 1, \"files\": [], \"series\": [", "index.json:1"},
        {"[]", "no schema number"},
        {"{\"feller_store\": 2}", "schema 2 is unknown"},
        {"{\"feller_store\": 1, \"next_file\": 1}", "missing"},
        {"{\"feller_store\": 1, \"next_file\": 1, \"files\": [{}], \"series\": []}",
         "segment file"},
        {"{\"feller_store\": 1, \"next_file\": 1, \"files\": [], \"series\": [{}]}", "series"},
    };
    const char *path = fresh_store();
    char name[600];
    sample_rows r = sample_bars(60, 5, 0, 0.0);
    fel_series *s = sample_series("AAA", &r, 0);
    CHECK_OK(append(path, s, 0));
    (void)snprintf(name, sizeof(name), "%s/index.json", path);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fel_store *store = NULL;
        write_text(name, cases[i].text);
        CHECK_STATUS(fel_store_open(&store, path), FEL_ERR_FORMAT);
        CHECK_HAS(fel_last_error()->message, "prices/index.json");
        CHECK_HAS(fel_last_error()->message, cases[i].part);
        CHECK_STATUS(append(path, s, 1), FEL_ERR_FORMAT); /* and it is not written over */
    }
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void test_folders_that_are_no_stores_are_left_alone(void)
{
    const char *folder = scratch_folder();
    char name[600], path[512];
    fel_store *store = NULL;
    (void)snprintf(path, sizeof(path), "%s", folder);
    (void)snprintf(name, sizeof(name), "%s/letter.txt", path);
    write_text(name, "dear all\n");
    sample_rows r = sample_bars(61, 5, 0, 0.0);
    fel_series *s = sample_series("AAA", &r, 0);
    CHECK_STATUS(append(path, s, 0), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "letter.txt");
    CHECK_STATUS(append(name, s, 0), FEL_ERR_ARG);
    CHECK_STATUS(append("", s, 0), FEL_ERR_ARG);
    CHECK_STATUS(fel_store_open(&store, path), FEL_ERR_NOTFOUND);
    CHECK_STATUS(fel_store_compact(path), FEL_ERR_NOTFOUND);
    (void)snprintf(name, sizeof(name), "%s/segments", path);
    CHECK(access(name, F_OK) != 0);
    CHECK(store == NULL);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void test_failed_first_append_leaves_nothing(void)
{
    const char *path = fresh_store();
    sample_rows r = sample_bars(62, 5, 0, 0.0);
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "\xff\xfe"); /* not UTF-8 */
    fel_series *s = NULL;
    const fel_block b = sample_block(&r, 0);
    CHECK_OK(fel_series_create(&s, &info, &b));
    CHECK_STATUS(append(path, s, 0), FEL_ERR_ARG);
    CHECK(access(path, F_OK) != 0);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void test_check_finds_what_is_wrong(void)
{
    const char *path = fresh_store();
    char name[600];
    char *report = NULL;
    sample_rows r = sample_bars(63, 1000, 0, 100.0);
    fel_series *s = sample_series("AAA", &r, 0);
    CHECK_OK(append(path, s, 0));
    CHECK_OK(fel_store_check(path, &report));
    CHECK_TEXT(report, "");
    free(report);
    fel_series_destroy(s);
    (void)snprintf(name, sizeof(name), "%s/segments/000077.h5", path);
    write_text(name, "a writer was killed here");
    CHECK_OK(fel_store_check(path, &report));
    CHECK_HAS(report, "000077.h5");
    free(report);
    r.columns[1][17] = r.columns[2][17] - 1.0; /* high below low */
    r.columns[0][18] = (double)NAN;
    s = sample_series("BBB", &r, 0);
    CHECK_OK(append(path, s, 0));
    CHECK_STATUS(fel_store_check(path, &report), FEL_ERR_FORMAT);
    CHECK_HAS(report, "BBB: row 17");
    CHECK_HAS(report, "BBB: row 18");
    CHECK_HAS(fel_last_error()->message, "BBB: row 17");
    free(report);
    CHECK_OK(fel_store_compact(path));
    CHECK(access(name, F_OK) != 0); /* the orphan is gone */
    CHECK_INT(n_files(path), 1);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

SUITE("data/store", TEST(test_appended_rows_come_back_in_order),
      TEST(test_all_or_none_of_a_call_is_done), TEST(test_replace_drops_the_old_rows),
      TEST(test_what_a_series_is_comes_back), TEST(test_rows_of_another_sort_are_refused),
      TEST(test_grid_of_all_rows_is_the_finer_one), TEST(test_names_are_found_or_explained),
      TEST(test_ranges_are_cut_out_exactly),
      TEST(test_parts_without_open_instants_have_nominal_ones), TEST(test_broken_indexes_are_named),
      TEST(test_folders_that_are_no_stores_are_left_alone),
      TEST(test_failed_first_append_leaves_nothing), TEST(test_check_finds_what_is_wrong));
