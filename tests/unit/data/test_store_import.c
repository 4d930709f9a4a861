/* tests/unit/data/test_store_import.c - what a CSV import puts into a store is what reading the
 * file gives, whatever the size, and all of it or nothing. */
#define FEL_MODULE_DATA 1
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/store_internal.h"
#include "tests/unit/data/sample_series.h"

static char folder[300], csv_path[512], store_path[512];

static void fresh_paths(void)
{
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    (void)snprintf(csv_path, sizeof(csv_path), "%s/prices.csv", folder);
    (void)snprintf(store_path, sizeof(store_path), "%s/store", folder);
}

/* Daily rows of n_symbols symbols, day by day, from the day `first` on. */
static void write_panel(int n_symbols, int first, int n_days)
{
    FILE *f = fopen(csv_path, "w");
    CHECK(f != NULL && fputs("date,symbol,open,high,low,close,volume\n", f) >= 0);
    for (int d = first; f != NULL && d < first + n_days; d++) {
        char day[16];
        fel_day_format((d + 1) * FEL_NS_PER_DAY, day, sizeof(day));
        for (int s = 0; s < n_symbols; s++) {
            const int cents = 1000 + (d * 37 + s * 101) % 900;
            (void)fprintf(f, "%s,S%03d,%d.%02d,%d.%02d,%d.%02d,%d.%02d,%d\n", day, s, cents / 100,
                          cents % 100, cents / 100 + 1, cents % 100, cents / 100 - 1, cents % 100,
                          cents / 100, cents % 100, 100 + (d * s) % 7777);
        }
    }
    CHECK(f != NULL && fclose(f) == 0);
}

static fel_status import(int replace, fel_csv_summary *summary)
{
    const fel_csv_options options = fel_csv_options_default();
    return fel_store_import(store_path, csv_path, &options, replace, summary);
}

/* Entry by entry the store has what fel_csv_read gives for the same file. */
static void check_same_as_file(size_t n_expected)
{
    const fel_csv_options options = fel_csv_options_default();
    fel_series_list list = {NULL, 0};
    fel_store *store = NULL;
    CHECK_OK(fel_csv_read(&list, csv_path, &options, NULL));
    CHECK_OK(fel_store_open(&store, store_path));
    CHECK_INT(list.n, n_expected);
    CHECK_INT(fel_store_count(store), n_expected);
    for (size_t i = 0; i < list.n; i++) {
        const fel_series_info *info = fel_series_describe(list.items[i]);
        const fel_block expected = fel_series_rows(list.items[i]);
        fel_series *s = NULL;
        size_t at = 0;
        CHECK_OK(fel_store_find(store, info->instrument.symbol, info->kind, info->length_ns, &at));
        CHECK_OK(fel_store_read(store, at, FEL_TIME_MIN, FEL_TIME_MAX, &s));
        const fel_block rows = fel_series_rows(s);
        CHECK_INT(rows.n, expected.n);
        CHECK(same_rows(&expected, 0, &rows));
        const fel_series_info *kept = fel_series_describe(s);
        CHECK_SAME(kept->instrument.ticks_per_unit, info->instrument.ticks_per_unit);
        CHECK_TEXT(kept->source_hash, info->source_hash);
        CHECK_TEXT(kept->zone, info->zone);
        CHECK_INT(fel_store_entry_at(store, at)->n_segments, 1);
        fel_series_destroy(s);
    }
    fel_store_close(store);
    fel_series_list_clear(&list);
}

static void test_panel_in_one_round_shares_one_file(void)
{
    fel_csv_summary summary;
    fresh_paths();
    write_panel(30, 10000, 60);
    CHECK_OK(import(0, &summary));
    CHECK_INT(summary.n_accepted, 30 * 60);
    check_same_as_file(30);
    char name[600];
    (void)snprintf(name, sizeof(name), "%s/segments/000002.h5", store_path);
    CHECK(access(name, F_OK) != 0);
}

/* Several rounds, then one part a symbol again. (A round is at least what the reader hands over.)
 */
static void test_panel_of_several_rounds_is_put_together(void)
{
    char *report = NULL;
    const fel_csv_options options = fel_csv_options_default();
    fresh_paths();
    write_panel(200, 2000, 2700);
    CHECK_OK(store_import_rounds(store_path, csv_path, &options, 0, NULL, 100000));
    check_same_as_file(200);
    CHECK_OK(fel_store_check(store_path, &report));
    CHECK_TEXT(report, ""); /* the files of the rounds are gone */
    free(report);
}

