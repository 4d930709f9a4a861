/* tests/property/test_memory_data.c - memory runs out in each public call of data/: a clean
 * failure, nothing leaked, the caller's objects and the store as they were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/csvcase.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/data/sample_series.h"

enum { N_ROWS = 400 };

typedef struct bench {
    fel_series *series;
    sample_rows rows;
    char store[512], csv[512], packed[512], out[512];
    fel_store *open; /* a handle on the store */
    const char *layout;
    const char *signals;
} bench;

/* ---- series --------------------------------------------------------------------------------- */

static fel_status call_create(void *payload, void **out)
{
    const bench *b = payload;
    const fel_series_info info = *fel_series_describe(b->series);
    const fel_block rows = sample_block(&b->rows, 1);
    return fel_series_create((fel_series **)out, &info, &rows);
}

static fel_status call_resample(void *payload, void **out)
{
    const bench *b = payload;
    return fel_resample((fel_series **)out, b->series, FEL_NS_PER_HOUR, "Europe/Warsaw", 1);
}

static void destroy_series(void *made)
{
    fel_series_destroy(made);
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static fel_csv_options options_of(const bench *b)
{
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.layout, sizeof(options.layout), "%s", b->layout);
    options.signal_columns = b->signals;
    options.bad_rows = FEL_BAD_ROWS_QUARANTINE;
    options.sort = b->layout[0] == 'c';
    return options;
}

/* The list as it was before a failing call must be what it is after. */
static fel_status call_csv_read(void *payload, void **out)
{
    static fel_series_list list;
    const bench *b = payload;
    const fel_csv_options options = options_of(b);
    fel_csv_summary summary;
    list.items = (fel_series **)out;
    list.n = 77;
    const fel_status status = fel_csv_read(&list, b->csv, &options, &summary);
    if (status == FEL_OK) {
        *out = &list;
    } else if (list.items != (fel_series **)out || list.n != 77) {
        *out = NULL;
    }
    return status;
}

static void destroy_list(void *made)
{
    fel_series_list_clear(made);
}

static fel_status call_csv_write(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_csv_write(b->series, b->out);
}

/* ---- store ---------------------------------------------------------------------------------- */

static fel_status call_append(void *payload, void **out)
{
    const bench *b = payload;
    const fel_series *list = b->series;
    (void)out;
    return fel_store_append(b->store, &list, 1, 1);
}

static fel_status call_import(void *payload, void **out)
{
    const bench *b = payload;
    const fel_csv_options options = options_of(b);
    fel_csv_summary summary;
    (void)out;
    return fel_store_import(b->store, b->csv, &options, 1, &summary);
}

static fel_status call_open(void *payload, void **out)
{
    const bench *b = payload;
    return fel_store_open((fel_store **)out, b->store);
}

static void destroy_store(void *made)
{
    fel_store_close(made);
}

static fel_status call_read(void *payload, void **out)
{
    const bench *b = payload;
    return fel_store_read(b->open, 0, FEL_TIME_MIN, FEL_TIME_MAX, (fel_series **)out);
}

static fel_status call_compact(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_store_compact(b->store);
}

static fel_status call_check(void *payload, void **out)
{
    const bench *b = payload;
    char *report = NULL;
    const fel_status status = fel_store_check(b->store, &report);
    if (status == FEL_OK || report != NULL) {
        *out = report;
    }
    return status;
}

/* ---- feeds ---------------------------------------------------------------------------------- */

static fel_status drain(fel_feed *feed)
{
    fel_block block = {0};
    size_t n = 0;
    do {
        const fel_status status = feed->code->next(feed->self, &block);
        if (status != FEL_OK) {
            return status;
        }
        n += block.n;
    } while (block.n > 0);
    return n > 0 ? FEL_OK : FEL_RAISE(FEL_ERR_INTERNAL, "a feed without rows");
}

/* Open a feed and read it to its end: what it allocates on the way may fail too. */
static fel_status call_feed(const bench *b, void **out, int of_store)
{
    static fel_feed feed;
    feed.self = out;
    fel_status status = of_store
                            ? fel_feed_of_store(&feed, b->open, 0, FEL_TIME_MIN, FEL_TIME_MAX)
                            : fel_feed_of_series(&feed, b->series, FEL_TIME_MIN, FEL_TIME_MAX, 64);
    if (status != FEL_OK) {
        *out = feed.self == out ? *out : NULL;
        return status;
    }
    status = drain(&feed);
    if (status == FEL_OK) {
        *out = &feed;
    } else {
        fel_feed_destroy(&feed);
    }
    return status;
}

static fel_status call_feed_of_series(void *payload, void **out)
{
    return call_feed(payload, out, 0);
}

static fel_status call_feed_of_store(void *payload, void **out)
{
    return call_feed(payload, out, 1);
}

static void destroy_feed(void *made)
{
    fel_feed_destroy(made);
}

/* ---- the bench ------------------------------------------------------------------------------ */

