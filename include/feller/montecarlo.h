/* feller/montecarlo.h - options of any payoff priced by simulated paths, with ways to need fewer of
 * them.
 *
 * A payoff is a row of a table with parameters, or a function of the caller's on a path. It is
 * looked at on n_dates equally spaced dates after today, the last of which is maturity; where
 * `monitoring` is `continuous`, what happens between two dates is accounted for given the prices at
 * both: barriers by the probability of having crossed, extremes by a draw of the bridge's own. For
 * gbm that is exact whatever the number of dates; with stochastic variance it takes the variance
 * accumulated between the dates and becomes exact as they get closer. A jump is taken to happen at
 * the date after it. Averages are then the integral by the trapezoid rule.
 *
 * The price is a function of (assets, payoff, configuration) only: not of threads, blocks or CPU
 * level. */
#ifndef FEL_MONTECARLO_H
#define FEL_MONTECARLO_H

#include <feller/paths.h>
#include <feller/price.h>

FEL_BEGIN_DECLS

/* ---- payoffs --------------------------------------------------------------------------------- */

enum { FEL_PAYOFF_MAX_PARAMS = 10 };

/* A kind of payoff. */
typedef struct fel_payoff_class {
    const char *name;    /* "barrier" */
    const char *summary; /* one line, no full stop */
    const fel_param_spec *params;
    uint32_t n_params;
    uint32_t reserved;
} fel_payoff_class;

/* european, cash_digital, asset_digital, barrier, touch, lookback_fixed, lookback_floating,
 * asian_arithmetic, asian_geometric, forward_start, cliquet, callback; static storage. */
FEL_API const fel_payoff_class *const *fel_payoff_classes(size_t *n);

/* A path as a callback sees it: price of asset a at date d (0 is today) is spot[d * n_assets + a].
 */
typedef struct fel_payoff_path {
    const double *spot;
    size_t n_dates, n_assets;
    double date_years; /* between two dates */
    double rate_per_year;
    uint64_t path; /* its index */
} fel_payoff_path;

/* What the path pays, as money of maturity. Called by several threads at a time. A failure ends the
 * pricing with ERR_USER. */
typedef fel_status fel_payoff_fn(void *payload, const fel_payoff_path *path, double *value);

/* A payoff: plain data. Begin with fel_payoff_init(). */
typedef struct fel_payoff {
    const fel_payoff_class *code;
    double params[FEL_PAYOFF_MAX_PARAMS]; /* in the order of code->params */
    fel_payoff_fn *callback;              /* class callback only */
    void *payload;
} fel_payoff;

/* A payoff of this name with its defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_payoff_init(fel_payoff *out, const char *name);
/* One parameter, from a number or from text ("put", "continuous", "95"). ERR_NOTFOUND, ERR_FORMAT,
 * ERR_RANGE. */
FEL_API FEL_NODISCARD fel_status fel_payoff_set(fel_payoff *payoff, const char *param,
                                                double value);
FEL_API FEL_NODISCARD fel_status fel_payoff_set_text(fel_payoff *payoff, const char *param,
                                                     const char *text);

/* The price by formula where there is one: gbm, and the payoff one of european, the digitals,
 * barrier, touch, lookbacks (continuous), asian_geometric, forward_start. ERR_NOTFOUND where there
 * is none. n_dates matters only for payoffs that look at dates. */
FEL_API FEL_NODISCARD fel_status fel_payoff_closed_form(const fel_payoff *payoff,
                                                        const fel_process *process, double t_years,
                                                        size_t n_dates, double *price);

/* Does the payoff fit a process, a maturity and dates? ERR_RANGE, ERR_ARG where it does not.
 * *outputs: the sum of 1 << output over what it reads of a path: FEL_PATH_SPOT and, where it looks
 * between dates, FEL_PATH_INTEGRATED. */
FEL_API FEL_NODISCARD fel_status fel_payoff_check(const fel_payoff *payoff,
                                                  const fel_process *process, double t_years,
                                                  size_t n_dates, uint32_t *outputs);

