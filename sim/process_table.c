/* sim/process_table.c - the kinds of process as tables of parameters: one row drives the study
 * file, the flags of the command, range checks and the manual. */
#include <string.h>

#include <feller/process.h>

#include "core/nearest.h"

/* Ranges keep exp(r t) and its like finite over 100 years; they are wide enough for any market. */
#define ROW(name, value, min, max, doc)                                                            \
    {                                                                                              \
        name, FEL_PARAM_REAL, value, min, max, NULL, doc                                           \
    }
#define MARKET_ROWS                                                                                \
    ROW("spot", 100.0, 1e-12, 1e15, "price at time 0"),                                            \
        ROW("rate_per_year", 0.0, -5.0, 5.0, "risk-free rate, continuous compounding"),            \
        ROW("dividend_per_year", 0.0, -5.0, 5.0,                                                   \
            "dividend yield (or foreign rate), continuous compounding")
#define VOL_ROW ROW("vol_per_year", 0.2, 0.0, 100.0, "volatility of the diffusion")
#define HESTON_ROWS                                                                                \
    ROW("v0", 0.04, 0.0, 1e4, "variance a year at time 0"),                                        \
        ROW("kappa", 1.5, 0.0, 1e4, "speed of mean reversion a year"),                             \
        ROW("theta", 0.04, 0.0, 1e4, "long-run variance a year"),                                  \
        ROW("xi", 0.5, 0.0, 1e4, "volatility of variance a year"),                                 \
        ROW("rho", -0.7, -1.0, 1.0, "correlation of price and variance")
#define JUMP_ROWS                                                                                  \
    ROW("jump_intensity_per_year", 0.5, 0.0, 1e4, "expected number of jumps a year"),              \
        ROW("jump_mean", -0.1, -5.0, 5.0, "mean of the logarithm of a jump's factor"),             \
        ROW("jump_vol", 0.15, 0.0, 5.0, "standard deviation of the logarithm of a jump's factor")

static const fel_param_spec gbm_rows[] = {MARKET_ROWS, VOL_ROW};
static const fel_param_spec merton_rows[] = {MARKET_ROWS, VOL_ROW, JUMP_ROWS};
static const fel_param_spec heston_rows[] = {MARKET_ROWS, HESTON_ROWS};
static const fel_param_spec bates_rows[] = {MARKET_ROWS, HESTON_ROWS, JUMP_ROWS};

/* The fields that the rows are, in the same order. */
#define FIELD(name)   offsetof(fel_process, name)
#define MARKET_FIELDS FIELD(spot), FIELD(rate_per_year), FIELD(dividend_per_year)
#define HESTON_FIELDS                                                                              \
    FIELD(heston.v0), FIELD(heston.kappa), FIELD(heston.theta), FIELD(heston.xi), FIELD(heston.rho)
#define JUMP_FIELDS FIELD(jumps.intensity_per_year), FIELD(jumps.mean), FIELD(jumps.vol)

static const size_t gbm_fields[] = {MARKET_FIELDS, FIELD(vol_per_year)};
static const size_t merton_fields[] = {MARKET_FIELDS, FIELD(vol_per_year), JUMP_FIELDS};
static const size_t heston_fields[] = {MARKET_FIELDS, HESTON_FIELDS};
static const size_t bates_fields[] = {MARKET_FIELDS, HESTON_FIELDS, JUMP_FIELDS};
static const size_t *const fields[FEL_PROCESS_N_KINDS] = {gbm_fields, merton_fields, heston_fields,
                                                          bates_fields};

#define N_ROWS(table) (uint32_t)(sizeof(table) / sizeof((table)[0]))

static const fel_process_class gbm = {FEL_PROCESS_GBM, N_ROWS(gbm_rows), "gbm",
                                      "geometric Brownian motion: one constant volatility",
                                      gbm_rows};
static const fel_process_class merton = {FEL_PROCESS_MERTON, N_ROWS(merton_rows), "merton",
                                         "constant volatility and log-normal jumps", merton_rows};
static const fel_process_class heston = {FEL_PROCESS_HESTON, N_ROWS(heston_rows), "heston",
                                         "mean-reverting square-root variance", heston_rows};
static const fel_process_class bates = {FEL_PROCESS_BATES, N_ROWS(bates_rows), "bates",
                                        "Heston's variance and log-normal jumps", bates_rows};
static const fel_process_class *const classes[FEL_PROCESS_N_KINDS] = {&gbm, &merton, &heston,
                                                                      &bates};

const fel_process_class *const *fel_process_classes(size_t *n)
{
    *n = FEL_PROCESS_N_KINDS;
    return classes;
}

fel_status fel_process_find(const char *name, const fel_process_class **out)
{
    const char *names[FEL_PROCESS_N_KINDS];
    for (size_t i = 0; i < FEL_PROCESS_N_KINDS; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            *out = classes[i];
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, FEL_PROCESS_N_KINDS);
    if (near < FEL_PROCESS_N_KINDS) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no process \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no process \"%.64s\": gbm, merton, heston and bates", name);
}

/* ---- parameters and fields ------------------------------------------------------------------- */

static double param_value(const fel_process *process, size_t index)
{
    double value = 0.0;
    memcpy(&value, (const char *)process + fields[process->kind][index], sizeof(value));
    return value;
}

fel_status fel_process_make(fel_process *out, const fel_process_class *code, const double *params)
{
    fel_process made = {.kind = code->kind};
    for (uint32_t i = 0; i < code->n_params; i++) {
        FEL_TRY(fel_param_check(&code->params[i], params[i]));
        memcpy((char *)&made + fields[code->kind][i], &params[i], sizeof(double));
    }
    *out = made;
    return FEL_OK;
}

void fel_process_params(const fel_process *process, double *params)
{
    for (uint32_t i = 0; i < classes[process->kind]->n_params; i++) {
        params[i] = param_value(process, i);
    }
}

fel_status fel_process_check(const fel_process *process)
{
    if ((unsigned)process->kind >= FEL_PROCESS_N_KINDS) {
        return FEL_RAISE(FEL_ERR_ARG, "process of kind %d: 0 .. %d are known", (int)process->kind,
                         FEL_PROCESS_N_KINDS - 1);
    }
    const fel_process_class *code = classes[process->kind];
    for (uint32_t i = 0; i < code->n_params; i++) {
        FEL_TRY(fel_param_check(&code->params[i], param_value(process, i)));
    }
    return FEL_OK;
}

int fel_process_has_variance(const fel_process *process)
{
    return process->kind == FEL_PROCESS_HESTON || process->kind == FEL_PROCESS_BATES;
}

int fel_process_has_jumps(const fel_process *process)
{
    return process->kind == FEL_PROCESS_MERTON || process->kind == FEL_PROCESS_BATES;
}
