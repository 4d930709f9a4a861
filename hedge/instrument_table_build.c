/* hedge/instrument_table_build.c - the table of a quoted option, fine enough.
 *
 * Both axes are refined until, on the first, the middle and the last date, prices half-way between
 * the points differ from Fourier's by less than 4e-6 of the spot along either axis (the places
 * where cubic interpolation is worst), or the finest table is reached; then all dates are filled,
 * on all cores. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "core/threads.h"
#include "hedge/quote_internal.h"

enum { LEAST_T = 65, MOST_T = 513, LEAST_S = 17, MOST_S = 257, MOST_DATES = 4000 };
static const double tolerance = 4e-6; /* of the spot, along an axis */
static const double far_log = 30.0;   /* no time value beyond */

/* g by Fourier at n points t[] of one date and variance. */
static fel_status exact_row(const quote_table *table, const quote_date *date, double variance,
                            const double *t, size_t n, double *g)
{
    double strikes[MOST_T] = {0.0}, prices[MOST_T];
    fel_option_right rights[MOST_T] = {FEL_CALL};
    size_t place[MOST_T], n_near = 0;
    fel_process process = table->process;
    process.spot = 1.0;
    process.heston.v0 = variance;
    const double w = sqrt(date->a * variance + date->b);
    for (size_t i = 0; i < n; i++) {
        const double x = w * sinh(t[i]);
        g[i] = -quote_shape(exp(x), w) / w;
        if (fabs(x) < far_log) {
            strikes[n_near] = date->growth * exp(-x);
            rights[n_near] = x > 0.0 ? FEL_PUT : FEL_CALL;
            place[n_near++] = i;
        }
    }
    FEL_TRY(fel_price_european(&process, date->left_years, strikes, rights, n_near, FEL_PRICE_FAST,
                               prices));
    for (size_t k = 0; k < n_near; k++) {
        const double time_value = prices[k] / (strikes[k] * date->discount);
        g[place[k]] += (time_value > 0.0 ? time_value : 0.0) / w;
    }
    return FEL_OK;
}

/* ---- axes ------------------------------------------------------------------------------------ */

static double point(const quote_axis *axis, double i)
{
    return axis->first + axis->step * i;
}

/* The variance at which the total one is e^s; its width. */
static double variance_at(const quote_table *table, const quote_date *date, double s)
{
    if (date->s.n == 1) {
        return 0.0;
    }
    const double v = (exp(s) - date->b) / date->a;
    return fmin(fmax(v, 0.0), table->max_variance);
}

static void set_axis(quote_axis *axis, double from, double to, size_t n)
{
    *axis = (quote_axis){from, n > 1 ? (to - from) / (double)(n - 1) : 1.0, n};
}

static void set_axes(quote_table *table, size_t n_t, size_t n_s)
{
    for (size_t d = 0; d < table->n_dates; d++) {
        quote_date *date = &table->dates[d];
        const double reach = asinh(table->max_log / sqrt(date->b));
        set_axis(&date->t, -reach, reach, n_t);
        set_axis(&date->s, log(date->b), log(date->a * table->max_variance + date->b), n_s);
    }
}

/* ---- values ---------------------------------------------------------------------------------- */

/* g at all points of a date, `shift_t` and `shift_s` of a step beside them. */
static fel_status fill_date(const quote_table *table, size_t d, double shift_t, double shift_s,
                            double *values)
{
    const quote_date *date = &table->dates[d];
    double t[MOST_T];
    for (size_t i = 0; i < date->t.n; i++) {
        t[i] = point(&date->t, (double)i + shift_t);
    }
    for (size_t j = 0; j < date->s.n; j++) {
        const double v = variance_at(table, date, point(&date->s, (double)j + shift_s));
        FEL_TRY(exact_row(table, date, v, t, date->t.n, values + j * date->t.n));
    }
    return FEL_OK;
}

/* The greatest difference in money, over the spot at date 0, between a date's interpolated values
 * and those beside them. */
static double worst_between(const quote_table *table, size_t d, const double *values,
                            const double *beside, double shift_t, double shift_s)
{
    const quote_date *date = &table->dates[d];
    const size_t n_s = date->s.n - (shift_s > 0.0 ? 1 : 0);
    const size_t n_t = date->t.n - (shift_t > 0.0 ? 1 : 0);
    double worst = 0.0;
    for (size_t j = 0; j < n_s; j++) {
        const double s = point(&date->s, (double)j + shift_s);
        const double w = sqrt(date->a * variance_at(table, date, s) + date->b);
        for (size_t i = 0; i < n_t; i++) {
            const double t = point(&date->t, (double)i + shift_t);
            if (w * fabs(sinh(t)) <= table->max_log) {
                const double g = quote_interpolate(date, values, t, s);
                worst = fmax(worst, w * fabs(g - beside[j * date->t.n + i]));
            }
        }
    }
    return worst * date->discount * table->strike / table->process.spot;
}

