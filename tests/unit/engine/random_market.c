/* tests/unit/engine/random_market.c - random bars, signals and configurations; comparing results.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

random_bars random_bars_default(uint64_t seed, size_t n, int64_t length_ns)
{
    const random_bars bars = {.seed = seed, .n = n, .length_ns = length_ns, .scale = 1.0};
    return bars;
}

static double on_grid(double price, double ticks)
{
    return ticks > 0.0 ? fmax(rint(price * ticks), 1.0) / ticks : price;
}

/* Row i depends on the seed and i alone, and on what a change multiplies it by. */
static int64_t random_row(const random_bars *b, size_t i, int64_t before_ns, double *last,
                          double row[FEL_BAR_COLUMNS])
{
    rng_stream r = rng_at(b->seed, i);
    const int64_t skip = b->is_uneven ? (int64_t)rng_below(&r, 3) : 0;
    const int64_t shift = b->is_uneven ? (int64_t)rng_below(&r, (uint64_t)b->length_ns) : 0;
    int64_t close_ns = b->length_ns * (int64_t)(i + 1) * (b->is_uneven ? 3 : 1);
    close_ns += skip * b->length_ns + shift;
    close_ns = close_ns > before_ns ? close_ns : before_ns + 1;
    const int64_t open_ns =
        close_ns - b->length_ns > before_ns ? close_ns - b->length_ns : before_ns;
    const int is_changed = b->changed_ns != 0 && close_ns > b->changed_ns;
    const int has_new_open = b->changed_ns != 0 && open_ns > b->changed_ns; /* else it is known */
    const double spread = is_changed ? 0.07 : 0.02;
    double p[4];
    p[0] =
        *last * exp((has_new_open ? 0.018 : 0.005) * rng_normal(&r) - (has_new_open ? 0.01 : 0.0));
    for (int k = 1; k < 4; k++) {
        p[k] = p[0] * exp(spread * rng_normal(&r));
    }
    for (int k = 0; k < 4; k++) {
        p[k] = on_grid(p[k], b->ticks_per_unit);
    }
    row[0] = p[0] * b->scale;
    row[1] = fmax(fmax(p[0], p[1]), fmax(p[2], p[3])) * b->scale;
    row[2] = fmin(fmin(p[0], p[1]), fmin(p[2], p[3])) * b->scale;
    row[3] = p[3] * b->scale;
    row[4] = (double)(100 + rng_below(&r, 100000)) * (is_changed ? 3.0 : 1.0);
    *last = p[3];
    return close_ns;
}

void market_add_random(market *m, const char *symbol, const random_bars *bars)
{
    int64_t *times = calloc(bars->n + 1, sizeof(int64_t));
    double *rows = calloc(bars->n + 1, FEL_BAR_COLUMNS * sizeof(double));
    double last = 40.0 + (double)(bars->seed % 60);
    for (size_t i = 0; i < bars->n; i++) {
        times[i] = random_row(bars, i, i > 0 ? times[i - 1] : 0, &last, rows + i * FEL_BAR_COLUMNS);
    }
    fel_series_info info = bars_info(symbol, bars->length_ns);
    info.instrument.ticks_per_unit = bars->ticks_per_unit / bars->scale;
    info.instrument.lot = bars->lot;
    info.instrument.settlement = bars->is_variation ? FEL_SETTLE_VARIATION : FEL_SETTLE_BY_KIND;
    info.instrument.kind = bars->is_variation ? FEL_FUTURE : FEL_FX;
    info.instrument.no_borrow = bars->no_borrow;
    info.instrument.borrow_rate_per_year = bars->borrow_rate_per_year;
    market_add(m, &info, times, NULL, rows, bars->n);
    free(rows);
    free(times);
}

void market_add_random_signals(market *m, const char *symbol, const random_bars *bars)
{
    int64_t *times = calloc(bars->n + 1, sizeof(int64_t));
    double *values = calloc(bars->n + 1, sizeof(double));
    for (size_t i = 0; i < bars->n; i++) {
        rng_stream r = rng_at(bars->seed + 77, i);
        times[i] = bars->length_ns * (int64_t)(i + 1);
        times[i] -= rng_below(&r, 2) == 0 ? 0 : (int64_t)rng_below(&r, (uint64_t)bars->length_ns);
        times[i] = i > 0 && times[i] < times[i - 1] ? times[i - 1] : times[i];
        values[i] = rng_below(&r, 9) == 0 ? (double)NAN : rng_normal(&r);
        if (bars->changed_ns != 0 && times[i] > bars->changed_ns) {
            values[i] = -values[i] + 0.5;
        }
    }
    market_add_signals(m, symbol, "forecast", times, values, bars->n);
    free(values);
    free(times);
}

