/* feller/hedge.h - hedging of claims: the problem, the rules that everybody knows, policies that
 * are trained, and what either earns on paths.
 *
 * A book of claims is sold (or bought) at time 0 and settled at date N; at dates 0 .. N - 1
 * positions in instruments are chosen, at date N they are closed. With growth g_k = exp(r (T -
 * t_k)), P&L = g_0 side premium + sum_k sum_j position_kj (g_k+1 exp(q dt) S_k+1,j - g_k S_kj)
 *           - sum_k g_k cost_k - payoff
 * in money of date N, gains positive, summed in double. A rule or a policy sees at date k what is
 * known at date k: prices until then, its own position, its own P&L. docs/hedging.md has the
 * conventions. */
#ifndef FEL_HEDGE_H
#define FEL_HEDGE_H

#include <feller/model.h>
#include <feller/montecarlo.h>
#include <feller/pathfeed.h>
#include <feller/paths.h>
#include <feller/risk.h>

FEL_BEGIN_DECLS

/* ---- the market ------------------------------------------------------------------------------ */

typedef enum fel_hedge_market_kind {
    FEL_HEDGE_SIMULATED = 0, /* a process of the simulator */
    FEL_HEDGE_BOOTSTRAP = 1, /* log returns of a series, drawn again in blocks */
    FEL_HEDGE_STORED = 2     /* paths as they are */
} fel_hedge_market_kind;

/* One asset's paths, date 0 .. n_dates of the problem. Path k is a function of (market, seed, k).
 */
typedef struct fel_hedge_market {
    uint32_t struct_size;
    fel_hedge_market_kind kind;
    uint64_t seed;
    /* Simulated. */
    fel_process process;
    fel_scheme scheme;
    int has_drift;     /* S drifts by drift_per_year instead of r - q */
    size_t n_substeps; /* steps of the scheme from one date to the next */
    double drift_per_year;
    /* Bootstrap: closes one date apart, borrowed until the problem is made. A path begins at
     * process.spot; log returns are shifted by one number so that the mean of exp(return) is
     * exp(drift_per_year dt) if has_drift, else a martingale's: exp((rate - dividend) dt), 1 where
     * both are 0. Of `process` only spot and dividend_per_year are read. */
    const double *closes;
    size_t n_closes;
    fel_bootstrap_method method;
    int reserved;
    double block_dates; /* mean length of a block */
    /* Stored: path after path, n_dates + 1 numbers each, borrowed for as long as the problem lives.
     * Asking for a path that is not there is ERR_RANGE. Pilot paths are the first of them.
     * process.spot 0: the first number of all. */
    const double *spot;
    const double *variance; /* a year; NULL: not known */
    uint64_t n_paths;
} fel_hedge_market;

/* ---- the claims ------------------------------------------------------------------------------ */

/* So many of a payoff at the last date. The book's payoff is what the hedger pays: side x sum of
 * quantity x payoff, side +1 if the book was sold. */
typedef struct fel_hedge_claim {
    fel_payoff payoff;
    double quantity;
} fel_hedge_claim;

/* ---- the instruments ------------------------------------------------------------------------- */

typedef enum fel_hedge_instrument_kind {
    FEL_HEDGE_SPOT = 0,
    FEL_HEDGE_OPTION = 1,       /* European, quoted along the path at the model's price given spot
                                   and variance, within 1e-5 of the spot (Heston, Bates, Merton; on
                                   up to 4000 dates); by formula under gbm; bootstrap and stored:
                                   Black-Scholes at vol_per_year */
    FEL_HEDGE_VARIANCE_SWAP = 2 /* worth the total variance from date 0 to N as known now: realised
                                   until now, expected from then on */
} fel_hedge_instrument_kind;

/* What a trade of d units costs at price S (of a variance swap: at its vega notional, 2 sqrt(T x
 * total variance at date 0), in place of S); money. */
typedef struct fel_hedge_cost {
    double proportional_bps; /* 1e-4 x this x |d| x S */
    double per_unit;         /* x |d| */
    double fixed;            /* for every trade other than 0; its slope is 0 but for: */
    double fixed_width;      /* in training a fixed cost is fixed x (1 - exp(-|d| / width)), so that
                                it can be learned from; 0: as it is */
    double quadratic_bps;    /* 1e-4 x this x d^2 x S: impact */
} fel_hedge_cost;

typedef struct fel_hedge_instrument {
    const char *name; /* "spot", "call_105" */
    fel_hedge_instrument_kind kind;
    fel_option_right right; /* options */
    double strike;
    double expiry_years;               /* options: at or after the last date; 0: the last date */
    double vol_per_year;               /* options of a market without a model */
    double min_position, max_position; /* units; -infinity, infinity: free; min 0: no short; bounds
                                          without 0: it must be held, from date 0 on */
    double unit; /* a network's 1.0 is so many units; 0: so many that a unit moves as the spot does
                    (standard deviation over pilot paths) */
    fel_hedge_cost cost;
} fel_hedge_instrument;

