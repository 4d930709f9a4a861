/* study/study_keys.c - the keys of a study file: one row each for the reader, the manual and the
 * check that the manual is complete. */
#include <math.h>

#include "study/study_internal.h"

#define TEXT(type, field, name, fallback, doc)                                                     \
    {                                                                                              \
        name, SCHEMA_TEXT, 0, offsetof(type, field), 0, 0, NULL, fallback, NULL, doc               \
    }
#define KEY(kind, type, field, name, fallback, doc)                                                \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), 0, 0, NULL, fallback, NULL, doc                      \
    }
#define NUMBER(kind, type, field, name, least, most, fallback, doc)                                \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), least, most, NULL, fallback, NULL, doc               \
    }
#define CHOICE(type, field, name, words, fallback, doc)                                            \
    {                                                                                              \
        name, SCHEMA_CHOICE, 0, offsetof(type, field), 0, 0, words, fallback, NULL, doc            \
    }
#define PART(kind, required, type, field, name, table, doc)                                        \
    {                                                                                              \
        name, kind, required, offsetof(type, field), 0, 0, NULL, NULL, table, doc                  \
    }
#define TABLE(rows) .keys = (rows), .n = sizeof(rows) / sizeof((rows)[0])

/* ---- data ------------------------------------------------------------------------------------ */

static const schema_key option_keys[] = {
    {"underlying", SCHEMA_TEXT, 1, offsetof(study_option, underlying), 0, 0, NULL, NULL, NULL,
     "symbol in this list whose price settles it"},
    {"right", SCHEMA_CHOICE, 1, offsetof(study_option, right), 0, 0, "call|put", NULL, NULL,
     "call or put"},
    {"strike", SCHEMA_REAL, 1, offsetof(study_option, strike), 0, 1e12, NULL, NULL, NULL,
     "price at which it is exercised"},
    KEY(SCHEMA_TIME, study_option, expiry_ns, "expiry", NULL,
        "instant of its settlement; simulated: of the last bar known by then"),
    NUMBER(SCHEMA_INTEGER, study_option, expiry_bars, "expiry_bars", 1, 1e6, NULL,
           "simulated options: settled at the close of so many bars, instead of expiry"),
    CHOICE(study_option, exercise, "exercise", "european|american", "european",
           "whether its holder may exercise it before the expiry"),
    CHOICE(study_option, delivery, "delivery", "cash|physical", "cash",
           "what exercise gives: the intrinsic value, or the underlying against the strike"),
};
static const schema_map option_map = {TABLE(option_keys), .size = sizeof(study_option)};

static fel_status check_data_row(const tree_node *node, const char *path, const void *out)
{
    const study_data *row = out;
    if (row->simulate != NULL) {
        return study_check_simulated(node, path, row);
    }
    if ((row->file != NULL) == (row->store != NULL)) {
        return schema_raise(FEL_ERR_ARG, node->mark, path,
                            row->file != NULL
                                ? "give either file (a CSV) or store (a folder), not both"
                                : "give file (a CSV), store (a folder) or simulate (a process): "
                                  "one of them is needed");
    }
    if (row->option.right >= 0 && row->option.expiry_ns == INT64_MIN) {
        return schema_raise(FEL_ERR_FORMAT, node->mark, path,
                            "option.expiry: the key is required: instant of its settlement");
    }
    const char *const csv_only[] = {"layout",   "zone",          "session",   "stamp",
                                    "map",      "sort",          "delimiter", "date_format",
                                    "bad_rows", "allow_negative"};
    for (size_t i = 0; row->store != NULL && i < sizeof(csv_only) / sizeof(csv_only[0]); i++) {
        const tree_node *child = tree_child(node, csv_only[i]);
        if (child != NULL) {
            char name[SCHEMA_PATH_SIZE];
            schema_join(path, csv_only[i], name, sizeof(name));
            return schema_raise(FEL_ERR_ARG, child->key_mark, name,
                                "says how to read a CSV, but the data comes from a store");
        }
    }
    if (row->expiry_ns != INT64_MIN && row->kind != (int)FEL_FUTURE) {
        return schema_raise(FEL_ERR_ARG, node->mark, path,
                            "expiry is for futures (kind: future); options have option.expiry");
    }
    if (row->symbol == NULL && (row->option.right >= 0 || row->signals.n > 0)) {
        return schema_raise(FEL_ERR_ARG, node->mark, path, "needs a symbol");
    }
    return FEL_OK;
}

