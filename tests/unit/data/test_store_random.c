/* tests/unit/data/test_store_random.c - any sequence of appends, replacements, refusals and
 * compactions leaves the store with what a plain list in memory has. */
#include <stdio.h>

#include "tests/unit/data/sample_series.h"

enum { N_SYMBOLS = 4, N_STEPS = 70, MOST_ROWS = 1200, ROOM = N_STEPS * MOST_ROWS };

/* What a series should hold. */
typedef struct model {
    sample_rows rows; /* room for all; n in use */
    int64_t next_ns;  /* later than all rows */
    double ticks;     /* of the rows there; 0: none */
} model;

static const double grids[] = {1.0, 100.0, 1000.0, 0.0};

static void random_bars(rng_stream *s, model *m, sample_rows *out, double *ticks)
{
    const size_t n = 1 + rng_below(s, MOST_ROWS);
    *ticks = grids[rng_below(s, 4)];
    *out = sample_bars(rng_next(s), n, m->next_ns + (int64_t)rng_below(s, 5000), *ticks);
    for (size_t i = 0; rng_below(s, 3) == 0 && i < n; i += 1 + rng_below(s, 9)) {
        out->columns[4][i] = (double)NAN;
    }
}

static double finer(double a, double b)
{
    return a == 0.0 || b == 0.0 ? 0.0 : a > b ? a : b;
}

static void take(model *m, const sample_rows *r, double ticks, int replace)
{
    const size_t first = replace ? 0 : m->rows.n;
    memcpy(m->rows.time_ns + first, r->time_ns, r->n * sizeof(int64_t));
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        memcpy(m->rows.columns[c] + first, r->columns[c], r->n * sizeof(double));
    }
    m->ticks = first == 0 ? ticks : finer(m->ticks, ticks);
    m->rows.n = first + r->n;
    m->next_ns = r->time_ns[r->n - 1] + 1;
}

static fel_series *make(int symbol, const sample_rows *r, double ticks)
{
    char name[16];
    fel_series *series = NULL;
    (void)snprintf(name, sizeof(name), "R%d", symbol);
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, name);
    info.length_ns = FEL_NS_PER_MINUTE;
    info.instrument.ticks_per_unit = ticks;
    const fel_block b = sample_block(r, 0);
    CHECK_OK(fel_series_create(&series, &info, &b));
    return series;
}

static void check_models(const char *path, const model *models)
{
    fel_store *store = NULL;
    CHECK_OK(fel_store_open(&store, path));
    for (int i = 0; i < N_SYMBOLS; i++) {
        const model *m = &models[i];
        char name[16];
        size_t at = 0;
        fel_series *s = NULL;
        if (m->rows.n == 0) {
            continue;
        }
        (void)snprintf(name, sizeof(name), "R%d", i);
        CHECK_OK(fel_store_find(store, name, FEL_DATA_BAR, 0, &at));
        CHECK_OK(fel_store_read(store, at, FEL_TIME_MIN, FEL_TIME_MAX, &s));
        const fel_block rows = fel_series_rows(s), expected = sample_block(&m->rows, 0);
        CHECK_INT(rows.n, expected.n);
        CHECK(same_rows(&expected, 0, &rows));
        CHECK_SAME(fel_series_describe(s)->instrument.ticks_per_unit, m->ticks);
        fel_series_destroy(s);
    }
    fel_store_close(store);
}

/* Append to some of the series at once; now and then one of them is late, and none may be taken. */
static void append_some(const char *path, rng_stream *s, model *models)
{
    const int replace = rng_below(s, 6) == 0, spoil = rng_below(s, 5) == 0;
    const uint64_t which = 1 + rng_below(s, (1 << N_SYMBOLS) - 1);
    const fel_series *list[N_SYMBOLS];
    sample_rows rows[N_SYMBOLS];
    double ticks[N_SYMBOLS];
    int owners[N_SYMBOLS];
    size_t n = 0;
    int is_late = 0;
    for (int i = 0; i < N_SYMBOLS; i++) {
        if ((which >> i & 1) == 0) {
            continue;
        }
        random_bars(s, &models[i], &rows[n], &ticks[n]);
        if (spoil && !replace && models[i].rows.n > 0) {
            rows[n].time_ns[0] = models[i].next_ns - 1; /* the last one there */
            is_late = 1;
        }
        list[n] = make(i, &rows[n], ticks[n]);
        owners[n++] = i;
    }
    CHECK_STATUS(fel_store_append(path, list, n, replace), is_late ? FEL_ERR_FORMAT : FEL_OK);
    for (size_t k = 0; k < n; k++) {
        if (!is_late) {
            take(&models[owners[k]], &rows[k], ticks[k], replace);
        }
        fel_series_destroy((fel_series *)(uintptr_t)list[k]);
        sample_rows_destroy(&rows[k]);
    }
}

static void test_store_is_as_a_list_in_memory(void)
{
    char path[512];
    model models[N_SYMBOLS];
    char *report = NULL;
    rng_stream s = rng_at(101, 1);
    (void)snprintf(path, sizeof(path), "%s/random", scratch_folder());
    for (int i = 0; i < N_SYMBOLS; i++) {
        models[i].rows = sample_rows_create(ROOM);
        models[i].rows.n = 0;
        models[i].next_ns = 0;
        models[i].ticks = 0.0;
    }
    for (int step = 0; step < N_STEPS; step++) {
        if (step > 0 && rng_below(&s, 8) == 0) {
            CHECK_OK(fel_store_compact(path));
        } else {
            append_some(path, &s, models);
        }
        check_models(path, models);
    }
    CHECK_OK(fel_store_compact(path));
    CHECK_OK(fel_store_check(path, &report));
    CHECK_TEXT(report, "");
    free(report);
    check_models(path, models);
    for (int i = 0; i < N_SYMBOLS; i++) {
        sample_rows_destroy(&models[i].rows);
    }
}

SUITE("data/store_random", TEST(test_store_is_as_a_list_in_memory));
