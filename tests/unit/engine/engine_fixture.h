/* tests/unit/engine/engine_fixture.h - markets from literal tables, strategies from scripts, and a
 * log of every callback. One test at a time: the script is a global of the fixture. */
#ifndef FEL_TESTS_ENGINE_FIXTURE_H
#define FEL_TESTS_ENGINE_FIXTURE_H

#include <feller/engine.h>

#include "tests/support/check.h"

/* Instants of the fixture's daily bars: bar i opens at DAYS(i) and closes at DAYS(i + 1). */
#define DAYS(n)    ((int64_t)(n)*FEL_NS_PER_DAY)
#define HOURS(n)   ((int64_t)(n)*FEL_NS_PER_HOUR)
#define MINUTES(n) ((int64_t)(n)*FEL_NS_PER_MINUTE)

/* ---- markets --------------------------------------------------------------------------------- */

enum { MARKET_MAX = 512 };

typedef struct market {
    fel_series *series[MARKET_MAX];
    fel_source sources[MARKET_MAX];
    size_t n;
    size_t block_rows; /* of the feeds; 0: one block */
} market;

typedef struct ohlc {
    double open, high, low, close;
} ohlc;

/* Bars of that length, raw, in USD, a currency pair (no dividends are missed), no grid, no lot. */
fel_series_info bars_info(const char *symbol, int64_t length_ns);

/* A series and a feed over it: n rows of n_columns values, row by row. open_ns may be NULL. */
void market_add(market *m, const fel_series_info *info, const int64_t *time_ns,
                const int64_t *open_ns, const double *rows, size_t n);
/* Daily bars from `first_day` on, volume 1000 x (1 + place). */
void market_add_days(market *m, const fel_series_info *info, int first_day, const ohlc *bars,
                     size_t n);
/* Daily bars whose four prices are one. */
void market_add_flat_days(market *m, const fel_series_info *info, int first_day,
                          const double *prices, size_t n);
/* One corporate action. */
void market_add_action(market *m, const char *symbol, int64_t time_ns, fel_action_kind kind,
                       double value);
/* Signals in one named column. */
void market_add_signals(market *m, const char *symbol, const char *column, const int64_t *time_ns,
                        const double *values, size_t n);
void market_clear(market *m);

/* ---- runs ------------------------------------------------------------------------------------ */

typedef struct run {
    fel_engine *engine;
    const fel_result *result; /* an empty one if it could not be had: the failure is counted */
} run;

/* Self-check on, no short cuts. */
fel_engine_config checked_config(void);
/* Create, run, check that it went well. */
run run_market(const market *m, const fel_engine_config *config, const fel_strategy *strategy,
               const double *params);
void run_clear(run *r);

/* ---- scripts --------------------------------------------------------------------------------- */

typedef enum script_event {
    ON_BAR,
    ON_SLICE,
    ON_QUOTE,
    ON_SIGNAL,
    ON_ACTION,
    ON_EXPIRY,
    ON_FILL,  /* the n-th fill: `at` counts from 1 */
    ON_UPDATE /* the n-th order update: `at` counts from 1 */
} script_event;

typedef enum script_verb { SUBMIT, POSITION, WEIGHT, CANCEL, REPLACE, SPEND, HALT } script_verb;

/* At that event of that instrument (any for ON_SLICE), at that instant, do this. */
typedef struct script_step {
    script_event event;
    int64_t at; /* instant; ON_FILL, ON_UPDATE: how many-th */
    uint32_t instrument;
    script_verb verb;
    fel_order order;   /* SUBMIT, REPLACE */
    double amount;     /* POSITION, WEIGHT, SPEND; HALT: 1 closes positions */
    uint64_t order_id; /* CANCEL, REPLACE */
} script_step;

/* What the scripted strategy does from now on; steps must live on. */
void script_use(const script_step *steps, size_t n);
#define SCRIPT(...)                                                                                \
    do {                                                                                           \
        static const script_step steps_[] = {__VA_ARGS__};                                         \
        script_use(steps_, sizeof(steps_) / sizeof(steps_[0]));                                    \
    } while (0)

extern const fel_strategy script_strategy;

/* Every callback of the last run as words: "bar A@1 slice@1 order1:live fill1:A+2@100 ...".
 * Instants are in days. */
const char *script_log(void);
/* Only the callbacks whose word begins so, joined. Static buffer, good until the next call. */
const char *script_log_of(const char *word);
/* Status of the last CANCEL or REPLACE. */
fel_status script_last_status(void);

/* ---- shorthand ------------------------------------------------------------------------------- */

#define MARKET_ORDER(side_, quantity_)                                                             \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = (side_), .quantity = (quantity_)                 \
    }
#define LIMIT_ORDER(side_, quantity_, limit_)                                                      \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = (side_), .type = FEL_ORDER_LIMIT,                \
        .quantity = (quantity_), .limit_price = (limit_)                                           \
    }
#define STOP_ORDER(side_, quantity_, stop_)                                                        \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = (side_), .type = FEL_ORDER_STOP,                 \
        .quantity = (quantity_), .stop_price = (stop_)                                             \
    }

/* A fee or slippage model with its first two parameters. */
fel_cost cost_of(const char *name, double first, double second);

/* gross - delay - lines + dividends + interest - borrow + funding = net, and net = final equity -
 * cash, to 1e-9 of the scale; the attributed positions add up to the same. */
void check_waterfall(const fel_result *r);
/* Ids are 1, 2, ...; every order has ended, once, with a reason that goes with its state. */
void check_orders_ended(const fel_result *r);

#endif
