/* sim/payoff_internal.h - what a payoff is made of: parameters, checks, its value on a chunk of
 * paths, its formula. */
#ifndef FEL_MODULE_SIM
#error "sim/payoff_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_PAYOFF_INTERNAL_H
#define FEL_SIM_PAYOFF_INTERNAL_H

#include <feller/montecarlo.h>

#include "core/cpu.h"

/* Draws of payoffs (extremes between dates): see COUNTERS in sim/paths_internal.h; step is the
 * date. */
#define DRAW_PAYOFF UINT32_C(0x50000000)

enum { MONITOR_DATES = 0, MONITOR_CONTINUOUSLY = 1 };
enum { PAYOFF_N_SCRATCH = 4 };

typedef struct payoff_kind payoff_kind;

/* One pricing, as its payoff sees it; read-only once prepared. */
typedef struct payoff_job {
    const fel_payoff *payoff;
    const payoff_kind *kind;
    const fel_process *process; /* of the first asset */
    size_t n_dates, n_assets;
    double t_years, date_years;
    size_t from_date, to_date; /* of the payoff's window; 0 and n_dates without one */
    double *discount;          /* n_dates + 1: exp(-r t) at each date, or from there to maturity
                                  (sim/payoff_values.c); owned */
    cpu_level level;
    uint8_t antithetic;
    uint8_t needs_area; /* set by prepare: wants `area` */
} payoff_job;

/* Some paths of it. Arrays of `stride` doubles, of which the first n are paths, n_used of them
 * wanted; n and stride are multiples of PATH_ALIGN. */
typedef struct payoff_chunk {
    const payoff_job *job;
    uint64_t seed, first_path;
    size_t n, n_used, stride;
    const double *spot; /* [date][asset][path] */
    const double *area; /* the same of integrated variance; NULL unless needed */
    double *scratch;    /* PAYOFF_N_SCRATCH arrays */
    double *row;        /* (n_dates + 1) x n_assets, for a callback */
} payoff_chunk;

struct payoff_kind {
    fel_payoff_class code;
    /* Checks that parameters fit the job and sets its window; may be NULL. */
    fel_status (*prepare)(payoff_job *job);
    /* Present values of the chunk's paths. */
    fel_status (*value)(const payoff_chunk *chunk, double *out);
    /* By formula; NULL or ERR_NOTFOUND for none. */
    fel_status (*formula)(const payoff_job *job, double *price);
};

extern const payoff_kind payoff_european, payoff_cash_digital, payoff_asset_digital;
extern const payoff_kind payoff_barrier, payoff_touch;
extern const payoff_kind payoff_lookback_fixed, payoff_lookback_floating;
extern const payoff_kind payoff_asian_arithmetic, payoff_asian_geometric;
extern const payoff_kind payoff_forward_start, payoff_cliquet, payoff_callback;

/* Checked and prepared, for one asset and no antithetic draws; payoff and process must stay. */
fel_status payoff_job_init(payoff_job *out, const fel_payoff *payoff, const fel_process *process,
                           double t_years, size_t n_dates);
void payoff_job_clear(payoff_job *job);

/* The kind behind a payoff's class; ERR_ARG if it is none of the table's. */
fel_status payoff_kind_of(const fel_payoff *payoff, const payoff_kind **out);

/* ---- parts of tables (sim/payoff_table.c) ---------------------------------------------------- */

#define PAYOFF_RIGHT                                                                               \
    {                                                                                              \
        "right", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "call|put", "call or put"                        \
    }
#define PAYOFF_REAL(name, value, min, max, doc)                                                    \
    {                                                                                              \
        name, FEL_PARAM_REAL, value, min, max, NULL, doc                                           \
    }
#define PAYOFF_STRIKE PAYOFF_REAL("strike", 100.0, 1e-12, 1e15, "strike price")
#define PAYOFF_MONITORING                                                                          \
    {                                                                                              \
        "monitoring", FEL_PARAM_CHOICE, 1.0, 0.0, 0.0, "dates|continuous",                         \
            "looked at on the dates only, or between them too"                                     \
    }
#define PAYOFF_N_ROWS(table) (uint32_t)(sizeof(table) / sizeof((table)[0]))

/* +1 for a call, -1 for a put, from a parameter of PAYOFF_RIGHT. */
double payoff_sign(double right);
/* Is this time (0: `otherwise`) one of the job's dates? Its number. ERR_RANGE names the parameter
 * and the dates nearest. */
fel_status payoff_date_of(const payoff_job *job, const char *param, double years, size_t otherwise,
                          size_t *date);
/* Gbm has formulas; ERR_NOTFOUND for others. */
fel_status payoff_formula_needs_gbm(const payoff_job *job);

/* Row of the first asset at a date. */
static inline const double *chunk_spot(const payoff_chunk *chunk, size_t date)
{
    return chunk->spot + date * chunk->job->n_assets * chunk->stride;
}
static inline const double *chunk_area(const payoff_chunk *chunk, size_t date)
{
    return chunk->area == NULL ? NULL : chunk->area + date * chunk->job->n_assets * chunk->stride;
}

/* ---- kernels (sim/payoff_kernel.c); arrays of n doubles -------------------------------------- */

/* distance[i] = sign ln(spot[i] / level) */
typedef struct distance_args {
    const double *spot;
    double level, sign;
    double *distance;
    size_t n;
} distance_args;

/* From one date to the next: the probability that the barrier was met, paid for and survived.
 * Distances are positive on the side where nothing has happened. */
typedef struct crossing_args {
    const double *spot;               /* at the later date */
    const double *area_before, *area; /* NULL: looked at on dates only */
    double level, sign;
    double discount_before, discount;
    double cash, shares; /* paid on meeting it: cash + shares x spot */
    double *distance;    /* in: at the earlier date; out: at the later */
    double *alive;       /* probability that nothing has happened yet */
    double *paid;        /* present value of what was paid */
    size_t n;
} crossing_args;

/* From one date to the next: the extreme of sign ln(spot / level) so far. */
typedef struct extreme_args {
    const double *spot;
    const double *area_before, *area;
    const double *uniform; /* one a path; NULL: dates only */
    double level, sign;
    double *distance; /* as above */
    double *extreme;
    size_t n;
} extreme_args;

typedef struct payoff_kernels {
    void (*distance)(const distance_args *args);
    void (*crossing)(const crossing_args *args);
    void (*extreme)(const extreme_args *args);
    /* sum[i] += weight ln(spot[i] / level) */
    void (*add_log)(const double *spot, double level, double weight, double *sum, size_t n);
    /* x[i] = scale exp(x[i]) */
    void (*exponential)(double *x, double scale, size_t n);
} payoff_kernels;
const payoff_kernels *payoff_kernels_of(cpu_level level);

/* Uniforms for the chunk's paths at a date, mirrored for antithetic ones, into out[n]. Writes over
 * the last array of scratch. */
void payoff_uniforms(const payoff_chunk *chunk, size_t date, double *out);

#endif