/* ---- configurations
 * ------------------------------------------------------------------------------ */

static void random_costs(rng_stream *r, fel_engine_config *config)
{
    static const char *const fees[] = {"percent", "per_share", "fixed"};
    static const char *const slippage[] = {"half_spread", "bps", "volume_share", "entry",
                                           "square_root"};
    const uint64_t n_fees = rng_below(r, 3), n_slippage = rng_below(r, 3);
    for (uint64_t k = 0; k < n_fees; k++) {
        const double rate = 2.0 * rng_uniform(r);
        config->fees[k] = cost_of(fees[rng_below(r, 3)], rate, 0.0);
    }
    for (uint64_t k = 0; k < n_slippage; k++) {
        const uint64_t which = rng_below(r, 5);
        config->slippage[k] =
            cost_of(slippage[which], which == 2 ? rng_uniform(r) : 5.0 * rng_uniform(r), 0.1);
    }
    config->fee_minimum = rng_below(r, 3) == 0 ? 1.25 : 0.0;
}

static void random_account(rng_stream *r, fel_account_rules *a)
{
    const double initial = 0.05 + 0.5 * rng_uniform(r);
    const fel_margin_rate rate = {initial, 0.8 * initial, 0.9 * initial};
    a->kind = rng_below(r, 3) == 0 ? FEL_ACCOUNT_MARGIN : FEL_ACCOUNT_CASH;
    a->liquidate = (fel_liquidate)rng_below(r, 3);
    a->restore = (fel_restore)rng_below(r, 2);
    a->leg_margin = (fel_leg_margin)rng_below(r, 2);
    a->grace_days = (uint32_t)rng_below(r, 3);
    a->liquidation_fee = rng_below(r, 2) == 0 ? 0.0 : 0.005;
    a->interest_basis = rng_below(r, 2) == 0 ? 360 : 365;
    a->short_credit_rate_per_year = rng_below(r, 3) == 0 ? 0.011 : (double)NAN;
    a->position_mode = rng_below(r, 3) == 0 ? FEL_POSITIONS_HEDGING : FEL_POSITIONS_NETTING;
    if (a->kind == FEL_ACCOUNT_MARGIN) {
        a->check = (fel_margin_check)rng_below(r, 2);
        a->margin[FEL_FX] = a->margin[FEL_FUTURE] = rate;
    }
}

/* Messages take from no time to three days. */
static void random_latency(uint64_t seed, fel_engine_config *config)
{
    static const int64_t samples[] = {0, 1, MINUTES(1), HOURS(5), HOURS(24), HOURS(70)};
    if (seed % 3 != 1 || config->fill == FEL_FILL_SAME_CLOSE) {
        return;
    }
    config->latency_seed = seed;
    config->latency.kind = seed % 2 == 0 ? FEL_LATENCY_SAMPLED : FEL_LATENCY_CONSTANT;
    config->latency.constant_ns = samples[1 + seed % 5];
    config->latency.samples_ns = samples;
    config->latency.n_samples = sizeof(samples) / sizeof(samples[0]);
}

