/* study/forecast_facts.c - numbers that tell skill from luck. */
#include <math.h>
#include <stdlib.h>

#include <feller/inference.h>

#include "core/sum.h"
#include "study/forecast_compare_internal.h"

enum { N_SHIFTS = 999, N_FACTS = 12 };

size_t forecast_count_points(const forecasts *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_done; i++) {
        n += f->windows[i].n_test;
    }
    return n;
}

static void add(forecast_contest *out, const char *name, const char *label, const char *convention,
                double value, fel_metric_unit unit)
{
    const fel_forecast_fact fact = {name, label, convention, value, unit};
    out->facts[out->n_facts++] = fact;
}

/* ---- forecasts ------------------------------------------------------------------------------- */

/* Forecasts whose outcome is known, in order. */
typedef struct outcomes {
    double *values, *earned;
    size_t n;
} outcomes;

static fel_status list_outcomes(const forecasts *f, arena *memory, outcomes *out)
{
    const size_t n = forecast_count_points(f);
    out->values = arena_array(memory, n + 1, sizeof(double));
    out->earned = arena_array(memory, n + 1, sizeof(double));
    out->n = 0;
    if (out->values == NULL || out->earned == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu forecasts", n);
    }
    for (size_t i = 0; i < f->n_done; i++) {
        for (size_t k = 0; k < f->windows[i].n_test; k++) {
            const forecast_point *p = &f->windows[i].points[k];
            if (!isnan(p->earned) && !isnan(p->value)) {
                out->values[out->n] = p->value;
                out->earned[out->n++] = p->earned;
            }
        }
    }
    return FEL_OK;
}

static double correlation(const outcomes *o)
{
    const fel_cvec x = {o->values, o->n}, y = {o->earned, o->n};
    const double mean_x = mean_of(x), mean_y = mean_of(y);
    running_sum xx = {0}, yy = {0}, xy = {0};
    for (size_t i = 0; i < o->n; i++) {
        const double a = o->values[i] - mean_x, b = o->earned[i] - mean_y;
        running_add(&xx, a * a);
        running_add(&yy, b * b);
        running_add(&xy, a * b);
    }
    return running_value(&xy) / sqrt(running_value(&xx) * running_value(&yy));
}

/* Of forecasts and returns that are not 0. */
static double hit_rate(const outcomes *o)
{
    size_t n = 0, hits = 0;
    for (size_t i = 0; i < o->n; i++) {
        const double product = o->values[i] * o->earned[i];
        n += product != 0.0 ? 1 : 0;
        hits += product > 0.0 ? 1 : 0;
    }
    return n > 0 ? (double)hits / (double)n : (double)NAN;
}

static void add_forecasts(forecast_contest *out, const outcomes *o)
{
    add(out, "n_forecasts", "Forecasts", "test samples whose outcome is known", (double)o->n,
        FEL_UNIT_COUNT);
    add(out, "hit_rate", "Hit rate",
        "share of forecasts with the sign of the return that they would have earned, zeros left out",
        hit_rate(o), FEL_UNIT_FRACTION);
    add(out, "information_coefficient", "Information coefficient",
        "correlation of forecast and the return that it would have earned", correlation(o),
        FEL_UNIT_RATIO);
}

/* ---- timing ---------------------------------------------------------------------------------- */

static double param_of(const study_strategy *strategy, const char *name, double fallback)
{
    size_t index = 0;
    return fel_param_find(strategy->code->params, strategy->code->n_params, name, &index) == FEL_OK
               ? strategy->params[index]
               : fallback;
}

/* What forecast_sign makes of forecasts, in place; other strategies: the sign. */
static void to_positions(const study_strategy *strategy, outcomes *o)
{
    const double upper = param_of(strategy, "upper", 0.0), lower = param_of(strategy, "lower", 0.0);
    const double down = param_of(strategy, "side", 1.0) > 0.0 ? -1.0 : 0.0;
    for (size_t i = 0; i < o->n; i++) {
        o->values[i] = o->values[i] > upper ? 1.0 : o->values[i] < lower ? down : 0.0;
    }
}

