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

/* Why a quote was refused; counted and listed, never silent. */
typedef enum fel_quote_fault {
    FEL_FAULT_NONE = 0,
    FEL_FAULT_CROSSED = 1, /* bid > ask */
    FEL_FAULT_ZERO_BID = 2,
    FEL_FAULT_ARBITRAGE = 3,  /* outside the no-arbitrage bounds, or not monotone or convex in
                                 strike by more than bid and ask explain */
    FEL_FAULT_NO_PRICE = 4,   /* nothing to price it by: absent, NaN, not positive */
    FEL_FAULT_EXPIRED = 5,    /* maturity not after the quote date */
    FEL_FAULT_EXCLUDED = 6,   /* outside the asked moneyness, maturity or volatility range */
    FEL_FAULT_NO_FORWARD = 7, /* its maturity has no forward: neither given nor by parity */
    FEL_FAULT_DUPLICATE = 8,  /* quoted twice: the tighter spread is kept, then the earlier row */
    FEL_FAULT_N = 9
} fel_quote_fault;
FEL_API const char *fel_quote_fault_name(fel_quote_fault fault);    /* "crossed" */
FEL_API const char *fel_quote_fault_meaning(fel_quote_fault fault); /* "bid above ask" */

/* How to read a chain; start from fel_chain_options_default(). */
typedef struct fel_chain_options {
    uint32_t struct_size;
    uint32_t reserved;
    char map[256];        /* "strike=K,maturity=T,vol=iv": columns by header; "" finds the usual */
    char quote_date[16];  /* "2011-01-24"; needed where maturities are dates and no column has it */
    char date_format[8];  /* "ymd", "dmy", "mdy": of dates in figures; "" refuses ambiguous ones */
    double spot;          /* NaN: a column, or the forward of the shortest maturity */
    double rate_per_year; /* continuous; NaN: columns, or by put-call parity */
    double dividend_per_year;            /* continuous; NaN: as above */
    double min_moneyness, max_moneyness; /* strike / forward; 0 and infinity for all */
    double min_t_years, max_t_years;
    double min_vol_per_year, max_vol_per_year; /* quotes outside are excluded */
    uint8_t otm_only; /* out-of-the-money side of each strike only: puts below the forward */
    uint8_t keep_zero_bid;
    uint8_t keep_arbitrage; /* neighbours are not compared; the bounds of a price still hold */
    uint8_t prefer_vol;     /* the column of volatilities counts, even where there are prices */
    uint8_t reserved_bytes[4];
} fel_chain_options;
FEL_API fel_chain_options fel_chain_options_default(void);

/* A quote that was refused. Numbers are NaN where the file has none. */
typedef struct fel_quote_refusal {
    int32_t row;
    fel_quote_fault fault;
    int32_t right; /* fel_option_right; 0 if not known */
    int32_t reserved;
    double t_years, strike, bid, ask, price;
    char reason[120]; /* "bid 3.2 is above ask 3.1" */
} fel_quote_refusal;

/* Where the forward of a maturity is from. */
typedef enum fel_forward_source {
    FEL_FORWARD_GIVEN = 0,       /* a column */
    FEL_FORWARD_RATES = 1,       /* spot, rate and dividend, or discount factors of both */
    FEL_FORWARD_PARITY = 2,      /* calls less puts, discount given */
    FEL_FORWARD_PARITY_BOTH = 3, /* calls less puts, by regression on the strike: discount too */
    FEL_FORWARD_NONE = 4
} fel_forward_source;
FEL_API const char *fel_forward_source_name(fel_forward_source source); /* "by parity" */

typedef struct fel_chain_maturity {
    double t_years, forward, discount;
    double forward_error; /* standard error where by parity, else NaN */
    size_t first, n;      /* its quotes */
    size_t n_pairs;       /* calls and puts of one strike that parity used */
    fel_forward_source source;
    int32_t reserved;
} fel_chain_maturity;

