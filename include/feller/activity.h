/* feller/activity.h - what transactions and positions tell of a strategy: round trips, turnover,
 * leverage, allocation; over plain arrays, whoever made them.
 *
 * The report's own trades (feller/report.h) come from an engine's result, with exact money, splits
 * and excursions. Here are the numbers of other accounts: transactions with a signed quantity and a
 * price, positions as money at the end of each day. Formulas and conventions: pyfolio's where it
 * has them; docs/metrics.md says where they differ. Pure functions, the same bits every time; NaN
 * where a number is not defined. */
#ifndef FEL_ACTIVITY_H
#define FEL_ACTIVITY_H

#include <feller/metric.h>

FEL_BEGIN_DECLS

/* ---- transactions ---------------------------------------------------------------------------- */

#define FEL_MOST_INSTRUMENTS (UINT32_C(1) << 24)

typedef struct fel_transaction {
    int64_t time_ns;
    uint32_t instrument; /* from 0, below FEL_MOST_INSTRUMENTS */
    double quantity;     /* > 0 bought, < 0 sold; not 0 */
    double price;
} fel_transaction;

/* Merge transactions of one instrument and direction that follow each other (no other direction of
 * that instrument between) with at most gap_ns from one to the next: the quantities' sum at the
 * volume-weighted price and the first one's time. In place; *n becomes fewer. The order of time is
 * required and kept: ERR_RANGE if it goes back or a number is not finite or a quantity is 0;
 * ERR_NOMEM. Then nothing is changed. */
FEL_API FEL_NODISCARD fel_status fel_transactions_merge(fel_transaction *transactions, size_t *n,
                                                        int64_t gap_ns);

/* Money traded on each of n_days days that begin at day_begins_ns (ascending; the last one has no
 * end): sum of |quantity x price|. Transactions need no order. ERR_RANGE for one before the first
 * day. out_shares (or NULL): sum of |quantity|. */
FEL_API FEL_NODISCARD fel_status fel_traded_values(const fel_transaction *transactions, size_t n,
                                                   const int64_t *day_begins_ns, size_t n_days,
                                                   double *out, double *out_shares);

/* ---- round trips ----------------------------------------------------------------------------- */

/* One closing transaction with what it closes, first in, first out. */
typedef struct fel_round_trip {
    uint32_t instrument;
    int32_t direction; /* +1 long, -1 short */
    int64_t open_ns;   /* of the oldest lot that it closes */
    int64_t close_ns;
    double quantity; /* closed, > 0 */
    double cost;     /* sum of quantity x entry price, > 0 if prices are */
    double pnl;
    double return_fraction; /* pnl / cost; NaN if cost is 0 */
} fel_round_trip;

/* Match transactions (in the order of time) in the order of their exits. A transaction that goes
 * beyond what is held closes it and opens the rest the other way. What stays open makes no round
 * trip; fel_transactions_close gives transactions that close it. *out is the caller's (free()),
 * NULL if *n_out is 0. ERR_RANGE as for merging; ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_round_trips(const fel_transaction *transactions, size_t n,
                                                 fel_round_trip **out, size_t *n_out);

/* Transactions at time_ns and prices[instrument] that close what `transactions` leave open, one for
 * each such instrument in ascending order; room for n_instruments. ERR_RANGE for an instrument of
 * n_instruments or more; ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_transactions_close(const fel_transaction *transactions,
                                                        size_t n, const double *prices,
                                                        size_t n_instruments, int64_t time_ns,
                                                        fel_transaction *out, size_t *n_out);

/* P&L / equity of the day on which each round trip closes; NaN where that is 0. The days begin at
 * day_begins_ns (ascending). ERR_RANGE for a trip that closes before the first. */
FEL_API FEL_NODISCARD fel_status fel_trip_equity_returns(const fel_round_trip *trips, size_t n,
                                                         const int64_t *day_begins_ns,
                                                         fel_cvec equity, double *out);

#define FEL_ANY_INSTRUMENT UINT32_MAX

/* Which round trips a number is of. */
typedef struct fel_trip_filter {
    int32_t direction;   /* 0: both, +1: long, -1: short */
    uint32_t instrument; /* or FEL_ANY_INSTRUMENT */
} fel_trip_filter;