enum { FEL_HEDGE_MAX_INSTRUMENTS = 4, FEL_HEDGE_MAX_CLAIMS = 16, FEL_HEDGE_MAX_FEATURES = 24 };

/* ---- features -------------------------------------------------------------------------------- */

enum { FEL_HEDGE_FEATURE_LIVE = 1, FEL_HEDGE_FEATURE_EACH_INSTRUMENT = 2 };

/* What a network is told at a date, as a table row. */
typedef struct fel_hedge_feature_info {
    const char *name;    /* "log_moneyness" */
    const char *summary; /* one line, no full stop */
    const char *unit;    /* "years" */
    uint32_t flags;      /* LIVE: follows from the policy's own trades; EACH_INSTRUMENT: a column
                            for each */
    uint32_t n_params;
    const fel_param_spec *params;
} fel_hedge_feature_info;

enum { FEL_HEDGE_FEATURE_MAX_PARAMS = 2 };

typedef struct fel_hedge_feature {
    const fel_hedge_feature_info *info; /* of the table */
    double params[FEL_HEDGE_FEATURE_MAX_PARAMS];
} fel_hedge_feature;

/* log_moneyness, moneyness, time_to_maturity, time_left, spot, log_return, variance, volatility,
 * realised_volatility, max_log_moneyness, min_log_moneyness, average_log_moneyness,
 * instrument_price, black_scholes_delta, black_scholes_gamma, heston_delta; live:
 * previous_position, running_pnl. */
FEL_API const fel_hedge_feature_info *const *fel_hedge_features(size_t *n);
/* With its parameters at their defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_hedge_feature_find(const char *name, fel_hedge_feature *out);

/* ---- the problem ----------------------------------------------------------------------------- */

typedef struct fel_hedge_config {
    uint32_t struct_size;
    int32_t side; /* +1: the book is sold, premium received; -1: bought, premium paid */
    fel_hedge_market market;
    double horizon_years;
    size_t n_dates; /* N: trades at dates 0 .. N - 1, the last settlement at N; 1 .. 10^4 */
    const fel_hedge_claim *claims;
    size_t n_claims;
    const fel_hedge_instrument *instruments;
    size_t n_instruments;
    double premium;       /* money at date 0 of the whole book, >= 0; NaN: the model's price (by
                             formula or Fourier where there is one, else by Monte Carlo) */
    double rate_per_year; /* of cash; NaN: the process's r (bootstrap, stored: 0) */
    double
        reference_vol; /* for rules and features that take an implied volatility; NaN: that of the
                          first claim's strike at date 0 (bootstrap, stored: of the returns) */
    int is_unwinding;  /* closing spot and living options at date N costs; what expires never
                          does */
    int reserved;
    const fel_hedge_feature *features; /* of policies */
    size_t n_features;
} fel_hedge_config;

/* One spot without costs, sold, 30 dates in 30/365 years, unwinding, premium NaN, features
 * log_moneyness, time_to_maturity, volatility, previous_position; no claim and no process yet. */
FEL_API fel_hedge_config fel_hedge_config_default(void);

/* Immutable once made; shared by threads. What config points at is copied but for stored paths and
 * payloads of callbacks. ERR_RANGE, ERR_ARG, ERR_NOTFOUND with what is wrong: a payoff or feature
 * that needs what the market does not give, negative costs, prices that are none. */
typedef struct fel_hedge_problem fel_hedge_problem;
FEL_API FEL_NODISCARD fel_status fel_hedge_problem_create(fel_hedge_problem **out,
                                                          const fel_hedge_config *config);
FEL_API void fel_hedge_problem_destroy(fel_hedge_problem *problem); /* NULL is allowed */
FEL_API const fel_hedge_config *fel_hedge_problem_config(const fel_hedge_problem *problem);
/* Of instrument j: units to a network's 1.0; NaN for instruments that do not exist. */
FEL_API double fel_hedge_problem_unit(const fel_hedge_problem *problem, size_t instrument);
/* The premium, with its standard error where it is by Monte Carlo (else 0); what it is from in
 * words ("Fourier", "Black-Scholes", "Monte Carlo, 1048576 paths"). */
FEL_API double fel_hedge_problem_premium(const fel_hedge_problem *problem, double *standard_error,
                                         const char **source);
FEL_API double fel_hedge_problem_reference_vol(const fel_hedge_problem *problem);