static const schema_key data_keys[] = {
    TEXT(study_data, symbol, "symbol", NULL,
         "instrument; absent: the file's name, or every symbol of a panel or store"),
    KEY(SCHEMA_PATH, study_data, file, "file", NULL,
        "CSV file, also .gz .zip .zst; relative to the study file"),
    KEY(SCHEMA_PATH, study_data, store, "store", NULL,
        "store folder made by feller data import; relative to the study file"),
    KEY(SCHEMA_DURATION, study_data, frequency_ns, "frequency", NULL,
        "bar length such as 1d, 4h, 1m; absent: found in the data"),
    TEXT(study_data, layout, "layout", NULL,
         "CSV layout, see feller list layouts; absent: detected"),
    TEXT(study_data, map, "map", NULL, "CSV columns, such as time=Date,close=Last"),
    TEXT(study_data, zone, "zone", NULL,
         "IANA zone of the times in the file, such as "
         "America/New_York; absent: UTC or the layout's own"),
    TEXT(study_data, session, "session", NULL,
         "local hours of a daily bar, such as 09:30-16:00; absent: the whole day"),
    CHOICE(study_data, stamp, "stamp", "open|close", NULL,
           "what the time of an intraday row is; absent: open or the layout's own"),
    CHOICE(study_data, date_format, "date_format", "ymd|dmy|mdy", NULL,
           "order of day, month and year where dates are ambiguous"),
    TEXT(study_data, delimiter, "delimiter", NULL,
         "one character, or tab; absent: detected among , ; tab |"),
    KEY(SCHEMA_BOOL, study_data, sort, "sort", "false", "turn newest-first files round"),
    KEY(SCHEMA_BOOL, study_data, allow_negative, "allow_negative", "false",
        "zero and negative prices are legal"),
    CHOICE(study_data, bad_rows, "bad_rows", "stop|quarantine", "stop",
           "what happens to a row that breaks a rule"),
    KEY(SCHEMA_WORDS, study_data, signals, "signals", NULL,
        "columns of a signal file about this symbol, instead of bars"),
    CHOICE(study_data, kind, "kind", "equity|index|fx|crypto_spot|future|perpetual", NULL,
           "kind of instrument; absent: equity, or what the store says"),
    CHOICE(study_data, adjustment, "adjustment", "raw|split|total_return", NULL,
           "what was done to the prices; decides which splits and dividends are booked"),
    TEXT(study_data, currency, "currency", NULL, "of the prices; absent: the study's"),
    NUMBER(SCHEMA_REAL, study_data, ticks_per_unit, "ticks", 0, 1e9, NULL,
           "ticks in one unit of price, 100 for a tick of 0.01; 0: no grid; absent: detected"),
    NUMBER(SCHEMA_REAL, study_data, multiplier, "multiplier", 1e-9, 1e9, NULL,
           "money for one point of price and one unit of quantity; absent: 1"),
    NUMBER(SCHEMA_REAL, study_data, lot, "lot", 0, 1e12, NULL,
           "quantities are whole multiples of this; absent or 0: any quantity"),
    PART(SCHEMA_MAP, 0, study_data, option, "option", &option_map,
         "makes the instrument an option"),
    KEY(SCHEMA_TIME, study_data, expiry_ns, "expiry", NULL,
        "futures: instant at which the last price settles them; absent: none"),
    CHOICE(study_data, settlement, "settlement", "premium|variation", NULL,
           "whether its price is paid, or profit and loss alone; absent: variation for future and "
           "perpetual"),
    NUMBER(SCHEMA_REAL, study_data, margin_initial, "margin_initial", 0, 10, "0",
           "margin accounts: initial margin, a fraction of value; 0: the account's"),
    NUMBER(SCHEMA_REAL, study_data, margin_maintenance, "margin_maintenance", 0, 10, "0",
           "margin accounts: maintenance margin, a fraction of value; 0: the account's"),
    NUMBER(SCHEMA_REAL, study_data, margin_initial_amount, "margin_initial_amount", 0, 1e12, "0",
           "margin accounts: initial margin in money a unit of quantity, instead of a fraction"),
    NUMBER(SCHEMA_REAL, study_data, margin_maintenance_amount, "margin_maintenance_amount", 0, 1e12,
           "0", "margin accounts: maintenance margin in money a unit of quantity"),
    NUMBER(SCHEMA_REAL, study_data, borrow_rate_per_year, "borrow_rate", 0, 10, "0",
           "fee a year on short positions in it, as a fraction; 0: that of borrow"),
    KEY(SCHEMA_BOOL, study_data, is_borrowable, "borrowable", "true",
        "whether it can be sold short"),
    TEXT(study_data, simulate, "simulate", NULL,
         "instead of a file: gbm, merton, heston, bates with their parameters beside; option or "
         "variance_swap on one of them"),
    TEXT(study_data, underlying, "underlying", NULL,
         "of a simulated variance swap: symbol of the process in this list"),
};
static const schema_map data_map = {TABLE(data_keys), .size = sizeof(study_data),
                                    .extra = &study_process_extra, .check = check_data_row};