static void test_later_file_is_appended_and_earlier_refused(void)
{
    fel_store *store = NULL;
    fresh_paths();
    write_panel(3, 10000, 50);
    CHECK_OK(import(0, NULL));
    CHECK_STATUS(import(0, NULL), FEL_ERR_FORMAT); /* the same rows again */
    CHECK_HAS(fel_last_error()->message, "S000");
    CHECK_OK(import(1, NULL));
    check_same_as_file(3);
    write_panel(4, 10050, 20);
    CHECK_OK(import(0, NULL));
    CHECK_OK(fel_store_open(&store, store_path));
    CHECK_INT(fel_store_count(store), 4);
    CHECK_INT(fel_store_entry_at(store, 0)->n_rows, 70);
    CHECK_INT(fel_store_entry_at(store, 0)->n_segments, 2);
    CHECK_INT(fel_store_entry_at(store, 3)->n_rows, 20);
    const char *sum_of_two = fel_store_entry_at(store, 0)->info.source_hash;
    CHECK_INT(strlen(sum_of_two), 32);
    CHECK(strcmp(sum_of_two, fel_store_entry_at(store, 3)->info.source_hash) != 0);
    fel_store_close(store);
}

static void test_bad_file_changes_nothing(void)
{
    char name[600];
    fresh_paths();
    CHECK_STATUS(import(0, NULL), FEL_ERR_IO); /* there is no such file */
    CHECK(access(store_path, F_OK) != 0);
    write_panel(3, 10000, 50);
    FILE *f = fopen(csv_path, "a");
    CHECK(f != NULL && fputs("2020-01-01,S000,1,2,x,1,5\n", f) >= 0 && fclose(f) == 0);
    CHECK_STATUS(import(0, NULL), FEL_ERR_FORMAT);
    CHECK(access(store_path, F_OK) != 0);
    write_panel(3, 10000, 50);
    CHECK_OK(import(0, NULL));
    (void)snprintf(name, sizeof(name), "%s/keep.csv", folder);
    CHECK(rename(csv_path, name) == 0);
    write_panel(3, 11000, 50);
    f = fopen(csv_path, "a");
    CHECK(f != NULL && fputs("2020-01-01,S000,1,2\n", f) >= 0 && fclose(f) == 0);
    CHECK_STATUS(import(1, NULL), FEL_ERR_FORMAT);
    CHECK(rename(name, csv_path) == 0);
    check_same_as_file(3);
}

typedef struct told {
    int n_calls, n_back;
    double last, total;
} told;

static void hear(void *payload, const char *what, double done, double total)
{
    told *t = payload;
    CHECK_TEXT(what, "bytes");
    t->n_calls++;
    t->n_back += done < t->last || done > total;
    t->last = done;
    t->total = total;
}

static void test_progress_goes_up_to_the_size_of_the_file(void)
{
    told t = {0};
    fel_csv_options options = fel_csv_options_default();
    options.progress = hear;
    options.progress_payload = &t;
    fresh_paths();
    write_panel(40, 4000, 2000);
    CHECK_OK(fel_store_import(store_path, csv_path, &options, 0, NULL));
    struct stat info = {0};
    CHECK(stat(csv_path, &info) == 0);
    CHECK(t.n_calls >= 1);
    CHECK_INT(t.n_back, 0);
    CHECK_SAME(t.total, (double)info.st_size);
    CHECK_SAME(t.last, t.total);
}

/* Trades and depth come back from a store as the file has them. */
static void import_book(const char *text, fel_data_kind kind, size_t column, double last)
{
    fel_store *store = NULL;
    fel_series *series = NULL;
    size_t index = 0;
    fresh_paths();
    FILE *f = fopen(csv_path, "w");
    CHECK(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
    fel_csv_options options = fel_csv_options_default();
    memcpy(options.symbol, "B", sizeof("B"));
    CHECK_OK(fel_store_import(store_path, csv_path, &options, 0, NULL));
    CHECK_OK(fel_store_open(&store, store_path));
    CHECK_OK(fel_store_find(store, "B", kind, 0, &index));
    CHECK_OK(fel_store_read(store, index, FEL_TIME_MIN, FEL_TIME_MAX, &series));
    if (series != NULL) {
        const fel_block rows = fel_series_rows(series);
        CHECK_INT(rows.n, 2);
        CHECK_SAME(rows.columns[column][1], last);
    }
    fel_series_destroy(series);
    fel_store_close(store);
}

static void test_trades_and_depth_are_imported(void)
{
    import_book("ts,price,quantity,taker_side\n2024-01-01T10:00:00Z,5,1,buy\n"
                "2024-01-01T10:00:00Z,5.5,2,sell\n",
                FEL_DATA_TRADE, 2, -1.0);
    import_book("ts,side,price,quantity,flags\n2024-01-01T10:00:00Z,bid,5,1,1\n"
                "2024-01-01T10:00:00Z,ask,5.5,7,0\n",
                FEL_DATA_DEPTH, 1, 5.5);
}

SUITE("data/store_import", TEST(test_trades_and_depth_are_imported),
      TEST(test_panel_in_one_round_shares_one_file),
      TEST(test_panel_of_several_rounds_is_put_together),
      TEST(test_later_file_is_appended_and_earlier_refused), TEST(test_bad_file_changes_nothing),
      TEST(test_progress_goes_up_to_the_size_of_the_file));