/* Market data of n paths from `first`, as doubles: price[(k x n_instruments + j) x n + p] and
 * spot[k x n + p], variance[k x n + p] (may be NULL; not given where the market has none:
 * ERR_RANGE), payoff[p]: for stored comparisons and reports. */
typedef struct fel_hedge_paths {
    uint64_t first;
    size_t n;
    double *spot, *variance, *price, *payoff; /* NULL: not wanted */
} fel_hedge_paths;
FEL_API FEL_NODISCARD fel_status fel_hedge_problem_paths(const fel_hedge_problem *problem,
                                                         const fel_hedge_paths *out);

/* Where trainers and tests take paths from, so that they never share one: training from 0. */
#define FEL_HEDGE_VALIDATION_PATHS (UINT64_C(1) << 40)
#define FEL_HEDGE_TEST_PATHS       (UINT64_C(1) << 41)
#define FEL_HEDGE_PILOT_PATHS      (UINT64_C(1) << 42) /* units, scales of features */

/* ---- rules ----------------------------------------------------------------------------------- */

enum { FEL_HEDGE_RULE_MAX_PARAMS = 4 };

/* A hedge that is not trained, as a table row: none, black_scholes_delta, black_scholes_oracle
 * (sees the true variance of now), heston_delta, heston_delta_vega, min_variance_delta,
 * whalley_wilmott, leland. */
typedef struct fel_hedge_rule_info {
    const char *name;
    const char *summary;
    const char *formula;
    const fel_param_spec *params;
    uint32_t n_params;
    int is_oracle; /* knows what no hedger of a real market knows */
} fel_hedge_rule_info;

typedef struct fel_hedge_rule {
    const fel_hedge_rule_info *info;
    double params[FEL_HEDGE_RULE_MAX_PARAMS];
} fel_hedge_rule;

