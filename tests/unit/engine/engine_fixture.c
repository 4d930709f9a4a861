/* tests/unit/engine/engine_fixture.c - series and sources from tables; running and checking them.
 */
#include "tests/unit/engine/engine_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/portfolio.h>

#include "core/money.h"
#include "tests/support/toy_hedger.h"

/* ---- markets --------------------------------------------------------------------------------- */

fel_series_info bars_info(const char *symbol, int64_t length_ns)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, symbol);
    info.length_ns = length_ns;
    info.instrument.kind = FEL_FX;
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    return info;
}

void market_add(market *m, const fel_series_info *info, const int64_t *time_ns,
                const int64_t *open_ns, const double *rows, size_t n)
{
    double *values = calloc(n * info->n_columns + 1, sizeof(double));
    const double *columns[FEL_MAX_COLUMNS];
    for (size_t c = 0; c < info->n_columns; c++) {
        columns[c] = values + c * n;
        for (size_t i = 0; i < n; i++) {
            values[c * n + i] = rows[i * info->n_columns + c];
        }
    }
    const fel_block block = {n, info->n_columns, time_ns, open_ns, columns};
    CHECK_OK(fel_series_create(&m->series[m->n], info, &block));
    free(values);
    fel_source *source = &m->sources[m->n];
    source->info = fel_series_describe(m->series[m->n]);
    CHECK_OK(fel_feed_of_series(&source->feed, m->series[m->n], FEL_TIME_MIN, FEL_TIME_MAX,
                                m->block_rows));
    m->n++;
}

void market_add_days(market *m, const fel_series_info *info, int first_day, const ohlc *bars,
                     size_t n)
{
    int64_t *times = calloc(n + 1, sizeof(int64_t));
    double *rows = calloc(n + 1, FEL_BAR_COLUMNS * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        const double row[FEL_BAR_COLUMNS] = {bars[i].open, bars[i].high, bars[i].low, bars[i].close,
                                             1000.0 * (double)(i + 1)};
        memcpy(rows + i * FEL_BAR_COLUMNS, row, sizeof(row));
        times[i] = DAYS(first_day + (int)i + 1);
    }
    market_add(m, info, times, NULL, rows, n);
    free(rows);
    free(times);
}

void market_add_flat_days(market *m, const fel_series_info *info, int first_day,
                          const double *prices, size_t n)
{
    ohlc *bars = calloc(n + 1, sizeof(ohlc));
    for (size_t i = 0; i < n; i++) {
        const ohlc bar = {prices[i], prices[i], prices[i], prices[i]};
        bars[i] = bar;
    }
    market_add_days(m, info, first_day, bars, n);
    free(bars);
}

void market_add_action(market *m, const char *symbol, int64_t time_ns, fel_action_kind kind,
                       double value)
{
    const fel_series_info info = fel_series_info_default(FEL_DATA_ACTION, symbol);
    const double row[FEL_ACTION_COLUMNS] = {(double)kind, value};
    market_add(m, &info, &time_ns, NULL, row, 1);
}

void market_add_signals(market *m, const char *symbol, const char *column, const int64_t *time_ns,
                        const double *values, size_t n)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_SIGNAL, symbol);
    info.n_columns = 1;
    memcpy(info.columns[0], column, strlen(column) + 1);
    market_add(m, &info, time_ns, NULL, values, n);
}

void market_clear(market *m)
{
    for (size_t i = 0; i < m->n; i++) {
        fel_feed_destroy(&m->sources[i].feed);
        fel_series_destroy(m->series[i]);
    }
    m->n = 0;
}

/* ---- runs ------------------------------------------------------------------------------------ */

fel_engine_config checked_config(void)
{
    fel_engine_config config = fel_engine_config_default();
    config.self_check = 1;
    return config;
}

/* What a run that failed gives, so that the test goes on to say what else is wrong. */
static const fel_result *no_result(void)
{
    enum { N = 64 };
    static const fel_instrument instruments[N];
    static const fel_order_record orders[N];
    static const fel_fill_record fills[N];
    static const fel_equity_point equity[N];
    static const fel_position_record positions[N];
    static const fel_result empty = {.instruments = instruments,
                                     .n_instruments = 1,
                                     .orders = orders,
                                     .fills = fills,
                                     .equity = equity,
                                     .positions = positions};
    return &empty;
}

run run_market(const market *m, const fel_engine_config *config, const fel_strategy *strategy,
               const double *params)
{
    run r = {NULL, no_result()};
    fel_engine_config served = *config;
    const fel_service portfolio = {FEL_PORTFOLIO_SERVICE, 1, 0, &fel_portfolio_functions};
    static fel_service offered[2]; /* the same in every run; it outlives them */
    offered[0] = toy_hedger;
    offered[1] = portfolio;
    served.services = offered;
    served.n_services = 2;
    CHECK_OK(fel_engine_create(&r.engine, &served, m->sources, m->n, strategy, params));
    if (r.engine != NULL) {
        CHECK_OK(fel_engine_run(r.engine, &r.result));
    }
    return r;
}