/* Of one series only: positions of several do not lie on one ring. */
static fel_status add_timing(forecast_contest *out, const fel_study *study, outcomes *o,
                             size_t n_series)
{
    fel_shift_result shift = {.statistic = (double)NAN, .p_value = (double)NAN};
    const study_strategy *strategy = &study->values.strategy;
    to_positions(strategy, o);
    const fel_cvec positions = {o->values, o->n}, returns = {o->earned, o->n};
    if (n_series == 1 && o->n > 2) {
        FEL_TRY(fel_circular_shift_test(positions, returns, 0.0, N_SHIFTS,
                                        (uint64_t)study->values.seed, &shift));
    }
    add(out, "circular_shift_p_value", "Random timing p-value",
        "share of 999 circular shifts of the positions whose gross return over risk is at least as "
        "good, one series alone",
        shift.p_value, FEL_UNIT_RATIO);
    return FEL_OK;
}

/* ---- skill ----------------------------------------------------------------------------------- */

static void add_skill(forecast_contest *out, const fel_study *study, const equity_line *line,
                      double periods_per_year)
{
    const fel_cvec returns = {line->returns, line->n};
    const double rate = study->values.cash_rate_per_year / periods_per_year;
    const fel_sharpe_moments m = fel_sharpe_moments_of(returns, rate);
    add(out, "probabilistic_sharpe", "Probabilistic Sharpe ratio",
        "probability that the true Sharpe ratio is above 0, daily net returns",
        fel_probabilistic_sharpe(&m, 0.0), FEL_UNIT_FRACTION);
    add(out, "min_track_record", "Minimum track record",
        "years until that probability reaches 95 % if the moments stay as they are",
        fel_min_track_record(&m, 0.0, 0.95) / periods_per_year, FEL_UNIT_YEARS);
}

fel_status forecast_facts(forecast_contest *out, const fel_study *study, const forecasts *model,
                          const equity_line *line, double periods_per_year)
{
    outcomes o;
    out->facts = arena_array(&out->memory, N_FACTS, sizeof(*out->facts));
    if (out->facts == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
    }
    FEL_TRY(list_outcomes(model, &out->memory, &o));
    add_forecasts(out, &o);
    FEL_TRY(add_timing(out, study, &o, model->n_series));
    add_skill(out, study, line, periods_per_year);
    return FEL_OK;
}

/* The deflated ratio among the variants of a sweep: their Sharpe ratios are the trials. */
fel_status forecast_deflate(forecast_contest *out, const sweep *variants, const equity_line *line,
                            double periods_per_year, double risk_free_per_year)
{
    const fel_cvec returns = {line->returns, line->n};
    const fel_sharpe_moments m =
        fel_sharpe_moments_of(returns, risk_free_per_year / periods_per_year);
    double sd = 0.0;
    if (variants->n_done > 1) {
        double *ratios = arena_array(&out->memory, variants->n_done, sizeof(*ratios));
        if (ratios == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu variants", variants->n_done);
        }
        size_t n_known = 0; /* a variant that never trades has no ratio */
        for (size_t i = 0; i < variants->n_done; i++) {
            const sweep_row *row = &variants->rows[variants->order[i]];
            if (!isnan(row->numbers.sharpe)) {
                ratios[n_known++] = row->numbers.sharpe / sqrt(periods_per_year);
            }
        }
        const fel_cvec view = {ratios, n_known};
        sd = n_known > 1 ? deviation_of(view, 1.0) : 0.0;
    }
    const double n = variants->n_done > 1 ? (double)variants->n_done : 1.0;
    add(out, "n_compared", "Variants compared",
        "on the reported returns; trials chosen between on validation samples do not count", n,
        FEL_UNIT_COUNT);
    add(out, "deflated_sharpe", "Deflated Sharpe ratio",
        "probability that the true Sharpe ratio is above the largest expected of so many variants "
        "without skill",
        fel_deflated_sharpe(&m, n, sd), FEL_UNIT_FRACTION);
    return FEL_OK;
}
