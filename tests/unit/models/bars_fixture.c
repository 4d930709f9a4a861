/* tests/unit/models/bars_fixture.c - see bars_fixture.h. */
#include "tests/unit/models/bars_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

double bars_draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) * 0x1p-53;
}

void bars_fill(bars_fixture *b, uint64_t seed, size_t n)
{
    uint64_t state = seed;
    double close = 23.85;
    memset(b, 0, sizeof(*b));
    b->n = n;
    b->length_ns = FEL_NS_PER_DAY;
    for (size_t i = 0; i < n; i++) {
        const double open = close * exp(0.01 * (bars_draw(&state) - 0.5));
        close = open * exp(0.04 * (bars_draw(&state) - 0.48));
        b->times_ns[i] = BARS_START + (int64_t)(i + 1) * FEL_NS_PER_DAY;
        b->open_ns[i] = b->times_ns[i] - FEL_NS_PER_DAY;
        b->columns[0][i] = open;
        b->columns[1][i] = fmax(open, close) * (1.0 + 0.01 * bars_draw(&state));
        b->columns[2][i] = fmin(open, close) * (1.0 - 0.01 * bars_draw(&state));
        b->columns[3][i] = close;
        b->columns[4][i] = floor(1e5 * bars_draw(&state));
    }
}

static fel_series *make(const fel_series_info *info, const fel_block *rows)
{
    fel_series *series = NULL;
    CHECK_OK(fel_series_create(&series, info, rows));
    return series;
}

fel_series *bars_series(const bars_fixture *b, const char *symbol)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, symbol);
    const double *columns[FEL_BAR_COLUMNS];
    info.length_ns = b->length_ns;
    info.adjustment = b->adjustment;
    (void)snprintf(info.zone, sizeof(info.zone), "%s", b->zone != NULL ? b->zone : "");
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        columns[c] = b->columns[c];
    }
    const fel_block rows = {b->n, FEL_BAR_COLUMNS, b->times_ns, b->open_ns, columns};
    return make(&info, &rows);
}

fel_series *bars_signals(const int64_t *times_ns, const double *x, size_t n)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_SIGNAL, "s");
    const double *columns[] = {x};
    info.n_columns = 1;
    (void)snprintf(info.columns[0], sizeof(info.columns[0]), "x");
    const fel_block rows = {n, 1, times_ns, NULL, columns};
    return make(&info, &rows);
}

fel_series *bars_actions(const int64_t *times_ns, const double *kinds, const double *values,
                         size_t n)
{
    const fel_series_info info = fel_series_info_default(FEL_DATA_ACTION, "a");
    const double *columns[] = {kinds, values};
    const fel_block rows = {n, FEL_ACTION_COLUMNS, times_ns, NULL, columns};
    return make(&info, &rows);
}

/* ---- by text --------------------------------------------------------------------------------- */

/* The words of a text, cut at blanks. */
typedef struct words {
    char text[128];
    char *items[8];
    size_t n;
} words;

static void split(words *w, const char *text)
{
    char *rest = NULL;
    (void)snprintf(w->text, sizeof(w->text), "%s", text);
    w->n = 0;
    for (char *word = strtok_r(w->text, " ", &rest); word != NULL && w->n < 8;
         word = strtok_r(NULL, " ", &rest)) {
        w->items[w->n++] = word;
    }
}

static void set_params(const words *w, const fel_param_spec *specs, double *params)
{
    size_t p = 0;
    for (size_t i = 1; i < w->n; i++) {
        if (w->items[i][0] != '@') {
            CHECK_OK(fel_param_parse(&specs[p], w->items[i], &params[p]));
            p++;
        }
    }
}

fel_feature feature_of(const char *text)
{
    words w;
    fel_feature feature = {0};
    split(&w, text);
    CHECK_OK(fel_feature_find(w.items[0], &feature));
    set_params(&w, feature.code->params, feature.params);
    if (w.items[w.n - 1][0] == '@') {
        (void)snprintf(feature.column, sizeof(feature.column), "%s", w.items[w.n - 1] + 1);
    }
    return feature;
}

fel_target target_of(const char *text)
{
    words w;
    fel_target target = {0};
    split(&w, text);
    CHECK_OK(fel_target_find(w.items[0], &target));
    set_params(&w, target.code->params, target.params);
    return target;
}

fel_scale scale_of(const char *text)
{
    words w;
    fel_scale scale = {0};
    split(&w, text);
    CHECK_OK(fel_scale_find(w.items[0], &scale));
    set_params(&w, scale.code->params, scale.params);
    return scale;
}