fel_engine_config random_config(uint64_t seed)
{
    rng_stream r = rng_at(seed, 31);
    fel_engine_config config = checked_config();
    config.cash = 100000.0;
    config.fill = (fel_fill_rule)(rng_below(&r, 4) == 0);
    config.path = (fel_bar_path)rng_below(&r, 4);
    config.limit = (fel_limit_rule)rng_below(&r, 2);
    config.trail = (fel_trail_rule)rng_below(&r, 2);
    config.volume_limit = rng_below(&r, 3) == 0 ? 0.0003 : 0.0;
    if (rng_below(&r, 3) == 0) {
        config.risk.max_gross = 0.3;
        config.risk.max_net = 0.1;
        config.risk.max_order = 0.01;
        config.risk.max_orders = 3;
        config.risk.interval_ns = DAYS(1);
    }
    if (rng_below(&r, 4) == 0) {
        config.risk.max_drawdown = 0.08;
        config.risk.max_day_loss = 0.03;
        config.risk.on_drawdown = (fel_on_drawdown)rng_below(&r, 2);
    }
    config.sizing = (fel_sizing)rng_below(&r, 2);
    config.cash_short = (fel_cash_short)rng_below(&r, 3);
    config.off_grid = (fel_off_grid)rng_below(&r, 2);
    config.end_of_data = (fel_end_of_data)rng_below(&r, 2);
    config.record = (fel_record)rng_below(&r, 3);
    config.allow_short = (uint8_t)rng_below(&r, 2);
    config.close_at_end = (uint8_t)rng_below(&r, 2);
    config.cash_rate_per_year = rng_below(&r, 2) == 0 ? 0.0 : 0.031;
    config.debit_rate_per_year = rng_below(&r, 2) == 0 ? 0.0 : 0.067;
    random_costs(&r, &config);
    config.cash_check = config.cash_short == FEL_CASH_REJECT && rng_below(&r, 2) == 0
                            ? FEL_CASH_AT_SUBMISSION
                            : FEL_CASH_AT_FILL;
    random_account(&r, &config.account);
    random_latency(seed, &config);
    return config;
}

/* ---- comparing ------------------------------------------------------------------------------ */

static int same_bytes(const void *a, const void *b, size_t size)
{
    return size == 0 || memcmp(a, b, size) == 0;
}

/* An order that has ended by then; one that has not must be open in both. */
static int same_order(const fel_order_record *a, const fel_order_record *b, int64_t until_ns)
{
    if (a->end_time_ns > until_ns || b->end_time_ns > until_ns) {
        return a->end_time_ns > until_ns && b->end_time_ns > until_ns &&
               a->submit_time_ns == b->submit_time_ns && a->tag == b->tag && a->type == b->type &&
               a->instrument == b->instrument;
    }
    return same_bytes(a, b, sizeof(*a));
}

static size_t orders_until(const fel_result *r, int64_t until_ns)
{
    size_t n = 0;
    while (n < r->n_orders && r->orders[n].submit_time_ns <= until_ns) {
        n++;
    }
    return n;
}

static size_t fills_until(const fel_result *r, int64_t until_ns)
{
    size_t n = 0;
    while (n < r->n_fills && r->fills[n].time_ns <= until_ns) {
        n++;
    }
    return n;
}

void check_same_past(const fel_result *a, const fel_result *b, int64_t until_ns)
{
    const size_t n_orders = orders_until(a, until_ns), n_fills = fills_until(a, until_ns);
    size_t n_wrong = 0;
    CHECK_INT(orders_until(b, until_ns), n_orders);
    CHECK_INT(fills_until(b, until_ns), n_fills);
    for (size_t i = 0; i < n_orders && i < b->n_orders; i++) {
        n_wrong += !same_order(&a->orders[i], &b->orders[i], until_ns);
    }
    for (size_t i = 0; i < n_fills && i < b->n_fills; i++) {
        n_wrong += !same_bytes(&a->fills[i], &b->fills[i], sizeof(a->fills[i]));
    }
    CHECK_INT(n_wrong, 0);
}

void check_same_result(const fel_result *a, const fel_result *b)
{
    CHECK_TEXT(a->order_hash, b->order_hash);
    CHECK_INT(a->n_orders, b->n_orders);
    CHECK_INT(a->n_fills, b->n_fills);
    CHECK_INT(a->n_equity, b->n_equity);
    CHECK_INT(a->n_bars, b->n_bars);
    CHECK_INT(a->last_ns, b->last_ns);
    CHECK(same_bytes(&a->final_equity, &b->final_equity, sizeof(a->final_equity)));
    CHECK(same_bytes(&a->waterfall, &b->waterfall, sizeof(a->waterfall)));
    CHECK(a->n_orders == b->n_orders &&
          same_bytes(a->orders, b->orders, a->n_orders * sizeof(a->orders[0])));
    CHECK(a->n_fills == b->n_fills &&
          same_bytes(a->fills, b->fills, a->n_fills * sizeof(a->fills[0])));
    CHECK(a->n_equity == b->n_equity &&
          same_bytes(a->equity, b->equity, a->n_equity * sizeof(a->equity[0])));
    CHECK(same_bytes(a->positions, b->positions, a->n_instruments * sizeof(a->positions[0])));
}