typedef struct fel_chain {
    double spot;
    char quote_date[16];      /* "2011-01-24"; "" where the file has none and none was asked */
    fel_quote_option *quotes; /* by maturity, then strike, calls before puts */
    size_t n;
    fel_chain_maturity *maturities; /* those with quotes, increasing */
    size_t n_maturities;
    size_t n_rows;                      /* rows of the file below the header */
    size_t n_faults[FEL_FAULT_N];       /* quotes refused, by reason */
    char first_fault[FEL_FAULT_N][160]; /* of each reason: "row 12: bid 3.2 is above ask 3.1" */
    fel_quote_refusal *refused;         /* by row */
    size_t n_refused;
} fel_chain;

/* Read a chain (plain, or packed by gzip and the like). Columns known by name (case and punctuation
 * do not matter): strike, maturity/expiry (date) or t/days, type/right, bid, ask, price/mid,
 * vol/iv, forward/fwd, discount/disc, rate, dividend, dividend_discount, spot/underlying,
 * quote_date, the same with call_ and put_ before them for rows that quote both; also the
 * exchange's delayed-quote pages and OCC contract symbols: docs/calibration.md. ERR_IO, ERR_FORMAT
 * (file, row, column, value, what is allowed); ERR_FORMAT if no usable quote is left, with the
 * counts. */
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

/* Where one start of the search ended. */
typedef struct fel_calibration_end {
    fel_heston from, to;
    double sum_of_squares; /* in the objective's units; NaN if it failed */
    uint32_t n_iterations;
    int32_t is_agreeing; /* the same optimum as the best */
    const char *text;    /* "converged", "out of iterations", ...; static storage */
} fel_calibration_end;

typedef struct fel_calibration {
    fel_heston heston;
    double standard_error[FEL_HESTON_N_PARAMS];  /* v0, kappa, theta, xi, rho: from the Jacobian at
                                                    the  optimum, indicative; NaN where singular */
    double sum_of_squares, rmse;                 /* in the objective's units, weighted */
    double rmse_vol_points;                      /* in volatility points whatever the objective */
    uint32_t n_iterations, n_starts, n_agreeing; /* of the best start; run; at the same optimum */
    uint32_t n_evaluations;                      /* of all model prices, all starts together */
    int is_at_bound;  /* bit i: parameter i ended at the edge of its range */
    int was_stopped;  /* by the stop flag: the best so far */
    double condition; /* of the Jacobian with columns of unit length */
    double seconds;   /* wall clock; no part of the result */
    char note[256]; /* what a reader must know: not converged, or what the quotes do not tell apart;
                       "" */
    double *model_vol;         /* n of the chain, owned; NaN where the model's price has none */
    double *model_price;       /* n of the chain, owned */
    double *residual;          /* model - market in the objective's unit, unweighted; owned */
    double *weight;            /* n of the chain, owned */
    fel_calibration_end *ends; /* n_starts, owned */
} fel_calibration;

/* The range that each parameter is sought in, in the order v0, kappa, theta, xi, rho. */
FEL_API void fel_calibrate_range(double min[FEL_HESTON_N_PARAMS], double max[FEL_HESTON_N_PARAMS]);
/* "volatility points"; "squared volatility points". Static storage. */
FEL_API const char *fel_fit_objective_name(fel_fit_objective objective); /* "vol" */
FEL_API const char *fel_fit_objective_unit(fel_fit_objective objective);
FEL_API const char *fel_fit_weight_name(fel_fit_weight weight); /* "equal" */

/* ERR_RANGE for options out of range, ERR_FORMAT if no start converges. */
FEL_API FEL_NODISCARD fel_status fel_calibrate_heston(fel_calibration *out, const fel_chain *chain,
                                                      const fel_calibrate_options *options);
FEL_API void fel_calibration_clear(fel_calibration *calibration);

FEL_END_DECLS
#endif
