/* tests/unit/data/test_csv_chunks.c - the same file gives the same rows, counts and errors however
 * it is cut: every batch size from one byte to all of it, quoted (libcsv) and not (the scan). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/support/csvcase.h"

#define FEL_MODULE_DATA
#include "data/csv_reader_internal.h"

/* Everything that comes out of a file, in one hash; errors by their message. */
typedef struct outcome {
    fel_status status;
    char message[512];
    char hash[HASH_TEXT_SIZE];
    fel_csv_summary summary;
    size_t n_series;
} outcome;

enum { MOST_SERIES = 8, MOST_TEXT = 1 << 16 };

/* Rows of each series as text, whatever the parts were. */
typedef struct collected {
    char *texts[MOST_SERIES];
    size_t sizes[MOST_SERIES];
} collected;

static void collect(collected *all, const csv_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        const csv_part *part = &batch->parts[i];
        CHECK(part->series < MOST_SERIES);
        size_t *n = &all->sizes[part->series];
        char **text = &all->texts[part->series];
        if (*text == NULL) {
            *text = calloc(1, MOST_TEXT);
        }
        for (size_t row = 0; *text != NULL && row < part->rows.n && *n < MOST_TEXT - 1024; row++) {
            *n += (size_t)snprintf(*text + *n, MOST_TEXT - *n, "\n%lld %lld",
                                   (long long)part->rows.time_ns[row],
                                   part->rows.open_ns ? (long long)part->rows.open_ns[row] : 0LL);
            for (size_t c = 0; c < part->rows.n_columns; c++) {
                *n +=
                    (size_t)snprintf(*text + *n, MOST_TEXT - *n, " %a", part->rows.columns[c][row]);
            }
        }
    }
}

static void hash_all(outcome *o, const collected *all, const csv_reader *r)
{
    hasher *h = NULL;
    CHECK_OK(hasher_create(&h));
    o->n_series = csv_reader_count(r);
    for (size_t i = 0; i < o->n_series && i < MOST_SERIES; i++) {
        const fel_series_info *info = csv_reader_series(r, i);
        hasher_add(h, info, sizeof(*info));
        if (all->texts[i] != NULL) {
            hasher_add(h, all->texts[i], all->sizes[i]);
        }
    }
    hasher_text(h, o->hash);
    hasher_destroy(h);
}

static outcome read_sized(const char *path, const fel_csv_options *options, size_t batch_bytes,
                          size_t piece_bytes)
{
    outcome o;
    collected all = {0};
    csv_reader *r = NULL;
    csv_batch batch = {0};
    memset(&o, 0, sizeof(o));
    o.status = csv_reader_open_sized(&r, path, options, batch_bytes, piece_bytes);
    do {
        o.status = o.status == FEL_OK ? csv_reader_next(r, &batch) : o.status;
        if (o.status == FEL_OK) {
            collect(&all, &batch);
        }
    } while (o.status == FEL_OK && batch.n > 0);
    if (o.status == FEL_OK) {
        o.status = csv_reader_finish(r, &o.summary);
        hash_all(&o, &all, r);
    }
    if (o.status != FEL_OK) {
        (void)snprintf(o.message, sizeof(o.message), "%s", fel_last_error()->message);
    }
    csv_reader_close(r);
    for (size_t i = 0; i < MOST_SERIES; i++) {
        free(all.texts[i]);
    }
    return o;
}

static void check_same(const outcome *a, const outcome *b)
{
    CHECK_INT(a->status, b->status);
    CHECK_TEXT(a->message, b->message);
    CHECK_TEXT(a->hash, b->hash);
    CHECK_INT(a->n_series, b->n_series);
    CHECK(memcmp(&a->summary, &b->summary, sizeof(a->summary)) == 0);
}

static void check_all_sizes(const char *text, const fel_csv_options *options, fel_status expected)
{
    const char *path = csv_case_file("cut.csv", text, -1);
    const size_t n = strlen(text);
    const outcome whole = read_sized(path, options, 1 << 22, 1 << 17);
    CHECK_INT(whole.status, expected);
    for (size_t size = 1; size <= n + 1; size++) {
        const outcome by_batch = read_sized(path, options, size, 1 << 17);
        const outcome by_piece = read_sized(path, options, 1 << 22, size);
        check_same(&by_batch, &whole);
        check_same(&by_piece, &whole);
    }
}

