/* feller/calibrate.h - option chains and the calibration of Heston to them. */
#ifndef FEL_CALIBRATE_H
#define FEL_CALIBRATE_H

#include <feller/price.h>

FEL_BEGIN_DECLS

/* One usable quote of a chain. */
typedef struct fel_quote_option {
    double t_years, strike;
    double forward, discount; /* of its maturity */
    double price;             /* mid or as quoted, discounted money */
    double bid, ask;          /* NaN where the chain has none */
    double vol_per_year;      /* implied by price */
    fel_option_right right;
    int32_t row; /* line of the file, from 1 */
} fel_quote_option;

/* Why a row was refused; counted, never silent. */
typedef enum fel_quote_fault {
    FEL_FAULT_NONE = 0,
    FEL_FAULT_CROSSED = 1, /* bid > ask */
    FEL_FAULT_ZERO_BID = 2,
    FEL_FAULT_ARBITRAGE =
        3, /* outside the no-arbitrage bounds, or not monotone or convex in strike */
    FEL_FAULT_NO_PRICE = 4, /* nothing to price it by, NaN, not positive */
    FEL_FAULT_EXPIRED = 5,  /* maturity not after the quote date */
    FEL_FAULT_EXCLUDED = 6, /* outside the asked moneyness, maturity or volatility range */
    FEL_FAULT_N = 7
} fel_quote_fault;
FEL_API const char *fel_quote_fault_name(fel_quote_fault fault); /* "crossed" */

/* How to read a chain; start from fel_chain_options_default(). */
typedef struct fel_chain_options {
    uint32_t struct_size;
    uint32_t reserved;
    char map[256]; /* "strike=K,maturity=T,vol=iv": columns by header; "" finds the usual names */
    char quote_date[16];  /* "2011-01-24"; needed where maturities are dates and no column has it */
    double spot;          /* NaN: a column, or the parity forward of the shortest maturity */
    double rate_per_year; /* NaN: columns, or by put-call parity */
    double dividend_per_year;            /* NaN: as above */
    double min_moneyness, max_moneyness; /* strike / forward; 0 and infinity for all */
    double min_t_years, max_t_years;
    double min_vol_per_year, max_vol_per_year; /* rows outside are excluded */
    uint8_t otm_only;                          /* out-of-the-money side of each strike only */
    uint8_t keep_zero_bid;
    uint8_t reserved_bytes[6];
} fel_chain_options;
FEL_API fel_chain_options fel_chain_options_default(void);

typedef struct fel_chain {
    double spot;
    fel_quote_option *quotes; /* by maturity, then strike */
    size_t n;
    size_t n_rows;                      /* rows read */
    size_t n_faults[FEL_FAULT_N];       /* refused, by reason */
    char first_fault[FEL_FAULT_N][160]; /* of each reason: row, column, value, rule */
} fel_chain;

/* Columns known by name (case does not matter): strike, maturity/expiry (date) or t/days,
 * type/right, bid, ask, price/mid, vol/iv, forward/fwd, discount/disc, rate, dividend,
 * spot/underlying. ERR_IO, ERR_FORMAT (file, row, column, value, what is allowed); ERR_FORMAT if no
 * usable quote is left, with the counts. */
FEL_API FEL_NODISCARD fel_status fel_chain_read(fel_chain *out, const char *path,
                                                const fel_chain_options *options);
FEL_API void fel_chain_clear(fel_chain *chain);

/* What the fit minimises: the sum over quotes of (weight x residual)^2. */
typedef enum fel_fit_objective {
    FEL_FIT_VOL = 0,           /* implied volatility, in volatility points (1 = 0.01) */
    FEL_FIT_PRICE = 1,         /* price, money */
    FEL_FIT_RELATIVE_PRICE = 2 /* price / market price - 1 */
} fel_fit_objective;
typedef enum fel_fit_weight {
    FEL_WEIGHT_EQUAL = 0,
    FEL_WEIGHT_VEGA = 1,  /* by Black-Scholes vega, mean 1 */
    FEL_WEIGHT_SPREAD = 2 /* by 1 / (ask - bid), mean 1 */
} fel_fit_weight;

typedef struct fel_calibrate_options {
    uint32_t struct_size;
    fel_fit_objective objective;
    fel_fit_weight weight;
    uint32_t n_starts;       /* multi-start; the first is `start` if given */
    const fel_heston *start; /* NULL: from the chain */
    uint64_t seed;           /* of the other starts */
    double tolerance;        /* relative, on parameters and gradient */
    uint32_t max_iterations; /* for each start */
    int n_threads;           /* over starts; the outcome does not depend on it */
    const volatile int *stop_flag;
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
} fel_calibrate_options;
FEL_API fel_calibrate_options fel_calibrate_options_default(void);

typedef struct fel_calibration {
    fel_heston heston;
    double standard_error[FEL_HESTON_N_PARAMS];  /* v0, kappa, theta, xi, rho: from the Jacobian at
                                                    the  optimum, indicative; NaN where singular */
    double sum_of_squares, rmse;                 /* in the objective's units */
    double rmse_vol_points;                      /* in volatility points whatever the objective */
    uint32_t n_iterations, n_starts, n_agreeing; /* starts that ended at the same optimum */
    uint32_t n_evaluations;
    int is_at_bound;  /* a parameter ended at the edge of its range: said in reports */
    double condition; /* of the scaled Jacobian */
    double seconds;
    double *model_vol; /* n of the chain, owned; NaN where the model's price has none */
} fel_calibration;

/* ERR_RANGE for options out of range, ERR_FORMAT if no start converges. */
FEL_API FEL_NODISCARD fel_status fel_calibrate_heston(fel_calibration *out, const fel_chain *chain,
                                                      const fel_calibrate_options *options);
FEL_API void fel_calibration_clear(fel_calibration *calibration);

FEL_END_DECLS
#endif