/* Paths that are there already, however they came about. Asset a of path first_path + p at date d
 * is at [(d * n_assets + a) * path_stride + p], p < n_paths <= path_stride. */
typedef struct fel_payoff_paths {
    const fel_process *process; /* spot and rate of the first asset */
    double t_years;
    size_t n_dates, n_assets;
    uint64_t seed, first_path; /* draws of extremes between two dates are by them */
    size_t n_paths, path_stride;
    const double *spot;
    const double *integrated; /* variance accumulated; NULL unless fel_payoff_check() wants it */
} fel_payoff_paths;

/* What each path pays, values[n_paths]: money of maturity, not discounted; what was paid before has
 * grown at the rate. ERR_ARG where variance is needed and not given; ERR_USER from a callback. */
FEL_API FEL_NODISCARD fel_status fel_payoff_values(const fel_payoff *payoff,
                                                   const fel_payoff_paths *paths, double *values);

/* ---- pricing --------------------------------------------------------------------------------- */

/* Control variates: quantities of the same path whose mean is known. Their weights are fitted by
 * least squares on the same paths. Or them together. */
typedef enum fel_control {
    FEL_CONTROL_NONE = 0,
    FEL_CONTROL_SPOT = 1,     /* discounted price at maturity: S_0 exp(-q T) */
    FEL_CONTROL_EUROPEAN = 2, /* the call of the payoff's strike (the forward if it has none), by
                                 fel_price_european() with the same process */
    FEL_CONTROL_GEOMETRIC = 4 /* gbm, asian_arithmetic: the geometric average by its formula */
} fel_control;

typedef struct fel_montecarlo_config {
    uint32_t struct_size;
    fel_scheme scheme;
    double t_years;    /* maturity */
    uint64_t n_paths;  /* rounded up to whole pairs, groups and replicates: 2 .. 10^12 */
    size_t n_dates;    /* 1 .. 10^6 */
    size_t n_substeps; /* steps of the scheme between two dates */
    uint64_t seed;
    fel_draws draws;
    uint32_t n_replicates; /* Sobol: random scramblings that the paths are divided among, 2 .. 1024;
                              the standard error comes from their spread. Powers of two of paths
                              in each are best */
    uint32_t controls;     /* fel_control, or-ed */
    int32_t n_threads;     /* 0: all cores */
    uint8_t antithetic;
    uint8_t moment_matching;
    uint8_t reserved[6];
    size_t block_paths; /* paths held at a time by a thread, at most 4,096; 0: as fits the cache */
    const volatile int *stop_flag; /* non-zero: ERR_STOPPED soon after; NULL allowed */
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
} fel_montecarlo_config;

/* QE_M, 1 year, 100,000 paths, 1 date, 1 substep, seed 1, pseudo-random, 16 replicates. */
FEL_API fel_montecarlo_config fel_montecarlo_config_default(void);

enum { FEL_MAX_CONTROLS = 3 };

typedef struct fel_montecarlo {
    double price;
    double standard_error; /* of price; NaN from a single sample */
    uint64_t n_paths;      /* simulated */
    uint64_t n_samples;    /* independent ones that the error is from: paths, pairs, groups of 4,096
                              (moment matching), replicates (Sobol) */
    double plain_error; /* standard error that n_paths independent paths without any of it have */
    double variance_reduction; /* (plain_error / standard_error)^2: by how many times more paths a
                                  plain simulation would be as good */
    uint32_t n_controls;
    uint32_t reserved;
    double control_weight[FEL_MAX_CONTROLS]; /* in the order of fel_control */
    double seconds;
} fel_montecarlo;

/* n_assets assets with the correlation that fel_paths_create() takes; payoffs of the table look at
 * the first. Discounted at the first asset's rate. ERR_RANGE for parameters out of range, a date of
 * the payoff (window, start) that is none of the n_dates, a control that does not apply (says why);
 * ERR_USER from a callback; ERR_STOPPED; ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_montecarlo_price(fel_montecarlo *out,
                                                      const fel_process *assets, size_t n_assets,
                                                      const double *correlation,
                                                      const fel_payoff *payoff,
                                                      const fel_montecarlo_config *config);

FEL_END_DECLS
#endif
