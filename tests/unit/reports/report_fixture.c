/* tests/unit/reports/report_fixture.c - the run of report_fixture.h. */
#include "tests/unit/reports/report_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/money.h"
#include "tests/support/check.h"

int64_t fixture_time(const char *day, int hour)
{
    int64_t time_ns = 0;
    CHECK_OK(fel_time_parse(day, NULL, &time_ns));
    return time_ns + hour * FEL_NS_PER_HOUR;
}

static fel_fill_record fill(uint64_t order, const char *day, fel_side side, double quantity,
                            double price)
{
    fel_fill_record f = {
        .order_id = order,
        .time_ns = fixture_time(day, 15),
        .side = side,
        .quantity = quantity,
        .price = price,
        .reference_price = price,
        .arrival_price = price,
        .reason = FEL_REASON_FILLED,
    };
    f.cash_flow = money_of(-(double)side * quantity * price);
    return f;
}

static void make_fills(report_fixture *x)
{
    x->fills[0] = fill(1, "2020-01-30", FEL_BUY, 100.0, 20.0);
    x->fills[1] = fill(2, "2020-02-03", FEL_SELL, 150.0, 22.0);
    x->fills[2] = fill(4, "2020-02-04", FEL_BUY, 30.0, 21.0);
    const double fees[] = {2.0, 3.0, 1.2}, highs[] = {20.0, 23.0, 24.5},
                 lows[] = {20.0, 19.0, 20.5};
    const uint64_t bars[] = {0, 2, 3};
    for (size_t i = 0; i < FIXTURE_FILLS; i++) {
        x->fills[i].fee = money_of(fees[i]);
        x->fills[i].high_since = highs[i];
        x->fills[i].low_since = lows[i];
        x->fills[i].bar_index = bars[i];
    }
}

static void make_orders(report_fixture *x)
{
    static const struct {
        fel_order_state state;
        fel_reason reason;
    } ends[FIXTURE_ORDERS] = {
        {FEL_ORDER_FILLED, FEL_REASON_FILLED},    {FEL_ORDER_FILLED, FEL_REASON_FILLED},
        {FEL_ORDER_REJECTED, FEL_REASON_NO_CASH}, {FEL_ORDER_FILLED, FEL_REASON_FILLED},
        {FEL_ORDER_EXPIRED, FEL_REASON_DAY_END},
    };
    for (size_t i = 0; i < FIXTURE_ORDERS; i++) {
        const fel_order_record order = {
            .id = i + 1,
            .side = i % 2 == 0 ? FEL_BUY : FEL_SELL,
            .target_kind = -1,
            .state = ends[i].state,
            .reason = ends[i].reason,
            .quantity = 10.5,
            .limit_price = (double)NAN,
            .stop_price = (double)NAN,
            .arrival_price = 20.1,
            .average_price = (double)NAN,
            .submit_time_ns = fixture_time("2020-01-30", 14),
            .end_time_ns = fixture_time("2020-01-30", 15),
        };
        x->orders[i] = order;
    }
}

static void make_equity(report_fixture *x)
{
    static const char *const days[] = {"2020-01-30", "2020-01-30", "2020-01-31",
                                       "2020-02-03", "2020-02-04", "2020-02-05"};
    static const double equity[] = {10000.0, 10098.0, 9948.0, 10170.0, 10233.8, 10203.8};
    static const double cash[] = {10000.0, 7998.0, 7998.0, 11295.0, 10663.8, 10663.8};
    static const double position[] = {0.0, 2100.0, 1950.0, -1125.0, -430.0, -460.0};
    static const double turnover[] = {0.0, 2000.0, 0.0, 3300.0, 630.0, 0.0};
    static const double costs[] = {0.0, 5.0, 0.0, 5.205, 2.0, 0.0};
    for (size_t i = 0; i < FIXTURE_POINTS; i++) {
        x->equity[i].time_ns = fixture_time(days[i], i == 0 ? 14 : 21);
        x->equity[i].equity = equity[i];
        x->equity[i].cash = cash[i];
        x->equity[i].gross_exposure = fabs(position[i]);
        x->equity[i].net_exposure = position[i];
        x->equity[i].turnover = turnover[i];
        x->equity[i].costs = costs[i];
    }
}

void fixture_make(report_fixture *x)
{
    memset(x, 0, sizeof(*x));
    (void)snprintf(x->instrument.symbol, sizeof(x->instrument.symbol), "AAA");
    (void)snprintf(x->instrument.currency, sizeof(x->instrument.currency), "USD");
    x->instrument.ticks_per_unit = 100.0;
    x->instrument.multiplier = 1.0;
    make_fills(x);
    make_orders(x);
    make_equity(x);
    x->position.quantity = -20.0;
    x->position.last_price = 23.0;
    x->position.cost = money_of(-440.0);
    x->position.realised = money_of(230.0);
    x->position.unrealised = money_of(-20.0);
    x->position.fees = money_of(6.2);
    x->position.high_since = 23.5;
    x->position.low_since = 21.0;
    x->position.n_bars = 5;
    x->position.turnover = 5930.0;
    fel_result *r = &x->result;
    r->instruments = &x->instrument;
    r->n_instruments = 1;
    r->orders = x->orders;
    r->n_orders = FIXTURE_ORDERS;
    r->n_orders_total = FIXTURE_ORDERS;
    r->fills = x->fills;
    r->n_fills = FIXTURE_FILLS;
    r->n_fills_total = FIXTURE_FILLS;
    r->equity = x->equity;
    r->n_equity = FIXTURE_POINTS;
    r->positions = &x->position;
    /* 216.005 - 4.003 - 1.5 - 0.502 - 6.2 = 203.8 */
    r->waterfall.gross = money_of(216.005);
    r->waterfall.delay = money_of(4.003);
    r->waterfall.lines[FEL_COST_SPREAD] = money_of(1.5);
    r->waterfall.lines[FEL_COST_SLIPPAGE] = money_of(0.502);
    r->waterfall.lines[FEL_COST_FEE] = money_of(6.2);
    r->waterfall.net = money_of(203.8);
    r->final_equity = money_of(10203.8);
    r->final_cash = money_of(10663.8);
    r->initial_cash = 10000.0;
    r->turnover = 5930.0;
    r->n_bars = 5;
    r->n_events = 10;
    r->first_ns = x->equity[0].time_ns;
    r->last_ns = x->equity[FIXTURE_POINTS - 1].time_ns;
    (void)snprintf(r->order_hash, sizeof(r->order_hash), "00112233445566778899aabbccddeeff");
}

fel_report *fixture_report(const report_fixture *fixture)
{
    fel_report *report = NULL;
    fel_report_input input = fel_report_input_default();
    input.title = "hand-made";
    input.strategy_name = "by_hand";
    input.result = &fixture->result;
    CHECK_OK(fel_report_create(&report, &input));
    return report;
}