static const char *const texts[] = {
    "date,open,high,low,close,volume\n2020-01-02,10.5,11.25,10.25,11,300\n2020-01-03,11,11,11,11,\n"
    "2020-01-07,11,12.125,11,12,0\n",
    "\xef\xbb\xbf\"Date\",Close\r\n\r\n\"2020-01-02\",\"1,234.5\"\r\n2020-01-03,7\r\n\r\n",
    "Date,Close\r2020-01-02,5\r2020-01-03,7\r2020-01-06,7.5",
    "ts,note,close\n2020-01-02 10:00:00,\"a\nb\"\"c\",1.5\n2020-01-02 10:01:00,x,2\n"
    "2020-01-02 10:02:00,\"\",3\n2020-01-02 10:04:00,\",\n,\",4\n",
    "date,symbol,close\n2020-01-02,B,1\n2020-01-02,A,2\n2020-01-03,B,1.5\n2020-01-03,A,2.5\n"
    "2020-01-06,C,9\n2020-01-06,A,3\n",
    "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
    "2020-01-02,1,2,1,2,1.9,5,0.25,0\n2020-01-03,,,,,,,0.5,\n2020-01-06,1,2,1,2,2,5,0,4\n",
    "DATE,DGS\n2020-01-02,1.5\n2020-01-03,.\n2020-01-06,1.25\n",
};

static void test_good_files_cut_anywhere(void)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        check_all_sizes(texts[i], NULL, FEL_OK);
    }
}

static void test_bad_files_cut_anywhere(void)
{
    static const char *const bad[] = {
        "date,close\n2020-01-02,1\n2020-01-03,x\n2020-01-02,1\n2020-01-07,y\n",
        "date,close\n2020-01-02,1\n2020-01-01,2\n2020-01-03,z\n",
        "date,close\n2020-01-02,1\n2020-01-03,\"2\n2020-01-06,3\n2020-01-07,4\n",
        "date,close\n2020-01-02,1\n2020-01-03,2\"2\n2020-01-06,3\"\n2020-01-07,x\n",
        "date,close\n2020-01-02,1\n2020-01-03,q\n2020-01-06,3\"\n2020-01-07,x\n",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        check_all_sizes(bad[i], NULL, FEL_ERR_FORMAT);
    }
}

static void test_quarantine_and_sort_cut_anywhere(void)
{
    char rejected[600];
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(rejected, sizeof(rejected), "%s/rejected.csv", scratch_folder());
    options.bad_rows = FEL_BAD_ROWS_QUARANTINE;
    options.quarantine_path = rejected;
    check_all_sizes(
        "date,close\n2020-01-02,1\n2020-01-02,1.5\n2020-01-03,x\n2020-01-01,1\n\n\"2020-01-07\",2\n"
        "2020-01-08,3,4\n2020-01-09,5\n",
        &options, FEL_OK);
    size_t size = 0;
    char *text = csv_case_slurp(rejected, &size);
    CHECK_TEXT(
        text,
        "row,column,value,rule,raw\n"
        "3,\"date\",\"2020-01-02T00:00:00Z\",\"repeats the time of row 2\",\"2020-01-02,1.5\"\n"
        "4,\"close\",\"x\",\"is not a number\",\"2020-01-03,x\"\n"
        "5,\"date\",\"2020-01-01T00:00:00Z\",\"is earlier than row 2; if newest comes first, "
        "ask for sort\",\"2020-01-01,1\"\n"
        "8,\"-\",\"\",\"has 3 columns, not 2\",\"2020-01-08,3,4\"\n");
    free(text);
    options = fel_csv_options_default();
    options.sort = 1;
    check_all_sizes("date,close\n2020-01-07,3\n2020-01-06,2.5\n2020-01-03,2\n2020-01-02,1\n",
                    &options, FEL_OK);
    check_all_sizes(
        "date,symbol,close\n2020-01-07,A,3\n2020-01-07,B,2.5\n2020-01-03,A,2\n2020-01-03,B,1\n",
        &options, FEL_OK);
    check_all_sizes("date,close\n2020-01-07,3\n2020-01-06,2.5\n2020-01-06,2\n2020-01-02,1\n",
                    &options, FEL_ERR_FORMAT);
}