void run_clear(run *r)
{
    fel_engine_destroy(r->engine);
    r->engine = NULL;
    r->result = NULL;
}

/* ---- shorthand ------------------------------------------------------------------------------- */

fel_cost cost_of(const char *name, double first, double second)
{
    fel_cost cost = {0};
    CHECK_OK(fel_cost_find(name, &cost));
    cost.params[0] = first;
    if (cost.code != NULL && cost.code->n_params > 1) {
        cost.params[1] = second;
    }
    return cost;
}

void check_waterfall(const fel_result *r)
{
    const fel_waterfall *w = &r->waterfall;
    fel_money sum = money_sub(w->gross, w->delay);
    for (int k = 0; k < FEL_COST_N_LINES; k++) {
        sum = money_sub(sum, w->lines[k]);
    }
    sum = money_sub(money_add(money_add(sum, w->dividends), w->interest), w->borrow);
    sum = money_add(sum, w->funding);
    const double scale = r->initial_cash + r->turnover;
    CHECK_NEAR(fel_money_value(money_sub(sum, w->net)), 0.0, 1e-15 * scale);
    CHECK_NEAR(fel_money_value(w->net),
               fel_money_value(money_add_double(r->final_equity, -r->initial_cash)), 1e-15 * scale);
    fel_money profit = w->interest;
    for (size_t i = 0; i < r->n_instruments; i++) {
        const fel_position_record *p = &r->positions[i];
        profit = money_add(profit, money_add(p->realised, p->unrealised));
        profit = money_add(profit, money_sub(p->dividends, money_add(p->fees, p->borrow)));
        profit = money_add(profit, p->funding);
    }
    CHECK_NEAR(fel_money_value(money_sub(profit, w->net)), 0.0, 1e-14 * scale);
}

static int reason_fits(fel_order_state state, fel_reason reason)
{
    switch (state) {
    case FEL_ORDER_FILLED:
        return reason == FEL_REASON_FILLED || reason == FEL_REASON_MARGIN_CALL;
    case FEL_ORDER_CANCELLED:
        return reason == FEL_REASON_BY_STRATEGY || reason == FEL_REASON_REPLACED ||
               reason == FEL_REASON_NO_CHANGE || reason == FEL_REASON_LIQUIDATION ||
               reason == FEL_REASON_RISK_DRAWDOWN || reason == FEL_REASON_RISK_DAY_LOSS ||
               reason == FEL_REASON_KILLED || reason == FEL_REASON_MARGIN_CALL ||
               (reason >= FEL_REASON_NOT_IMMEDIATE && reason <= FEL_REASON_PARENT_ENDED);
    case FEL_ORDER_EXPIRED:
        return reason == FEL_REASON_DAY_END || reason == FEL_REASON_GTD_TIME ||
               reason == FEL_REASON_END_OF_DATA || reason == FEL_REASON_END_OF_RUN ||
               reason == FEL_REASON_OPTION_EXPIRY || reason == FEL_REASON_FUTURE_EXPIRY ||
               reason == FEL_REASON_STOPPED;
    case FEL_ORDER_REJECTED:
        return reason != FEL_REASON_NONE && reason != FEL_REASON_FILLED;
    case FEL_ORDER_PENDING:
    case FEL_ORDER_LIVE:
        break;
    }
    return 0;
}

void check_orders_ended(const fel_result *r)
{
    size_t n_filled = 0, n_bad = 0;
    for (size_t i = 0; i < r->n_orders; i++) {
        const fel_order_record *o = &r->orders[i];
        n_bad += o->id != i + 1 || !reason_fits(o->state, o->reason) ||
                 o->end_time_ns < o->submit_time_ns ||
                 (o->state == FEL_ORDER_FILLED && !(o->filled > 0.0)) ||
                 (o->filled > 0.0) == isnan(o->average_price);
        n_filled += o->filled > 0.0;
    }
    /* As many orders have fills as say so; an order's fills follow one another in time. */
    size_t n_with_fills = 0;
    unsigned char *seen = calloc(r->n_orders + 1, 1);
    for (size_t i = 0; seen != NULL && i < r->n_fills; i++) {
        unsigned char *of_order = &seen[r->fills[i].order_id];
        n_with_fills += r->fills[i].order_id != 0 && *of_order == 0;
        *of_order = 1;
    }
    free(seen);
    CHECK_INT(n_bad, 0);
    CHECK_INT(n_filled, n_with_fills);
    CHECK_INT(r->n_orders, r->n_orders_total);
}