/* A row of the table of round-trip metrics. */
typedef struct fel_trip_metric_class {
    uint32_t struct_size;
    fel_metric_unit unit;
    const char *name, *label, *convention;
    int higher_is_better; /* 1, 0: lower, -1: neither */
    /* NaN where the filter leaves nothing to speak of; counts are then 0. */
    double (*eval)(const fel_round_trip *trips, size_t n, const fel_trip_filter *filter);
} fel_trip_metric_class;

/* All of them, static storage. */
FEL_API const fel_trip_metric_class *fel_trip_metric_classes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_trip_metric_find(const char *name,
                                                      const fel_trip_metric_class **out);

/* ---- positions ------------------------------------------------------------------------------- */

/* Money in each asset at the end of each day, negative if short; equity is their sum and cash. */
typedef struct fel_holdings {
    uint32_t struct_size;
    size_t n_days, n_assets;
    const double *values; /* values[day * n_assets + asset] */
    const double *cash;   /* a day; NULL: none */
    const double *traded; /* money traded a day, for turnover; NULL: unknown */
} fel_holdings;

/* Views of a day; each out has n_days places. NaN where equity is 0. */
typedef enum fel_exposure {
    FEL_EXPOSURE_GROSS = 0,   /* sum of |values| / equity */
    FEL_EXPOSURE_NET = 1,     /* sum of values / equity */
    FEL_EXPOSURE_LONG = 2,    /* of positive values */
    FEL_EXPOSURE_SHORT = 3,   /* of negative values: negative */
    FEL_EXPOSURE_LARGEST = 4, /* largest |value| / |equity| of one asset */
    FEL_EXPOSURE_COUNT = 5    /* assets with a value that is not 0 */
} fel_exposure;
FEL_API void fel_exposure_series(const fel_holdings *holdings, fel_exposure kind, double *out);

/* value / equity of each asset and day, then cash / equity: out has n_days x (n_assets + 1) places,
 * a row a day. */
FEL_API void fel_allocations(const fel_holdings *holdings, double *out);

/* Values of assets added up by group: out has n_days x n_groups places; group_of[asset] <
 * n_groups, else ERR_RANGE. */
FEL_API FEL_NODISCARD fel_status fel_group_values(const fel_holdings *holdings,
                                                  const uint32_t *group_of, size_t n_groups,
                                                  double *out);

/* What turnover is a share of. */
typedef enum fel_turnover_base {
    FEL_TURNOVER_GROSS = 0, /* mean of sum |values| of this day and the one before (0 before the
                               first): actual gross book, AGB */
    FEL_TURNOVER_EQUITY = 1 /* positions and cash at the end of the day */
} fel_turnover_base;

/* Traded money / base for each day; 0 where nothing was traded, NaN where the base is 0. ERR_ARG if
 * traded is NULL. */
FEL_API FEL_NODISCARD fel_status fel_turnover_series(const fel_holdings *holdings,
                                                     fel_turnover_base base, double *out);

/* Returns after a slippage of basis points of the traded money, taken off at each day's equity:
 * r - 1e-4 basis_points x traded / equity. ERR_ARG if traded is NULL, ERR_SHAPE if lengths differ.
 */
FEL_API FEL_NODISCARD fel_status fel_slippage_returns(fel_cvec returns,
                                                      const fel_holdings *holdings,
                                                      double basis_points, double *out);

/* A row of the table of metrics of positions. */
typedef struct fel_holding_metric_class {
    uint32_t struct_size;
    fel_metric_unit unit;
    const char *name, *label, *convention;
    int higher_is_better, needs_traded;
    double (*eval)(const fel_holdings *holdings);
} fel_holding_metric_class;

FEL_API const fel_holding_metric_class *fel_holding_metric_classes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_holding_metric_find(const char *name,
                                                         const fel_holding_metric_class **out);

/* One asset's share of equity over the days. */
typedef struct fel_asset_exposure {
    double mean, mean_absolute; /* of value / equity */
    double lowest, highest;
    double days_held; /* share of days with a value that is not 0 */
    double days_long, days_short;
} fel_asset_exposure;

/* ERR_RANGE for an asset that is not there. NaN without days; days without equity are left out of
 * all but the shares of days. */
FEL_API FEL_NODISCARD fel_status fel_asset_exposure_of(const fel_holdings *holdings, size_t asset,
                                                       fel_asset_exposure *out);

FEL_END_DECLS
#endif
