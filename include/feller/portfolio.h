/* feller/portfolio.h - from a window of returns to weights: covariances, allocations, rebalancing
 * dates.
 *
 * Returns and means are fractions a period (of whatever length the rows have); a covariance is that
 * of one period. Matrices are row by row. Nothing here knows of time: what a caller puts into the
 * window is all that is seen. Strategies get the functions as the service "portfolio". */
#ifndef FEL_PORTFOLIO_H
#define FEL_PORTFOLIO_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* ---- covariance --------------------------------------------------------------------------------
 */

typedef enum fel_covariance_kind {
    FEL_COVARIANCE_SAMPLE = 0, /* about the mean, over T - 1 */
    FEL_COVARIANCE_EWMA = 1, /* mean of products with weights decay^(age), which sum to 1, the mean
                                return taken as zero: J.P. Morgan, RiskMetrics (1996) */
    FEL_COVARIANCE_LEDOIT_WOLF = 2, /* shrunk to a multiple of the identity: Ledoit and Wolf, J.
                                       Multivariate Analysis 88 (2004); over T */
    FEL_COVARIANCE_CONSTANT_CORRELATION =
        3 /* shrunk to equal correlations: Ledoit and Wolf, J. Portfolio Management 30 (2004); over
             T */
} fel_covariance_kind;

enum { FEL_N_COVARIANCE_KINDS = 4 };

/* Of the columns of returns (n_rows x n, all finite, n_rows >= 2) into covariance (n x n). decay:
 * in (0, 1), of EWMA only. *shrinkage (may be NULL): the weight of the target, 0 where there is
 * none. ERR_ARG or ERR_RANGE for other input. */
FEL_API FEL_NODISCARD fel_status fel_covariance(fel_covariance_kind kind, const double *returns,
                                                size_t n_rows, size_t n, double decay,
                                                double *covariance, double *shrinkage);

/* ---- allocation --------------------------------------------------------------------------------
 */

typedef enum fel_allocation_kind {
    FEL_ALLOCATE_EQUAL_WEIGHT = 0,
    FEL_ALLOCATE_INVERSE_VOLATILITY = 1, /* proportional to 1 / volatility */
    FEL_ALLOCATE_MINIMUM_VARIANCE = 2,   /* min risk_aversion/2 w'Cw + cost(w) */
    FEL_ALLOCATE_MAXIMUM_SHARPE = 3,     /* max (m'w - cost(w)) / sqrt(w'Cw) */
    FEL_ALLOCATE_RISK_PARITY = 4,        /* w_i (Cw)_i the same for all: Maillard, Roncalli and
                                            Teiletche, J. Portfolio Management 36 (2010) */
    FEL_ALLOCATE_KELLY = 5 /* max m'w - w'Cw / (2 kelly_fraction) - cost(w): that fraction of the
                              growth-optimal weights of small returns, Thorp (2006) */
} fel_allocation_kind;

enum { FEL_N_ALLOCATION_KINDS = 6 };

/* Start from fel_allocation_default(). m is the mean return above risk_free. cost(w) =
 * turnover_cost x sum |w - held|.
 *
 * Bounds cut what EQUAL_WEIGHT, INVERSE_VOLATILITY and RISK_PARITY would give, and what is cut off
 * (or filled up) is shared by the others in proportion; these three hold nothing short and have no
 * turnover cost. The other three are optimal within bounds. */
typedef struct fel_allocation {
    uint32_t struct_size;
    fel_allocation_kind kind;
    double invested;               /* what the weights add up to; KELLY has no such rule */
    double min_weight, max_weight; /* of each */
    double max_gross;              /* sum |w|, at most; INFINITY: any */
    double risk_free;              /* a period */
    double risk_aversion;          /* MINIMUM_VARIANCE: against the turnover cost; > 0 */
    double kelly_fraction;         /* > 0 */
    double turnover_cost; /* of a unit of turnover, spread over the periods that the weights
                             are to be held: a fraction a period */
} fel_allocation;

FEL_API fel_allocation fel_allocation_default(void);

/* What is wrong with it, for any number of assets: ERR_RANGE or ERR_ARG. */
FEL_API FEL_NODISCARD fel_status fel_allocation_check(const fel_allocation *allocation);

/* Weights of n assets. mean (n; read by MAXIMUM_SHARPE and KELLY, else it may be NULL), covariance
 * (n x n, positive semidefinite), held (n weights now; NULL: none). MAXIMUM_SHARPE where no weights
 * within the bounds have a mean above the risk-free rate: all are 0. ERR_RANGE if the bounds leave
 * no weights, or the optimum was not reached to 1e-8 of its conditions. */
FEL_API FEL_NODISCARD fel_status fel_allocate(const fel_allocation *allocation, size_t n,
                                              const double *mean, const double *covariance,
                                              const double *held, double *weights);

/* ---- rebalancing dates -------------------------------------------------------------------------
 */

typedef enum fel_rebalance_schedule {
    FEL_REBALANCE_DAY = 0,
    FEL_REBALANCE_WEEK = 1, /* from Monday on */
    FEL_REBALANCE_MONTH = 2,
    FEL_REBALANCE_QUARTER = 3,
    FEL_REBALANCE_YEAR = 4
} fel_rebalance_schedule;

/* The number of the day, week, ... (UTC) that an instant belongs to; a bar that closes at midnight
 * to the one before. Where it changes a new one has begun. */
FEL_API int64_t fel_rebalance_period(fel_rebalance_schedule schedule, int64_t time_ns);

/* ---- for strategies ----------------------------------------------------------------------------
 */

#define FEL_PORTFOLIO_SERVICE "portfolio"
/* Version 1: the functions above. */
typedef struct fel_portfolio_service {
    uint32_t struct_size;
    uint32_t reserved;
    fel_status (*covariance)(fel_covariance_kind kind, const double *returns, size_t n_rows,
                             size_t n, double decay, double *covariance, double *shrinkage);
    fel_status (*check)(const fel_allocation *allocation);
    fel_status (*allocate)(const fel_allocation *allocation, size_t n, const double *mean,
                           const double *covariance, const double *held, double *weights);
    int64_t (*period)(fel_rebalance_schedule schedule, int64_t time_ns);
    const char *(*last_error)(void); /* text of the last failure of these, on this thread */
} fel_portfolio_service;

/* For fel_engine_config.services, as {FEL_PORTFOLIO_SERVICE, 1, 0, &fel_portfolio_functions}. */
FEL_API extern const fel_portfolio_service fel_portfolio_functions;

FEL_END_DECLS
#endif
