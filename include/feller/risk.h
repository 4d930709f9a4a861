/* feller/risk.h - what a hedger makes small: risk measures of terminal P&L, with slopes and
 * curvature, in one table.
 *
 * A measure rho takes the P&L of n equally likely paths (gains positive) and gives a number of
 * money where less is better (where it is one of the utility kind, of the utility's unit). Most are
 * optimised certainty equivalents,
 *     rho(X) = inf_w { w + E[l(-X - w)] }
 * or have another such threshold w; given w they are a mean of terms, so paths can be worked on in
 * any blocks. Sums are compensated and in a fixed order. docs/losses.md has every formula with its
 * source. */
#ifndef FEL_RISK_H
#define FEL_RISK_H

#include <feller/base.h>

FEL_BEGIN_DECLS

enum { FEL_RISK_MAX_PARAMS = 4 };

/* Flags. */
enum {
    FEL_RISK_HAS_THRESHOLD = 1,  /* given w a mean of terms; without the flag no w is read */
    FEL_RISK_HAS_CURVATURE = 2,  /* second derivative of a term by the P&L is not 0 throughout */
    FEL_RISK_CASH_INVARIANT = 4, /* rho(X + c) = rho(X) - c: in money */
    FEL_RISK_COHERENT = 8,
    FEL_RISK_REFERENCE = 16 /* w moves nothing (its slope is 0), it keeps numbers in range: that of
                               an earlier batch will do, there is nothing to train */
};

typedef struct fel_risk_class {
    uint32_t struct_size;
    uint32_t flags;
    const char *name;    /* "entropic" */
    const char *summary; /* one line, no full stop */
    const char *formula; /* in letters that docs/losses.md explains */
    const fel_param_spec *params;
    size_t n_params;
    /* What `term` needs where it gives NaN, "P&L above -wealth"; NULL: nothing. */
    const char *domain;
    /* One path's term given the threshold: its value; *slope and *curvature are its first and
     * second derivative by the P&L, *threshold_slope its first by w (0 where finish takes w out
     * again: of a FEL_RISK_REFERENCE). At a corner slopes are in the middle of their range. The
     * objective of n paths is finish(mean of terms) or, finish NULL, the mean; the gradient is
     * scaled with finish's slope. So entropic is (1 / a) log of a mean of exponentials, whose w is
     * a reference that only keeps them in range. */
    double (*term)(const double *params, double pnl, double w, double *slope, double *curvature,
                   double *threshold_slope);
    double (*finish)(const double *params, double mean, double w, double *slope);
    /* The best threshold for these P&Ls: by formula, order statistic or a safeguarded Newton
     * iteration; NULL without the flag. */
    fel_status (*solve)(const double *params, const double *pnl, size_t n, double *w);
    /* Parameters with which the terms of n paths at the best threshold are the measure, where it is
     * not these: expected_shortfall counts whole paths. NULL: params as they are. */
    void (*for_paths)(const double *params, size_t n, double *adjusted);
    /* The sure P&L whose measure is `value`, NaN if there is none; NULL: -value. */
    double (*sure)(const double *params, double value);
} fel_risk_class;

/* A measure with its parameter values; plain data. */
typedef struct fel_risk {
    const fel_risk_class *code;
    double params[FEL_RISK_MAX_PARAMS];
} fel_risk;

/* mean_variance, quadratic, entropic, cvar, smooth_cvar, quadratic_cvar, expected_shortfall,
 * exponential_utility, oce_quadratic, oce_exp2, oce_vicky, isoelastic; static storage. */
FEL_API const fel_risk_class *const *fel_risk_classes(size_t *n);
/* A measure by name with its parameters at their defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_risk_find(const char *name, fel_risk *out);
/* ERR_RANGE with the name and what is allowed. */
FEL_API FEL_NODISCARD fel_status fel_risk_check(const fel_risk *risk);

/* What n paths' terms add up to; parts of paths are added in a fixed order. */
typedef struct fel_risk_sums {
    double n, term, threshold_slope;
} fel_risk_sums;

/* Terms of n paths given w: sums (set), and where not NULL slopes[n] and curvatures[n], d term / d
 * P&L and its second derivative, of each path by itself (not divided by n, not scaled by
 * finish). */
FEL_API void fel_risk_terms(const fel_risk *risk, const double *pnl, size_t n, double w,
                            fel_risk_sums *sums, double *slopes, double *curvatures);
/* The objective of all paths from their sums: *value; the gradient by path i is
 * *scale x slopes[i] / n, its curvature *scale x curvatures[i] / n (entropic: without the rank-one
 * part that comes of the normalisation). ERR_RANGE: not finite, says which way it left. */
FEL_API FEL_NODISCARD fel_status fel_risk_finish(const fel_risk *risk, const fel_risk_sums *sums,
                                                 double w, double *value, double *scale);

/* The measure itself, at its best threshold (*w, may be NULL). ERR_RANGE: n = 0, a P&L that is not
 * finite (says which), one outside the measure's domain. */
FEL_API FEL_NODISCARD fel_status fel_risk_measure(const fel_risk *risk, const double *pnl, size_t n,
                                                  double *value, double *w);
/* The sure P&L that is as good: c with rho(c) = rho(X), the lower one if there are two; -rho where
 * rho(c) = -c. ERR_RANGE also where there is none. */
FEL_API FEL_NODISCARD fel_status fel_risk_certainty_equivalent(const fel_risk *risk,
                                                               const double *pnl, size_t n,
                                                               double *value);
/* The premium at which selling the claim is as good as not: p with rho(with + p) = rho(without),
 * `with` without any premium; without NULL: 0 for sure. By formula where cash-invariant, else by
 * Newton's iteration from below, so the lowest. ERR_RANGE also where there is none. */
FEL_API FEL_NODISCARD fel_status fel_risk_indifference_price(const fel_risk *risk,
                                                             const double *with, size_t n,
                                                             const double *without,
                                                             size_t n_without, double *price);
/* Standard error of the measure by its influence function: the deviation of the terms at the best
 * threshold, whose own error moves nothing at first order. ERR_RANGE also below two paths. */
FEL_API FEL_NODISCARD fel_status fel_risk_standard_error(const fel_risk *risk, const double *pnl,
                                                         size_t n, double *error);

FEL_END_DECLS
#endif
