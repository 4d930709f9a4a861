/* sim/payoff_table.c - the table of payoffs, and what their files share. */
#include <math.h>
#include <string.h>

#include "core/nearest.h"
#include "core/real.h"
#include "sim/paths_internal.h"
#include "sim/payoff_internal.h"

static const payoff_kind *const kinds[] = {
    &payoff_european,
    &payoff_cash_digital,
    &payoff_asset_digital,
    &payoff_barrier,
    &payoff_touch,
    &payoff_lookback_fixed,
    &payoff_lookback_floating,
    &payoff_asian_arithmetic,
    &payoff_asian_geometric,
    &payoff_forward_start,
    &payoff_cliquet,
    &payoff_callback,
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const fel_payoff_class *const classes[N_KINDS] = {
    &payoff_european.code,
    &payoff_cash_digital.code,
    &payoff_asset_digital.code,
    &payoff_barrier.code,
    &payoff_touch.code,
    &payoff_lookback_fixed.code,
    &payoff_lookback_floating.code,
    &payoff_asian_arithmetic.code,
    &payoff_asian_geometric.code,
    &payoff_forward_start.code,
    &payoff_cliquet.code,
    &payoff_callback.code,
};

const fel_payoff_class *const *fel_payoff_classes(size_t *n)
{
    *n = N_KINDS;
    return classes;
}

fel_status payoff_kind_of(const fel_payoff *payoff, const payoff_kind **out)
{
    for (size_t i = 0; i < N_KINDS; i++) {
        if (payoff->code == &kinds[i]->code) {
            *out = kinds[i];
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_ARG, "a payoff that fel_payoff_init() has not made");
}

fel_status fel_payoff_init(fel_payoff *out, const char *name)
{
    const char *names[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            memset(out, 0, sizeof(*out));
            out->code = classes[i];
            fel_param_defaults(classes[i]->params, classes[i]->n_params, out->params);
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_KINDS);
    if (near < N_KINDS) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no payoff \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND,
                     "no payoff \"%.64s\": european, cash_digital, asset_digital, barrier, touch, "
                     "lookback_fixed, lookback_floating, asian_arithmetic, asian_geometric, "
                     "forward_start, cliquet",
                     name);
}

fel_status fel_payoff_set(fel_payoff *payoff, const char *param, double value)
{
    size_t i = 0;
    FEL_TRY(fel_param_find(payoff->code->params, payoff->code->n_params, param, &i));
    FEL_TRY(fel_param_check(&payoff->code->params[i], value));
    payoff->params[i] = value;
    return FEL_OK;
}

fel_status fel_payoff_set_text(fel_payoff *payoff, const char *param, const char *text)
{
    size_t i = 0;
    FEL_TRY(fel_param_find(payoff->code->params, payoff->code->n_params, param, &i));
    return fel_param_parse(&payoff->code->params[i], text, &payoff->params[i]);
}

/* ---- shared by the payoffs --------------------------------------------------------------------
 */

double payoff_sign(double right)
{
    return right > 0.0 ? -1.0 : 1.0;
}

fel_status payoff_date_of(const payoff_job *job, const char *param, double years, size_t otherwise,
                          size_t *date)
{
    if (years <= 0.0) {
        *date = otherwise;
        return FEL_OK;
    }
    const double number = years / job->date_years;
    const double nearest = rint(number);
    if (nearest > (double)job->n_dates || fabs(number - nearest) > 1e-6) {
        return FEL_RAISE(
            FEL_ERR_RANGE,
            "%s = %.10g is none of the %zu dates, %.10g years apart; the nearest is %.10g", param,
            years, job->n_dates, job->date_years,
            fmin(nearest, (double)job->n_dates) * job->date_years);
    }
    *date = (size_t)nearest;
    return FEL_OK;
}

fel_status payoff_formula_needs_gbm(const payoff_job *job)
{
    if (job->process->kind != FEL_PROCESS_GBM || job->process->vol_per_year <= 0.0) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no formula for %s but under gbm with a volatility",
                         job->payoff->code->name);
    }
    return FEL_OK;
}

void payoff_uniforms(const payoff_chunk *chunk, size_t date, double *out)
{
    philox_fn *const draw = philox_normals(PATH_F64, chunk->job->level);
    philox_args args = {.seed = chunk->seed,
                        .first_path = chunk->first_path,
                        .step = (uint32_t)date,
                        .draw = DRAW_PAYOFF,
                        .n = chunk->n,
                        .z_a = chunk->scratch + (PAYOFF_N_SCRATCH - 1) * chunk->stride,
                        .tail_a = out};
    if (!chunk->job->antithetic) {
        draw(&args);
        return;
    }
    args.first_path /= 2;
    args.n /= 2;
    draw(&args);
    for (size_t i = args.n; i-- > 0;) {
        const double u = out[i];
        out[2 * i] = u;
        out[2 * i + 1] = 1.0 - u;
    }
}

/* ---- kernels by level --------------------------------------------------------------------------
 */

#define DECLARE(level)                                                                             \
    void payoff_distance_f64_##level(const distance_args *args);                                   \
    void payoff_crossing_f64_##level(const crossing_args *args);                                   \
    void payoff_extreme_f64_##level(const extreme_args *args);                                     \
    void payoff_add_log_f64_##level(const double *spot, double weight_of, double weight,           \
                                    double *sum, size_t n);                                        \
    void payoff_exponential_f64_##level(double *x, double scale, size_t n)
#define ROW(level)                                                                                 \
    {                                                                                              \
        payoff_distance_f64_##level, payoff_crossing_f64_##level, payoff_extreme_f64_##level,      \
            payoff_add_log_f64_##level, payoff_exponential_f64_##level                             \
    }
DECLARE(base);
#if defined(__x86_64__)
DECLARE(avx2);
DECLARE(avx512);
static const payoff_kernels kernels[CPU_N_LEVELS] = {ROW(base), ROW(avx2), ROW(avx512)};
#else
static const payoff_kernels kernels[CPU_N_LEVELS] = {ROW(base), ROW(base), ROW(base)};
#endif

const payoff_kernels *payoff_kernels_of(cpu_level level)
{
    return &kernels[level];
}