/* The same rows with every field quoted go through libcsv instead. */
static void test_quoted_fields_give_the_same_series(void)
{
    enum { ROWS = 3000, WIDTH = 128 };
    char *plain = malloc(ROWS * WIDTH), *quoted = malloc(ROWS * WIDTH);
    CHECK(plain != NULL && quoted != NULL);
    if (plain != NULL && quoted != NULL) {
        size_t n = (size_t)sprintf(plain, "timestamp,open,high,low,close,volume\n");
        size_t m = (size_t)sprintf(quoted, "timestamp,open,high,low,close,volume\n");
        for (int i = 0; i < ROWS; i++) {
            const double open = 100.0 + 7.0 * (i % 13) / 64.0,
                         close = 100.0 + 7.0 * (i % 11) / 64.0;
            char fields[6][32];
            (void)snprintf(fields[0], 32, "2020-01-%02d %02d:%02d:00", 1 + i / 1440, i / 60 % 24,
                           i % 60);
            (void)snprintf(fields[1], 24, "%.6f", open);
            (void)snprintf(fields[2], 24, "%.6f", open + close - 50.0);
            (void)snprintf(fields[3], 24, "%.6f", 50.0 + i % 3);
            (void)snprintf(fields[4], 24, "%.6f", close);
            (void)snprintf(fields[5], 24, "%d", i * 37);
            n += (size_t)sprintf(plain + n, "%s,%s,%s,%s,%s,%s\n", fields[0], fields[1], fields[2],
                                 fields[3], fields[4], fields[5]);
            m += (size_t)sprintf(quoted + m, "\"%s\",\"%s\",%s,\"%s\",%s,\"%s\"\n", fields[0],
                                 fields[1], fields[2], fields[3], fields[4], fields[5]);
        }
        fel_series_list a, b;
        fel_csv_options options = fel_csv_options_default();
        (void)strcpy(options.symbol, "X");
        (void)csv_case_read(&a, csv_case_file("p.csv", plain, (long)n), &options);
        (void)csv_case_read(&b, csv_case_file("q.csv", quoted, (long)m), &options);
        const fel_block x = fel_series_rows(a.items[0]), y = fel_series_rows(b.items[0]);
        CHECK_INT(x.n, ROWS);
        CHECK_INT(y.n, ROWS);
        CHECK(memcmp(x.time_ns, y.time_ns, ROWS * 8) == 0);
        for (size_t c = 0; c < 5; c++) {
            CHECK(memcmp(x.columns[c], y.columns[c], ROWS * 8) == 0);
        }
        fel_series_list_clear(&a);
        fel_series_list_clear(&b);
    }
    free(plain);
    free(quoted);
}

/* Good files with a few bytes changed: good or bad, the outcome does not depend on the cuts. */
static void test_mutated_files_cut_anywhere(void)
{
    static const char letters[] = "0123456789,,;\n\n\r\"\" .-:eTx\t\xff";
    rng_stream r = rng_at(31, 0);
    fel_csv_options options = fel_csv_options_default();
    char rejected[600], text[512];
    (void)snprintf(rejected, sizeof(rejected), "%s/rejected.csv", scratch_folder());
    options.quarantine_path = rejected;
    for (int trial = 0; trial < 400; trial++) {
        const char *seed = texts[trial % (int)(sizeof(texts) / sizeof(texts[0]))];
        const size_t n = strlen(seed);
        memcpy(text, seed, n + 1);
        for (uint64_t k = 1 + rng_below(&r, 4); k > 0; k--) {
            text[rng_below(&r, n)] = letters[rng_below(&r, sizeof(letters) - 1)];
        }
        options.bad_rows = trial % 2 ? FEL_BAD_ROWS_QUARANTINE : FEL_BAD_ROWS_STOP;
        const char *path = csv_case_file("mutant.csv", text, (long)n);
        const outcome whole = read_sized(path, &options, 1 << 22, 1 << 17);
        const outcome small = read_sized(path, &options, 1 + rng_below(&r, n), 1 << 17);
        const outcome pieces = read_sized(path, &options, 1 << 22, 1 + rng_below(&r, n));
        check_same(&small, &whole);
        check_same(&pieces, &whole);
    }
}

SUITE("data/csv_chunks", TEST(test_good_files_cut_anywhere), TEST(test_bad_files_cut_anywhere),
      TEST(test_quarantine_and_sort_cut_anywhere), TEST(test_quoted_fields_give_the_same_series),
      TEST(test_mutated_files_cut_anywhere));