/* Is one date's table fine enough along t and s? */
static fel_status judge_date(const quote_table *table, size_t d, int *t_is_fine, int *s_is_fine)
{
    const size_t n_s = table->dates[d].s.n, size = table->dates[d].t.n * n_s;
    double *values = calloc(size > 0 ? size : 1, 2 * sizeof(double));
    if (values == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a table of quotes");
    }
    double *beside = values + size;
    fel_status status = fill_date(table, d, 0.0, 0.0, values);
    if (status == FEL_OK) {
        status = fill_date(table, d, 0.5, 0.0, beside);
    }
    if (status == FEL_OK) {
        *t_is_fine = *t_is_fine && worst_between(table, d, values, beside, 0.5, 0.0) < tolerance;
    }
    if (status == FEL_OK && n_s > 1) {
        status = fill_date(table, d, 0.0, 0.5, beside);
        if (status == FEL_OK) {
            *s_is_fine =
                *s_is_fine && worst_between(table, d, values, beside, 0.0, 0.5) < tolerance;
        }
    }
    free(values);
    return status;
}

static fel_status choose_axes(quote_table *table)
{
    size_t n_t = LEAST_T, n_s = fel_process_has_variance(&table->process) ? LEAST_S : 1;
    const size_t judged[] = {0, table->n_dates / 2, table->n_dates - 1};
    for (;;) {
        int t_is_fine = 1, s_is_fine = 1;
        set_axes(table, n_t, n_s);
        for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++) {
            FEL_TRY(judge_date(table, judged[i], &t_is_fine, &s_is_fine));
        }
        t_is_fine = t_is_fine || n_t >= MOST_T;
        s_is_fine = s_is_fine || n_s >= MOST_S || n_s == 1;
        if (t_is_fine && s_is_fine) {
            return FEL_OK;
        }
        n_t = t_is_fine ? n_t : 2 * n_t - 1;
        n_s = s_is_fine ? n_s : 2 * n_s - 1;
    }
}

static fel_status build_date(void *payload, size_t index, int thread)
{
    const quote_table *table = payload;
    (void)thread;
    const quote_date *date = &table->dates[index];
    return fill_date(table, index, 0.0, 0.0, table->values + index * date->s.n * date->t.n);
}

/* ---- making one ------------------------------------------------------------------------------ */

static void set_date(quote_table *table, const fel_hedge_problem *problem, double expiry_years,
                     size_t d)
{
    const fel_process *p = &table->process;
    const double horizon = problem->config.horizon_years;
    const double left =
        (expiry_years - horizon) + problem->dt_years * (double)(problem->config.n_dates - d);
    quote_date date = {.left_years = left,
                       .growth = exp((p->rate_per_year - p->dividend_per_year) * left),
                       .discount = exp(-p->rate_per_year * left),
                       .b = p->vol_per_year * p->vol_per_year * left};
    if (fel_process_has_variance(p)) {
        fel_heston law = p->heston;
        law.v0 = 0.0;
        date.b = fel_total_variance(&law, left);
        law.v0 = 1.0;
        date.a = fel_total_variance(&law, left) - date.b;
    }
    if (fel_process_has_jumps(p)) {
        const fel_jumps *jumps = &p->jumps;
        date.b += jumps->intensity_per_year * left *
                  (jumps->mean * jumps->mean + jumps->vol * jumps->vol);
    }
    date.b = fmax(date.b, 1e-6 * date.a * fmax(p->heston.v0, p->heston.theta) + 1e-16);
    table->dates[d] = date;
}

/* The variance's law has a tail of exp(-v / scale) at date N. */
static void set_reach(quote_table *table, const fel_hedge_problem *problem)
{
    const fel_process *p = &table->process;
    const double horizon = problem->config.horizon_years;
    const double sd = sqrt(problem->total_variance);
    table->max_log = fmax(20.0 * sd + 2.0 * fabs(log(p->spot / table->strike)), 0.5);
    table->most_m = exp(table->max_log);
    table->least_m = 1.0 / table->most_m;
    if (fel_process_has_variance(p)) {
        const fel_heston *h = &p->heston;
        const double decay = h->kappa * horizon;
        const double share = decay > 1e-12 ? -expm1(-decay) / decay : 1.0;
        const double scale = 0.5 * h->xi * h->xi * share * horizon;
        table->max_variance = 1.5 * fmax(h->v0, h->theta) + 25.0 * scale + 1e-6;
    }
}

static fel_status build(quote_table *table, const fel_hedge_problem *problem, double expiry_years)
{
    table->dates = calloc(table->n_dates, sizeof(quote_date));
    if (table->dates == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a table of quotes");
    }
    for (size_t d = 0; d < table->n_dates; d++) {
        set_date(table, problem, expiry_years, d);
    }
    set_reach(table, problem);
    FEL_TRY(choose_axes(table));
    const quote_date *date = &table->dates[0];
    table->values = calloc(table->n_dates, date->s.n * date->t.n * sizeof(double));
    if (table->values == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a table of quotes of %zu dates",
                         table->n_dates);
    }
    return threads_run(0, table->n_dates, build_date, table);
}

fel_status quote_table_create(quote_table **out, const fel_hedge_problem *problem,
                              const fel_hedge_instrument *option)
{
    const fel_hedge_config *config = &problem->config;
    if (config->n_dates > MOST_DATES) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: an option is quoted on up to %d dates, here are %zu",
                         option->name, MOST_DATES, config->n_dates);
    }
    quote_table *table = calloc(1, sizeof(*table));
    if (table == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a table of quotes");
    }
    table->process = config->market.process;
    table->right = option->right;
    table->strike = option->strike;
    table->n_dates = config->n_dates + (option->expiry_years > config->horizon_years ? 1 : 0);
    const fel_status status = build(table, problem, option->expiry_years);
    if (status != FEL_OK) {
        quote_table_destroy(table);
        return status;
    }
    *out = table;
    return FEL_OK;
}