/* ---- simulated and resampled data ------------------------------------------------------------ */

static const schema_key simulation_keys[] = {
    NUMBER(SCHEMA_REAL, study_simulation, years, "years", 0, 1e4, NULL,
           "length of a path: 252 days a year, 365 with days: all; absent: 1"),
    NUMBER(SCHEMA_INTEGER, study_simulation, bars, "bars", 1, 1e6, NULL,
           "length of a path in bars, instead of years"),
    KEY(SCHEMA_DURATION, study_simulation, frequency_ns, "frequency", "1d",
        "length of a bar: 1d, or a part of the session that divides it"),
    KEY(SCHEMA_TIME, study_simulation, start_ns, "start", NULL,
        "day of the first bar; absent: 2000-01-03"),
    CHOICE(study_simulation, days, "days", "business|all", "business",
           "Monday to Friday without holidays, or every day"),
    TEXT(study_simulation, session, "session", NULL,
         "hours of a day's bars in UTC, such as 14:30-21:00; absent: midnight to midnight"),
    CHOICE(study_simulation, rows, "rows", "bars|quotes", "bars",
           "bars made of the steps, or a bid and an ask at each step"),
    NUMBER(SCHEMA_INTEGER, study_simulation, steps_per_bar, "steps_per_bar", 1, 1e4, "4",
           "prices seen in a bar: high and low are the extremes of these"),
    NUMBER(SCHEMA_INTEGER, study_simulation, substeps, "substeps", 1, 1e4, "1",
           "steps of the scheme between two of these"),
    NUMBER(SCHEMA_INTEGER, study_simulation, overnight_steps, "overnight_steps", 0, 1e4, "0",
           "of the steps of a bar, those before its open; 0: it opens at the close before"),
    CHOICE(study_simulation, scheme, "scheme", "euler|milstein|qe|qe_m|exact_variance|exact",
           "qe_m", "of stochastic variance, see feller list schemes"),
    NUMBER(SCHEMA_REAL, study_simulation, drift_per_year, "drift", -10, 10, NULL,
           "of all prices a year, continuous; absent: rate less dividend yield"),
    NUMBER(SCHEMA_REAL, study_simulation, half_spread_bps, "half_spread_bps", 0, 9999, "0",
           "of quotes, in basis points of the price"),
    KEY(SCHEMA_MATRIX, study_simulation, correlation, "correlation", NULL,
        "of the processes' price drivers in their order, or of all drivers: prices, then "
        "variances; absent: independent"),
};
static const schema_map simulation_map = {TABLE(simulation_keys), .size = sizeof(study_simulation)};

static const schema_key bootstrap_keys[] = {
    CHOICE(study_bootstrap, method, "method", "stationary|block", "stationary",
           "blocks of geometric length, or of one length"),
    NUMBER(SCHEMA_REAL, study_bootstrap, block_bars, "block_bars", 1, 1e6, "20",
           "mean length of a block, or its length"),
    NUMBER(SCHEMA_INTEGER, study_bootstrap, bars, "bars", 1, 1e6, NULL,
           "length of a path; absent: one bar less than the data has"),
};
static const schema_map bootstrap_map = {TABLE(bootstrap_keys), .size = sizeof(study_bootstrap)};

