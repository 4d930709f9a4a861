/* hedge/hedge_model_table.c - tables of a call's greeks by the market's model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/real.h"
#include "core/threads.h"
#include "hedge/book_internal.h"
#include "hedge/hedge_model_internal.h"

enum { N_W = 161, N_S = 49, ROW = N_W + 2, MOST_DATES = 2000 };
static const double last_w = 5.0; /* |y| = 74 */
static const double far_x = 1.0;  /* beyond this and */
static const double far_y = 16.0; /* this: nothing left of an option */

KERNEL_DECLARE(void, model_lookup, f64, (const model_job *job));

model_lookup_fn *model_lookup_of(cpu_level level)
{
    static model_lookup_fn *const table[CPU_N_LEVELS] = KERNEL_LEVELS(model_lookup, f64);
    return table[level];
}

typedef struct model_date {
    double left_years, yield; /* exp(-q left) */
    double a, b, u0;
} model_date;

struct model_table {
    fel_process process; /* spot 1 */
    double strike, max_u;
    size_t n_dates, n_s;
    cpu_level level;
    model_date *dates;
    double *values; /* [date][delta, vega][n_s + 2][ROW] */
};

void model_table_destroy(model_table *table)
{
    if (table != NULL) {
        free(table->dates);
        free(table->values);
        free(table);
    }
}

static double *values_of(const model_table *table, size_t date, int is_vega)
{
    return table->values + (2 * date + (is_vega ? 1 : 0)) * (table->n_s + 2) * ROW;
}

static double step_of_w(void)
{
    return 2.0 * last_w / (N_W - 1);
}

static double last_s(const model_table *table, const model_date *date)
{
    return table->max_u / (table->max_u + date->u0);
}

/* ---- splines --------------------------------------------------------------------------------- */

/* Coefficients c[-1 .. n] in place of the values c[0 .. n - 1], `stride` apart: slopes at the ends
 * by differences of the fourth order, 0 at the first if it is flat there. */
static double end_slope(const double *c, ptrdiff_t stride)
{
    return (-25.0 * c[0] + 48.0 * c[stride] - 36.0 * c[2 * stride] + 16.0 * c[3 * stride] -
            3.0 * c[4 * stride]) /
           12.0;
}

static void fit_spline(double *c, size_t n, ptrdiff_t stride, int is_flat)
{
    double factor[N_W] = {0.5};
    double *last = c + (ptrdiff_t)(n - 1) * stride;
    const double low = is_flat ? 0.0 : end_slope(c, stride), high = -end_slope(last, -stride);
    c[0] = (6.0 * c[0] + 2.0 * low) / 4.0;
    for (size_t i = 1; i + 1 < n; i++) {
        double *at = c + (ptrdiff_t)i * stride;
        const double pivot = 1.0 / (4.0 - factor[i - 1]);
        factor[i] = pivot;
        at[0] = (6.0 * at[0] - at[-stride]) * pivot;
    }
    last[0] = (6.0 * last[0] - 2.0 * high - 2.0 * last[-stride]) / (4.0 - 2.0 * factor[n - 2]);
    for (size_t i = n - 1; i-- > 0;) {
        double *at = c + (ptrdiff_t)i * stride;
        at[0] -= factor[i] * at[stride];
    }
    c[-stride] = c[stride] - 2.0 * low;
    last[stride] = last[-stride] + 2.0 * high;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* f and g at all w of one u, into [N_W] each. */
static fel_status fill_row(const model_table *table, const model_date *date, double u, double *f,
                           double *g)
{
    double strikes[N_W];
    size_t place[N_W], n_near = 0;
    fel_greeks greeks[N_W];
    fel_process process = table->process;
    process.heston.v0 = u * u;
    const double h = fmax(sqrt(date->a * u * u + date->b), 1e-9);
    for (size_t i = 0; i < N_W; i++) {
        const double y = sinh(-last_w + step_of_w() * (double)i), x = h * y;
        f[i] = y > 0.0 ? date->yield : 0.0;
        g[i] = 0.0;
        if (fabs(x) < far_x || fabs(y) < far_y) {
            strikes[n_near] = exp(-x);
            place[n_near++] = i;
        }
    }
    FEL_TRY(fel_greeks_european(&process, date->left_years, strikes, NULL, n_near, FEL_PRICE_FAST,
                                greeks));
    const double to_g = date->a > 0.0 ? h / (date->a * 2.0 * u) : 0.0;
    for (size_t k = 0; k < n_near; k++) {
        f[place[k]] = greeks[k].delta;
        g[place[k]] = greeks[k].vega * to_g;
    }
    return FEL_OK;
}

/* A node's sqrt(v); next to 0 in place of 0, where sensitivities to sqrt(v) vanish. */
static double node_u(const model_table *table, const model_date *date, size_t j)
{
    const double s = last_s(table, date) * fmax((double)j, 0.05) / (double)(table->n_s - 1);
    return date->u0 * s / (1.0 - s);
}

static fel_status build_date(void *payload, size_t index, int thread)
{
    const model_table *table = payload;
    const model_date *date = &table->dates[index];
    double *f = values_of(table, index, 0) + ROW + 1, *g = values_of(table, index, 1) + ROW + 1;
    (void)thread;
    for (size_t j = 0; j < table->n_s; j++) {
        const int is_copy = j > 0 && date->a <= 0.0;
        if (is_copy) {
            memcpy(f + j * ROW - 1, f - 1, ROW * sizeof(double));
            memcpy(g + j * ROW - 1, g - 1, ROW * sizeof(double));
            continue;
        }
        const double u = date->a > 0.0 ? node_u(table, date, j) : 0.0;
        FEL_TRY(fill_row(table, date, u, f + j * ROW, g + j * ROW));
        fit_spline(f + j * ROW, N_W, 1, 0);
        fit_spline(g + j * ROW, N_W, 1, 0);
    }
    for (size_t i = 0; i < ROW; i++) {
        fit_spline(f - 1 + i, table->n_s, ROW, 1);
        fit_spline(g - 1 + i, table->n_s, ROW, 1);
    }
    return FEL_OK;
}

/* ---- making one ------------------------------------------------------------------------------ */

static void set_date(model_table *table, double left_years, model_date *date)
{
    const fel_process *p = &table->process;
    *date = (model_date){.left_years = left_years,
                         .yield = exp(-p->dividend_per_year * left_years),
                         .b = p->vol_per_year * p->vol_per_year * left_years,
                         .u0 = 1.0};
    if (fel_process_has_variance(p)) {
        fel_heston law = p->heston;
        law.v0 = 0.0;
        date->b = fel_total_variance(&law, left_years);
        law.v0 = 1.0;
        date->a = fel_total_variance(&law, left_years) - date->b;
        date->u0 = fmax(law.xi * sqrt(left_years), 1e-3);
    }
}

/* The variance's law has a tail of exp(-v / scale) at the last date. */
static double greatest_u(const fel_process *process, double horizon_years)
{
    const fel_heston *h = &process->heston;
    const double scale = 0.5 * h->xi * h->xi * horizon_years;
    return sqrt(1.5 * fmax(h->v0, h->theta) + 20.0 * scale + 1e-6);
}

static fel_status build(model_table *table, const fel_hedge_problem *problem, double expiry_years)
{
    const size_t n = table->n_dates;
    table->dates = calloc(n, sizeof(model_date));
    table->values = calloc(2 * n, (table->n_s + 2) * ROW * sizeof(double));
    if (table->dates == NULL || table->values == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a table of greeks of %zu dates", n);
    }
    for (size_t d = 0; d < n; d++) {
        const double left =
            (expiry_years - problem->config.horizon_years) + problem->dt_years * (double)(n - d);
        set_date(table, left, &table->dates[d]);
    }
    return threads_run(0, n, build_date, table);
}

fel_status model_table_create(model_table **out, const fel_hedge_problem *problem, double strike,
                              double expiry_years)
{
    const fel_hedge_config *config = &problem->config;
    if (config->n_dates > MOST_DATES) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "greeks of a model are tabled for up to %d dates, here are %zu",
                         MOST_DATES, config->n_dates);
    }
    model_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a table of greeks");
    }
    table->process = config->market.process;
    table->process.spot = 1.0;
    table->process.rate_per_year = config->rate_per_year;
    const int has_variance = fel_process_has_variance(&table->process);
    if (has_variance) {
        table->process.vol_per_year = 0.0;
        table->max_u = greatest_u(&table->process, config->horizon_years);
    }
    table->strike = strike;
    table->n_dates = config->n_dates;
    table->n_s = has_variance ? N_S : 5;
    table->level = cpu_level_now();
    const fel_status status = build(table, problem, expiry_years);
    if (status != FEL_OK) {
        model_table_destroy(table);
        return status;
    }
    *out = table;
    return FEL_OK;
}

