/* study/hedging_lives_data.c - a real series and the variance that was known at each of its bars:
 * of its past returns, or quoted by a volatility index. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/hedging_lives_internal.h"

#define DAYS_A_YEAR 252.0

/* Bars, or the signal of one column. */
static fel_status read_one(fel_series **out, const char *path, const char *map, const char *column)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list = {NULL, 0};
    if (map != NULL && strlen(map) >= sizeof(options.map)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: the map is longer than %zu characters", path,
                         sizeof(options.map) - 1);
    }
    (void)snprintf(options.map, sizeof(options.map), "%s", map != NULL ? map : "");
    options.signal_columns = column;
    FEL_TRY(fel_csv_read(&list, path, &options, NULL));
    *out = list.items[0];
    list.items[0] = NULL;
    fel_series_list_clear(&list);
    if (column == NULL && fel_series_describe(*out)->kind != FEL_DATA_BAR) {
        fel_series_destroy(*out);
        *out = NULL;
        return FEL_RAISE(FEL_ERR_ARG, "%s: has no bars", path);
    }
    return FEL_OK;
}

/* Squared returns, the weight of each halved every so many days; NaN before the first return. */
static void of_returns(const life_market *m, double half_life, double *out)
{
    const double keep = exp2(-1.0 / half_life);
    double sum = 0.0, weight = 0.0;
    out[0] = (double)NAN;
    for (size_t i = 1; i < m->n; i++) {
        const double r = log(m->close[i] / m->close[i - 1]);
        sum = keep * sum + r * r;
        weight = keep * weight + 1.0;
        out[i] = DAYS_A_YEAR * sum / weight;
    }
}

/* The last quote known at each bar, squared. */
static void of_quotes(const life_market *m, const fel_series *quotes, double *out)
{
    const fel_block rows = fel_series_rows(quotes);
    const double *points = rows.columns[0];
    size_t next = 0;
    for (size_t i = 0; i < m->n; i++) {
        while (next < rows.n && rows.time_ns[next] <= m->time_ns[i]) {
            next++;
        }
        const double vol = next > 0 ? points[next - 1] / 100.0 : (double)NAN;
        out[i] = vol * vol;
    }
}

static fel_status estimate(const life_market *m, const hedging *h, double *out)
{
    const study_hedge_lives *lives = &h->study->values.lives;
    fel_series *quotes = NULL;
    if (lives->estimate == 0) {
        of_returns(m, (double)lives->days, out);
        return FEL_OK;
    }
    if (lives->volatility == NULL) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "lives.estimate: quotes needs lives.volatility, a file of them");
    }
    FEL_TRY(read_one(&quotes, lives->volatility, NULL, lives->volatility_column));
    of_quotes(m, quotes, out);
    fel_series_destroy(quotes);
    return FEL_OK;
}

static fel_status make_signal(life_market *m)
{
    const fel_instrument *instrument = &fel_series_describe(m->bars)->instrument;
    fel_series_info info = fel_series_info_default(FEL_DATA_SIGNAL, instrument->symbol);
    const double *columns[] = {m->estimate};
    const fel_block rows = {.n = m->n, .n_columns = 1, .time_ns = m->time_ns, .columns = columns};
    info.n_columns = 1;
    (void)snprintf(info.columns[0], sizeof(info.columns[0]), "variance");
    return fel_series_create(&m->variance, &info, &rows);
}

fel_status life_market_open(life_market *out, hedging *h)
{
    const study_hedge_lives *lives = &h->study->values.lives;
    memset(out, 0, sizeof(*out));
    FEL_TRY(read_one(&out->bars, lives->prices, lives->map, NULL));
    const fel_block rows = fel_series_rows(out->bars);
    out->n = rows.n;
    out->time_ns = rows.time_ns;
    out->close = rows.columns[FEL_FIELD_CLOSE];
    double *values = arena_array(&h->memory, out->n + 1, sizeof(double));
    FEL_TRY(hedging_need(values));
    out->estimate = values;
    FEL_TRY(estimate(out, h, values));
    return make_signal(out);
}

void life_market_close(life_market *m)
{
    fel_series_destroy(m->bars);
    fel_series_destroy(m->variance);
}