static const schema_key monte_carlo_keys[] = {
    NUMBER(SCHEMA_INTEGER, study_monte_carlo, paths, "paths", 1, 1e6, "1",
           "number of paths; more than one gives distributions instead of one run"),
    NUMBER(SCHEMA_INTEGER, study_monte_carlo, path, "path", 0, 9007199254740991.0, NULL,
           "run this path alone, from 0, as an ordinary study"),
    NUMBER(SCHEMA_REAL, study_monte_carlo, confidence, "confidence", 0.5, 0.9999, "0.95",
           "of all confidence intervals"),
};
static const schema_map monte_carlo_map = {TABLE(monte_carlo_keys),
                                           .size = sizeof(study_monte_carlo)};

/* ---- costs, strategy ------------------------------------------------------------------------- */

static const schema_map slippage_map = {
    .keys = NULL, .n = 0, .size = sizeof(study_models), .extra = &study_slippage_extra};

static const schema_key cost_keys[] = {
    NUMBER(SCHEMA_REAL, study_costs, fee_minimum, "fee_minimum", 0, 1e9, "0",
           "money that an order with a fill pays at least"),
    PART(SCHEMA_MAP, 0, study_costs, slippage, "slippage", &slippage_map,
         "models that move the price against the trade"),
};
static const schema_map costs_map = {TABLE(cost_keys), .size = sizeof(study_costs),
                                     .extra = &study_fee_extra};

static const schema_key strategy_keys[] = {
    TEXT(study_strategy, kind, "kind", NULL,
         "name of a built-in strategy, see feller list strategies, or of one in the plug-in"),
    KEY(SCHEMA_PATH, study_strategy, plugin, "plugin", NULL,
        "plug-in file (.so); relative to the study file"),
};
static const schema_map strategy_map = {TABLE(strategy_keys), .size = sizeof(study_strategy),
                                        .extra = &study_strategy_extra};

/* ---- walk-forward, report -------------------------------------------------------------------- */

static const schema_key walk_keys[] = {
    {"train", SCHEMA_SPAN, 0, offsetof(study_walk, train), 0, 0, NULL, NULL, NULL,
     "length of a training window: bars (250) or time (4y, 6mo, 30d); required"},
    KEY(SCHEMA_SPAN, study_walk, first, "first", NULL,
        "length of the first training window, which grows to train; absent: train"),
    {"test", SCHEMA_SPAN, 0, offsetof(study_walk, test), 0, 0, NULL, NULL, NULL,
     "length of the test window after it; required"},
    KEY(SCHEMA_SPAN, study_walk, step, "step", NULL,
        "from one test window's start to the next; absent: test; not shorter than test"),
    KEY(SCHEMA_BOOL, study_walk, anchored, "anchored", "false",
        "training windows all begin at the start instead of rolling"),
    KEY(SCHEMA_SPAN, study_walk, purge, "purge", "0",
        "left out at the end of a training window: its outcomes reach into the test"),
    KEY(SCHEMA_SPAN, study_walk, embargo, "embargo", "0",
        "left out before that too, against slow dependence"),
    NUMBER(SCHEMA_REAL, study_walk, validation, "validation", 0, 0.9, "0.25",
           "share of a training window, its end, on which a model's epoch and hyper-parameters are "
           "chosen"),
    CHOICE(study_walk, search, "search", "grid|random", "grid",
           "try all combinations of search, or some drawn by the seed"),
    NUMBER(SCHEMA_INTEGER, study_walk, trials, "trials", 1, 1e6, "20",
           "combinations that a random search draws"),
    TEXT(study_walk, select_by, "select_by", "sharpe_ratio",
         "metric that chooses the parameters in training, see feller list metrics"),
};
static const schema_map walk_map = {TABLE(walk_keys), .size = sizeof(study_walk)};