static void set_up(bench *b)
{
    memset(b, 0, sizeof(*b));
    const char *folder = scratch_folder();
    (void)snprintf(b->store, sizeof(b->store), "%s/store", folder);
    (void)snprintf(b->csv, sizeof(b->csv), "%s/bars.csv", folder);
    (void)snprintf(b->out, sizeof(b->out), "%s/out.csv", folder);
    b->layout = "";
    b->rows = sample_bars(11, N_ROWS, 86400 * FEL_NS_PER_SECOND, 100.0);
    b->series = sample_series("MEM", &b->rows, 1);
}

static void clear(bench *b)
{
    fel_series_destroy(b->series);
    sample_rows_destroy(&b->rows);
}

static void test_series_without_memory(void)
{
    bench b;
    set_up(&b);
    const failing_call create = {"fel_series_create", call_create, destroy_series, &b};
    const failing_call resample = {"fel_resample", call_resample, destroy_series, &b};
    const failing_call feed = {"fel_feed_of_series", call_feed_of_series, destroy_feed, &b};
    const failing_call write_csv = {"fel_csv_write", call_csv_write, NULL, &b};
    CHECK(check_failing_call(&create) > 0);
    CHECK(check_failing_call(&resample) > 0);
    CHECK(check_failing_call(&feed) > 0);
    (void)check_failing_call(&write_csv);
    clear(&b);
}

/* Days of 2021, one of them bad; `before` goes between the day and the prices, `after` before the
 * volume. */
typedef struct csv_file {
    const char *layout, *signals, *header, *before, *after;
} csv_file;

static void put_csv(const bench *b, const csv_file *f, int n)
{
    FILE *file = fopen(b->csv, "wb");
    CHECK(file != NULL);
    if (file == NULL) {
        return;
    }
    (void)fprintf(file, "%s\n", f->header);
    for (int i = 0; i < n; i++) {
        const double p = 20.0 + 0.13 * i;
        (void)fprintf(file, "2021-%02d-%02d,%s%.2f,%.2f,%.2f,%.2f,%s%d\n", 1 + i / 28, 1 + i % 28,
                      f->before, p, p + 1.0, i == 5 ? 999.0 : p - 0.5, p + 0.25, f->after,
                      1000 + i);
    }
    CHECK(fclose(file) == 0);
}

static void test_csv_without_memory(void)
{
    static const csv_file files[] = {
        {"", NULL, "date,open,high,low,close,volume", "", ""},
        {"canonical", NULL, "date,open,high,low,close,volume", "", ""},
        {"panel", NULL, "date,symbol,open,high,low,close,volume", "AAA,", ""},
        {"", NULL, "Date,Open,High,Low,Close,Adj Close,Volume", "", "17.5,"},
        {"", "a,b", "date,a,b,c,d,e", "", ""},
    };
    bench b;
    set_up(&b);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char name[2][128];
        b.layout = files[i].layout;
        b.signals = files[i].signals;
        put_csv(&b, &files[i], 200);
        (void)snprintf(name[0], sizeof(name[0]), "fel_csv_read of %s", files[i].header);
        (void)snprintf(name[1], sizeof(name[1]), "fel_store_import of %s", files[i].header);
        const failing_call read = {name[0], call_csv_read, destroy_list, &b};
        const failing_call import = {name[1], call_import, NULL, &b};
        CHECK(check_failing_call(&read) > 5);
        CHECK(check_failing_call(&import) > 5);
    }
    clear(&b);
}

static void check_store(const bench *b, size_t n_entries, uint64_t n_rows)
{
    fel_store *store = NULL;
    char *report = NULL;
    CHECK_OK(fel_store_check(b->store, &report));
    CHECK_TEXT(report, "");
    free(report);
    CHECK_OK(fel_store_open(&store, b->store));
    CHECK_INT(fel_store_count(store), n_entries);
    CHECK_INT(fel_store_entry_at(store, 0)->n_rows, n_rows);
    fel_store_close(store);
}

static void test_store_without_memory(void)
{
    bench b;
    set_up(&b);
    const failing_call append = {"fel_store_append", call_append, NULL, &b};
    const failing_call open_it = {"fel_store_open", call_open, destroy_store, &b};
    const failing_call read = {"fel_store_read", call_read, destroy_series, &b};
    const failing_call feed = {"fel_feed_of_store", call_feed_of_store, destroy_feed, &b};
    const failing_call check = {"fel_store_check", call_check, free, &b};
    const failing_call compact = {"fel_store_compact", call_compact, NULL, &b};
    CHECK(check_failing_call(&append) > 5);
    CHECK_OK(fel_store_compact(b.store)); /* each replacement left the segment that it replaced */
    check_store(&b, 1, N_ROWS);
    CHECK(check_failing_call(&open_it) > 1);
    CHECK_OK(fel_store_open(&b.open, b.store));
    CHECK(check_failing_call(&read) > 5);
    CHECK(check_failing_call(&feed) > 5);
    fel_store_close(b.open);
    CHECK(check_failing_call(&check) > 1);
    CHECK(check_failing_call(&compact) > 1);
    check_store(&b, 1, N_ROWS);
    clear(&b);
}

SUITE("property/memory_data", TEST(test_series_without_memory), TEST(test_csv_without_memory),
      TEST(test_store_without_memory));