FEL_API const fel_hedge_rule_info *const *fel_hedge_rules(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_hedge_rule_find(const char *name, fel_hedge_rule *out);

/* ---- policies -------------------------------------------------------------------------------- */

/* How a network's outputs become positions. */
typedef enum fel_hedge_head {
    FEL_HEDGE_DIRECT = 0,   /* unit x bound(output) */
    FEL_HEDGE_RESIDUAL = 1, /* base rule's position + unit x bound(output) */
    FEL_HEDGE_BAND = 2      /* two outputs an instrument: the position before, kept within
                               [base - unit leaky(o1), base + unit leaky(o2)], leaky(x) = max(x, x /
                               100); crossed bounds: their middle (Imaki et al. 2021) */
} fel_hedge_head;

typedef enum fel_hedge_bound {
    FEL_HEDGE_FREE = 0,
    FEL_HEDGE_TANH = 1,    /* in (-1, 1) */
    FEL_HEDGE_LOGISTIC = 2 /* in (0, 1) */
} fel_hedge_bound;

typedef struct fel_policy_config {
    uint32_t struct_size;
    int per_date;                     /* a network for each date (mlp) */
    const fel_network_class *network; /* lstm or mlp */
    uint32_t n_hidden;
    fel_hedge_head head;
    size_t hidden[FEL_NETWORK_MAX_LAYERS];
    double params[FEL_NETWORK_MAX_PARAMS]; /* of the network's table */
    fel_hedge_bound bound;
    int standardise; /* features less their mean, over their standard deviation, of pilot paths */
    fel_hedge_rule base; /* of residual and band */
    int is_blind;        /* live features are left out: it is not told its own trades */
    int reserved;
} fel_policy_config;

/* An lstm of 32 units, direct, free, standardised. */
FEL_API fel_policy_config fel_policy_config_default(void);

/* A network on a problem's features with its head; immutable, shared by threads. Borrows the
 * problem. ERR_SHAPE, ERR_RANGE, ERR_NOTFOUND. */
typedef struct fel_policy fel_policy;
FEL_API FEL_NODISCARD fel_status fel_policy_create(fel_policy **out,
                                                   const fel_hedge_problem *problem,
                                                   const fel_policy_config *config);
FEL_API void fel_policy_destroy(fel_policy *policy); /* NULL is allowed */
FEL_API const fel_policy_config *fel_policy_describe(const fel_policy *policy);
FEL_API const fel_hedge_problem *fel_policy_problem(const fel_policy *policy);
FEL_API const fel_network *fel_policy_network(const fel_policy *policy);
FEL_API size_t fel_policy_count_params(const fel_policy *policy); /* all dates' with per_date */
/* First values; the last layer's weights a tenth of the network's own, so that a residual or band
 * policy begins near its base. */
FEL_API void fel_policy_init_f32(const fel_policy *policy, uint64_t seed, float *params);
FEL_API void fel_policy_init_f64(const fel_policy *policy, uint64_t seed, double *params);

/* ---- the loss of some paths ------------------------------------------------------------------ */

/* What a policy is to be judged by in training: the risk of P&L whose costs count cost_factor
 * times. */
typedef struct fel_hedge_objective {
    fel_risk risk;
    double cost_factor; /* 1: as they are */
} fel_hedge_objective;

typedef struct fel_hedge_batch {
    uint64_t first;
    size_t n;
    double threshold; /* of the risk measure; not read without */
    int n_threads;
} fel_hedge_batch;

typedef struct fel_hedge_loss {
    double value;
    double threshold_slope; /* d value / d threshold */
    double best_threshold;  /* of these paths' P&L, if the measure has one and it was asked for */
    int is_finite;
} fel_hedge_loss;

/* The batch's loss at these parameters and, unless gradient is NULL, its gradient by all of them
 * (set). pnl: NULL, or [n], with costs as the objective counts them. For gradient checks and own
 * trainers; memory is made anew each time. */
FEL_API FEL_NODISCARD fel_status fel_hedge_loss_f32(const fel_policy *policy,
                                                    const fel_hedge_objective *objective,
                                                    const fel_hedge_batch *batch,
                                                    const float *params, fel_hedge_loss *out,
                                                    float *gradient, double *pnl);
FEL_API FEL_NODISCARD fel_status fel_hedge_loss_f64(const fel_policy *policy,
                                                    const fel_hedge_objective *objective,
                                                    const fel_hedge_batch *batch,
                                                    const double *params, fel_hedge_loss *out,
                                                    double *gradient, double *pnl);

/* ---- hedgers --------------------------------------------------------------------------------- */

/* A rule, or a policy with its parameters: what can be run on paths. Immutable; borrows problem,
 * policy and parameters. */
typedef struct fel_hedger fel_hedger;
FEL_API FEL_NODISCARD fel_status fel_hedger_of_rule(fel_hedger **out,
                                                    const fel_hedge_problem *problem,
                                                    const fel_hedge_rule *rule);
FEL_API FEL_NODISCARD fel_status fel_hedger_of_policy_f32(fel_hedger **out,
                                                          const fel_policy *policy,
                                                          const float *params);
FEL_API FEL_NODISCARD fel_status fel_hedger_of_policy_f64(fel_hedger **out,
                                                          const fel_policy *policy,
                                                          const double *params);
FEL_API void fel_hedger_destroy(fel_hedger *hedger); /* NULL is allowed */

/* What n paths from `first` bring: arrays of the caller's, NULL where not wanted. */
typedef struct fel_hedge_outcome {
    uint32_t struct_size;
    int n_threads; /* 0: all cores */
    uint64_t first;
    size_t n;
    double *pnl;      /* n */
    double *cost;     /* n: money of the last date */
    double *turnover; /* n: sum over trades of |units| x price, the closing one included */
    double *payoff;   /* n: what was paid */
    double *position; /* [(k x n_instruments + j) x n + p], k < n_dates */
    const volatile int *stop_flag;
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
} fel_hedge_outcome;
FEL_API FEL_NODISCARD fel_status fel_hedger_run(const fel_hedger *hedger,
                                                const fel_hedge_outcome *out);

/* One path, date by date, as it is lived: for the event engine. Same numbers as fel_hedger_run() on
 * a market that shows the same prices. Not for two threads at once. */
typedef struct fel_hedge_session fel_hedge_session;
FEL_API FEL_NODISCARD fel_status fel_hedge_session_create(fel_hedge_session **out,
                                                          const fel_hedger *hedger);
FEL_API void fel_hedge_session_destroy(fel_hedge_session *session); /* NULL is allowed */

typedef struct fel_hedge_sight {
    double spot;
    double variance;        /* a year; NaN where the market does not show it and nobody reads it */
    const double *prices;   /* by instrument */
    const double *position; /* held now, by instrument; NULL: what was decided last */
    double pnl;             /* so far, costs included, without premium; NaN: kept by the session */
} fel_hedge_sight;
/* Date 0, then 1, ...: what is seen, and the position to take at each instrument. ERR_RANGE past
 * the last date, or where what is read is not a number. */
FEL_API FEL_NODISCARD fel_status fel_hedge_session_decide(fel_hedge_session *session,
                                                          const fel_hedge_sight *sight,
                                                          double *position);
/* Another path from date 0; its own strike is spot of the problem scaled: levels of claims and
 * instruments x scale, positions as they come out (a contract on scale x the problem's asset). */
FEL_API void fel_hedge_session_restart(fel_hedge_session *session, double scale);

FEL_END_DECLS
#endif