static const schema_key report_keys[] = {
    CHOICE(study_report, benchmark, "benchmark", "buy_and_hold|none", "buy_and_hold",
           "what the report compares with; equal weights on all instruments, same dates and costs"),
    TEXT(study_report, rank_by, "rank_by", "sharpe_ratio",
         "metric that orders the variants of a sweep"),
    NUMBER(SCHEMA_REAL, study_report, periods_per_year, "periods_per_year", 1, 1e6, NULL,
           "days a year of the ratios; absent: 252, or 365 where the data trades on Saturdays"),
    CHOICE(study_report, record, "record", "daily|event", "daily",
           "rows of equity.csv: one a day or one an instant"),
    CHOICE(study_report, scores, "scores", "usual|all", "usual",
           "all: every metric of feller list metrics and trip_metrics"),
    KEY(SCHEMA_BOOL, study_report, html, "html", "true", "write report.html"),
    CHOICE(study_report, write, "write", "all|equity", "all",
           "equity: only equity.csv and the manifest, no report and no benchmark, fastest"),
    KEY(SCHEMA_BOOL, study_report, order_events, "order_events", "false",
        "write order_events.csv, every change of every order"),
};
static const schema_map report_map = {TABLE(report_keys), .size = sizeof(study_report)};

/* ---- risk ------------------------------------------------------------------------------------ */

static const schema_key risk_keys[] = {
    NUMBER(SCHEMA_REAL, study_risk, max_gross, "max_gross", 0, 1000, "0",
           "sum of all positions' sizes, in equities; 0: no limit"),
    NUMBER(SCHEMA_REAL, study_risk, max_net, "max_net", 0, 1000, "0",
           "size of the sum of all positions, in equities; 0: no limit"),
    NUMBER(SCHEMA_REAL, study_risk, max_position, "max_position", 0, 1000, "0",
           "size of one instrument's position, in equities; 0: no limit"),
    NUMBER(SCHEMA_REAL, study_risk, max_order, "max_order", 0, 1000, "0",
           "value of one trade, in equities; 0: no limit"),
    NUMBER(SCHEMA_INTEGER, study_risk, max_orders_per_day, "max_orders_per_day", 0, 4e9, "0",
           "orders that reach the venue in a day of UTC; 0: no limit"),
    NUMBER(SCHEMA_REAL, study_risk, max_drawdown, "max_drawdown", 0, 1, "0",
           "loss from the highest equity so far that ends trading, a fraction; 0: none does"),
    NUMBER(SCHEMA_REAL, study_risk, max_day_loss, "max_day_loss", 0, 1, "0",
           "loss from the equity at the day's begin that ends it for trading; 0: none does"),
    CHOICE(study_risk, on_drawdown, "on_drawdown", "block|flatten", "block",
           "what these two do: reject what makes a position larger, or close all positions too"),
};
static const schema_map risk_map = {TABLE(risk_keys), .size = sizeof(study_risk)};

/* ---- account --------------------------------------------------------------------------------- */

static const schema_key account_keys[] = {
    CHOICE(study_account, kind, "kind", "cash|margin", "cash",
           "cash: purchases are paid in full; margin: positions need a part of their value"),
    NUMBER(SCHEMA_REAL, study_account, initial, "initial", 1e-4, 10, "0.5",
           "initial margin of equities and indices, a fraction of value"),
    NUMBER(SCHEMA_REAL, study_account, maintenance_long, "maintenance_long", 0, 10, "0.25",
           "their maintenance margin, held long"),
    NUMBER(SCHEMA_REAL, study_account, maintenance_short, "maintenance_short", 0, 10, "0.3",
           "their maintenance margin, held short"),
    NUMBER(SCHEMA_REAL, study_account, leverage, "leverage", 0.1, 1000, "10",
           "of fx, crypto_spot, future, perpetual: their initial margin is 1 / leverage"),
    NUMBER(SCHEMA_REAL, study_account, leverage_maintenance, "leverage_maintenance", 0, 1, "0.5",
           "their maintenance margin, a fraction of the initial one"),
    CHOICE(study_account, liquidate, "liquidate", "all|proportional|largest_loss", "all",
           "what a margin call closes"),
    CHOICE(study_account, restore, "restore", "maintenance|initial", "maintenance",
           "margin that proportional and largest_loss restore"),
    CHOICE(study_account, check, "check", "fill|submission", "fill",
           "when orders are looked at: at their fill, or on reaching the venue too"),
    CHOICE(study_account, legs, "legs", "gross|larger", "gross",
           "margin of an instrument held long and short: of both legs, or of the larger"),
    NUMBER(SCHEMA_INTEGER, study_account, grace_days, "grace_days", 0, 365, "0",
           "calendar days from a margin call to the liquidation"),
    NUMBER(SCHEMA_REAL, study_account, liquidation_fee, "liquidation_fee", 0, 0.5, "0",
           "fraction of a liquidation's value, beside other costs"),
    NUMBER(SCHEMA_REAL, study_account, short_credit_rate_per_year, "short_credit_rate", -1, 10,
           NULL,
           "interest a year on the proceeds of short sales; absent: they are cash like any other"),
    CHOICE(study_account, day_count, "day_count", "act365|act360", "act365",
           "of cash_rate, debit_rate and short_credit_rate"),
};
static const schema_map account_map = {TABLE(account_keys), .size = sizeof(study_account)};

