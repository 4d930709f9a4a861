/* feller/process.h - what prices are assumed to do: geometric Brownian motion, Merton, Heston,
 * Bates. Shared by the simulator, the pricers and the calibration.
 *
 * Under the pricing measure, with continuous compounding and time in years:
 *   dS/S = (r - q - lambda m) dt + sqrt(v) dW1 + (J - 1) dN,   m = E[J] - 1, ln J ~ N(mu, delta^2)
 *   dv   = kappa (theta - v) dt + xi sqrt(v) dW2,              d<W1, W2> = rho dt
 * Gbm and Merton have v = vol^2 throughout; gbm and Heston have no jumps (lambda = 0). */
#ifndef FEL_PROCESS_H
#define FEL_PROCESS_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* Pinned: written into files of paths. */
typedef enum fel_process_kind {
    FEL_PROCESS_GBM = 0,    /* Black, Scholes 1973 */
    FEL_PROCESS_MERTON = 1, /* jumps: Merton 1976 */
    FEL_PROCESS_HESTON = 2, /* stochastic variance: Heston 1993 */
    FEL_PROCESS_BATES = 3,  /* both: Bates 1996 */
    FEL_PROCESS_N_KINDS = 4
} fel_process_kind;

typedef struct fel_heston {
    double v0;    /* variance a year at the start */
    double kappa; /* speed of mean reversion, a year */
    double theta; /* long-run variance a year */
    double xi;    /* volatility of variance, a year */
    double rho;   /* correlation of the two Brownian motions */
} fel_heston;

typedef struct fel_jumps {
    double intensity_per_year; /* lambda */
    double mean;               /* mu: of the logarithm of a jump's factor */
    double vol;                /* delta: its standard deviation */
} fel_jumps;

/* One asset's law; plain data. Fields that the kind does not have are not read. */
typedef struct fel_process {
    fel_process_kind kind;
    int32_t reserved;
    double spot;              /* S at time 0, > 0 */
    double rate_per_year;     /* r */
    double dividend_per_year; /* q */
    double vol_per_year;      /* gbm and Merton */
    fel_heston heston;        /* Heston and Bates */
    fel_jumps jumps;          /* Merton and Bates */
} fel_process;

enum { FEL_PROCESS_MAX_PARAMS = 12 };

/* A kind as a table row: parameters in the order of `params`, named as in study files. */
typedef struct fel_process_class {
    fel_process_kind kind;
    uint32_t n_params;
    const char *name;    /* "heston" */
    const char *summary; /* one line, no full stop */
    const fel_param_spec *params;
} fel_process_class;

/* The kinds in order; static storage. */
FEL_API const fel_process_class *const *fel_process_classes(size_t *n);
/* ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_process_find(const char *name, const fel_process_class **out);

/* A process from parameter values in the order of its class's table, checked. */
FEL_API FEL_NODISCARD fel_status fel_process_make(fel_process *out, const fel_process_class *code,
                                                  const double *params);

/* The other way round: params[0 .. n_params of its class). The kind must be one. */
FEL_API void fel_process_params(const fel_process *process, double *params);

/* ERR_ARG for a kind that is none; ERR_RANGE names the first parameter out of range: NaN, spot <=
 * 0, negative variance, volatility, speed or intensity, |rho| > 1. xi = 0 and kappa = 0 are legal.
 */
FEL_API FEL_NODISCARD fel_status fel_process_check(const fel_process *process);

/* Has it a variance of its own (Heston, Bates)? Has it jumps (Merton, Bates)? */
FEL_API int fel_process_has_variance(const fel_process *process);
FEL_API int fel_process_has_jumps(const fel_process *process);

/* 2 kappa theta - xi^2: above 0 the variance never reaches zero (Feller 1951). Only to report. */
FEL_API double fel_feller_margin(const fel_heston *heston);
/* 4 kappa theta / xi^2: degrees of freedom of the variance's non-central chi-square law. */
FEL_API double fel_variance_degrees(const fel_heston *heston);

/* E[v_t] and E[int_0^t v ds]; the second is the fair total variance of a swap without jumps. */
FEL_API double fel_forward_variance(const fel_heston *heston, double t_years);
FEL_API double fel_total_variance(const fel_heston *heston, double t_years);

FEL_END_DECLS
#endif