/* ---- looking up ------------------------------------------------------------------------------ */

/* A variance beyond the table; where Fourier fails, the table's edge stays. */
static void look_exactly(const model_table *table, const model_date *date, double variance,
                         double spot, size_t i, const model_greeks *out)
{
    fel_process process = table->process;
    const double strike = table->strike / spot, u = sqrt(variance);
    fel_greeks at;
    process.heston.v0 = variance;
    if (fel_greeks_european(&process, date->left_years, &strike, NULL, 1, FEL_PRICE_FAST, &at) ==
        FEL_OK) {
        out->delta[i] = at.delta;
        out->gamma[i] = at.gamma / spot;
        out->vega[i] = spot * at.vega / (2.0 * u);
    }
}

void model_table_greeks(const model_table *table, size_t date_index, const double *spot,
                        const double *variance, size_t n, const model_greeks *out)
{
    const model_date *date = &table->dates[date_index];
    const int has_variance = date->a > 0.0 && variance != NULL;
    const double s_step = has_variance ? last_s(table, date) / (double)(table->n_s - 1) : 1.0;
    const model_job job = {.n = n,
                           .spot = spot,
                           .variance = has_variance ? variance : NULL,
                           .strike = table->strike,
                           .a = date->a,
                           .b = date->b,
                           .u0 = date->u0,
                           .w = {-last_w, 1.0 / step_of_w(), N_W - 2},
                           .s = {0.0, 1.0 / s_step, (double)(table->n_s - 2)},
                           .row = ROW,
                           .delta_table = values_of(table, date_index, 0),
                           .vega_table = values_of(table, date_index, 1),
                           .delta = out->delta,
                           .gamma = out->gamma,
                           .vega = out->vega,
                           .vanna = out->vanna};
    model_lookup_of(table->level)(&job);
    const double most = table->max_u * table->max_u;
    for (size_t i = 0; i < n && has_variance; i++) {
        if (variance[i] > most) {
            look_exactly(table, date, variance[i], spot[i], i, out);
        }
    }
}

double model_table_yield(const model_table *table, size_t date)
{
    return table->dates[date].yield;
}

void model_table_peak_vega(const model_table *table, size_t date_index, const double *spot,
                           const double *variance, size_t n, double *out)
{
    const model_date *date = &table->dates[date_index];
    for (size_t i = 0; i < n; i++) {
        const double h = fmax(sqrt(date->a * fmax(variance[i], 0.0) + date->b), 1e-9);
        out[i] = 0.19947114020071633897 * spot[i] * date->a / h;
    }
}