static const schema_key borrow_keys[] = {
    NUMBER(SCHEMA_REAL, study_borrow, rate_per_year, "rate", 0, 10, "0",
           "fee a year on short positions in equities, indices and crypto_spot, as a fraction"),
    CHOICE(study_borrow, day_count, "day_count", "act360|act365", "act360", "of the fee"),
};
static const schema_map borrow_map = {TABLE(borrow_keys), .size = sizeof(study_borrow)};

static const schema_key latency_keys[] = {
    KEY(SCHEMA_DURATION, study_latency, entry_ns, "entry", NULL,
        "time that orders, cancels and replaces take to the venue, such as 250us; absent: none"),
};
static const schema_map latency_map = {TABLE(latency_keys), .size = sizeof(study_latency)};

/* ---- the study ------------------------------------------------------------------------------- */

static const schema_key keys[] = {
    TEXT(study_values, name, "name", NULL, "of the run and its folder; absent: the file's name"),
    NUMBER(SCHEMA_INTEGER, study_values, seed, "seed", 0, 9007199254740992.0, "1",
           "of all random numbers; recorded in the manifest"),
    PART(SCHEMA_LIST, 1, study_values, data, "data", &data_map, "list of what to load"),
    KEY(SCHEMA_TIME, study_values, start_ns, "start", NULL,
        "first day or instant that is traded; absent: where the data begins"),
    KEY(SCHEMA_LAST_TIME, study_values, end_ns, "end", NULL,
        "last day or instant, included; absent: where the data ends"),
    KEY(SCHEMA_TIME, study_values, holdout_ns, "holdout", NULL,
        "from this day on nothing is used unless --holdout is given"),
    KEY(SCHEMA_SPAN, study_values, warm_up, "warm_up", "0",
        "data before start that the strategy sees but cannot trade on"),
    KEY(SCHEMA_CASH, study_values, cash, "cash", "1e6",
        "at the start, with or without its currency"),
    TEXT(study_values, currency, "currency", NULL, "of the account; absent: cash's, or USD"),
    CHOICE(study_values, fill, "fill", "next_open|same_close", "next_open",
           "price of market orders; same_close is flagged on the report"),
    CHOICE(study_values, path, "path", "nearest|ohlc|olhc|pessimistic", "nearest",
           "path inside a bar, for limit and stop orders"),
    CHOICE(study_values, limit, "limit", "through|touch", "through",
           "whether a limit fills when the price goes beyond it or just reaches it"),
    CHOICE(study_values, trail, "trail", "prior|path", "prior",
           "prices that move a trailing stop inside a bar: of bars before, or the bar's path too"),
    CHOICE(study_values, sizing, "sizing", "at_fill|at_decision", "at_fill",
           "price and equity that size target weights"),
    CHOICE(study_values, cash_short, "cash_short", "scale|reject|allow", "scale",
           "what happens to an order that the cash does not pay"),
    NUMBER(
        SCHEMA_REAL, study_values, volume_limit, "volume_limit", 0, 1, "0",
        "largest share of a bar's volume, or a quote's size, that orders get, the rest waits; 0: "
        "no limit"),
    CHOICE(study_values, cash_check, "cash_check", "at_fill|at_submission", "at_fill",
           "when a purchase must be paid for; at_submission needs cash_short: reject"),
    CHOICE(study_values, slip_range, "slip_range", "free|in_bar", "free",
           "in_bar: slippage goes no further than the extremes of the bar that fills the order"),
    CHOICE(
        study_values, queue, "queue", "conservative|probabilistic|optimistic", "conservative",
        "books: where what is cancelled at a waiting order's price was: behind it, both, before it"),
    NUMBER(SCHEMA_REAL, study_values, queue_power, "queue_power", 1e-3, 16, "1",
           "of probabilistic: cancels hit each part by its size to this power"),
    CHOICE(study_values, off_grid, "off_grid", "round|reject", "round",
           "what happens to limit and stop prices off the tick grid; round is adverse"),
    CHOICE(study_values, end_of_data, "end_of_data", "close|hold", "close",
           "what happens to a position whose series ends before the run"),
    KEY(SCHEMA_BOOL, study_values, allow_short, "allow_short", "true", "short selling"),
    NUMBER(SCHEMA_REAL, study_values, cash_rate_per_year, "cash_rate", -1, 10, "0",
           "interest a year on positive cash, as a fraction; also the ratios' risk-free rate"),
    NUMBER(SCHEMA_REAL, study_values, debit_rate_per_year, "debit_rate", 0, 10, "0",
           "interest a year charged on negative cash, as a fraction"),
    PART(SCHEMA_MAP, 0, study_values, costs, "costs", &costs_map, "fees and slippage"),
    PART(SCHEMA_MAP, 0, study_values, risk, "risk", &risk_map,
         "limits that reject orders; what makes a position smaller passes all but the last"),
    PART(SCHEMA_MAP, 0, study_values, account, "account", &account_map,
         "cash or margin, and what happens when margin is missing"),
    PART(SCHEMA_MAP, 0, study_values, borrow, "borrow", &borrow_map, "fees on short positions"),
    PART(SCHEMA_MAP, 0, study_values, latency, "latency", &latency_map,
         "how long messages take; not with fill: same_close"),
    CHOICE(study_values, position_mode, "position_mode", "netting|hedging", "netting",
           "one position an instrument, or a long and a short leg side by side"),
    PART(SCHEMA_MAP, 1, study_values, strategy, "strategy", &strategy_map,
         "what trades, and its parameters by name"),
    {"features", SCHEMA_NAMES, 0, offsetof(study_values, features), 0, 0, "feature", NULL, NULL,
     "what the model sees of each bar, see feller list features: [return, {sma_ratio: 20}]"},
    {"target", SCHEMA_NAMED, 0, offsetof(study_values, target), 0, 0, "target", "next_return", NULL,
     "what the model is to learn, see feller list targets"},
    {"scaling", SCHEMA_NAMED, 0, offsetof(study_values, scaling), 0, 0, "scaling", "standard", NULL,
     "of the features, fitted to training samples alone, see feller list scales"},
    PART(SCHEMA_MAP, 0, study_values, model, "model", &study_model_map,
         "forecaster trained in each window of walk_forward; its forecasts are a signal column"),
    PART(SCHEMA_MAP, 0, study_values, train, "train", &study_train_map, "how the model is trained"),
    PART(SCHEMA_MAP, 0, study_values, hedger, "hedger", &study_hedger_map,
         "what the strategy hedge runs: a policy trained by a hedging study, or a rule"),
    PART(SCHEMA_MAP, 0, study_values, simulation, "simulation", &simulation_map,
         "dates, steps and scheme of the rows with simulate"),
    PART(SCHEMA_MAP, 0, study_values, bootstrap, "bootstrap", &bootstrap_map,
         "draws the bars of the data again in blocks, all series at the same dates"),
    PART(SCHEMA_MAP, 0, study_values, monte_carlo, "monte_carlo", &monte_carlo_map,
         "paths of simulated or resampled data"),
    PART(SCHEMA_MAP, 0, study_values, calibrate, "calibrate", &study_calibrate_map,
         "instead of data and strategy: fits Heston to a chain of options"),
    PART(SCHEMA_MAP, 0, study_values, walk, "walk_forward", &walk_map,
         "train and test windows that move through time"),
    KEY(SCHEMA_AXES, study_values, search, "search", NULL,
        "parameters to choose from in each window: of the strategy, or of model and train"),
    KEY(SCHEMA_AXES, study_values, sweep, "sweep", NULL,
        "any keys with lists of values: every combination is run and reported"),
    PART(SCHEMA_MAP, 0, study_values, report, "report", &report_map, "what is written"),
    KEY(SCHEMA_BOOL, study_values, self_check, "self_check", "false",
        "verify the ledger's identity after every event; slow"),
};

const schema_map study_schema = {TABLE(keys), .size = sizeof(study_values)};
