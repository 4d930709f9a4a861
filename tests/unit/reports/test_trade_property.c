/* tests/unit/reports/test_trade_property.c - round trips of random runs: their P&L adds up to the
 * account's, their quantities to the fills', their excursions to those of a walk over every price.
 */
#include <math.h>
#include <stdlib.h>

#include <feller/report.h>

#include "core/money.h"
#include "core/rng.h"
#include "tests/support/check.h"

enum { N_INSTRUMENTS = 3, N_FILLS = 400, N_PRICES = 4000 };

/* A random run with every price kept, in today's units (splits applied backwards) for the check. */
typedef struct random_run {
    fel_instrument instruments[N_INSTRUMENTS];
    fel_fill_record fills[N_FILLS];
    fel_position_record positions[N_INSTRUMENTS];
    fel_result result;
    double price[N_INSTRUMENTS][N_PRICES]; /* as traded */
    double unit[N_INSTRUMENTS][N_PRICES];  /* splits so far: price x unit is comparable */
    size_t n_prices[N_INSTRUMENTS];
    size_t fill_price_index[N_FILLS];
    double split_so_far[N_INSTRUMENTS], fill_unit[N_FILLS];
    fel_money pnl[N_INSTRUMENTS]; /* cash flows less fees, without the position's value */
} random_run;

static void add_price(random_run *x, size_t i, double price)
{
    fel_position_record *p = &x->positions[i];
    const size_t k = x->n_prices[i]++;
    x->price[i][k] = price;
    x->unit[i][k] = x->split_so_far[i];
    p->last_price = price;
    p->high_since = fmax(p->high_since, price);
    p->low_since = fmin(p->low_since, price);
}

static void add_split(random_run *x, size_t i, double ratio, fel_fill_record *f)
{
    fel_position_record *p = &x->positions[i];
    f->instrument = (uint32_t)i;
    f->reference_price = ratio;
    p->quantity *= ratio;
    p->last_price /= ratio;
    p->high_since /= ratio;
    p->low_since /= ratio;
    x->split_so_far[i] *= ratio;
}

static void add_fill(random_run *x, size_t i, double signed_quantity, fel_fill_record *f)
{
    fel_position_record *p = &x->positions[i];
    f->order_id = 1 + (uint64_t)(f - x->fills);
    f->instrument = (uint32_t)i;
    f->side = signed_quantity > 0.0 ? FEL_BUY : FEL_SELL;
    f->quantity = fabs(signed_quantity);
    f->price = p->last_price;
    f->high_since = p->high_since;
    f->low_since = p->low_since;
    f->cash_flow = money_of_trade(-signed_quantity, f->price, 0.0, x->instruments[i].multiplier);
    f->fee = money_of(0.001 * f->quantity * f->price);
    f->time_ns = (int64_t)(f - x->fills) * FEL_NS_PER_HOUR;
    f->reason = FEL_REASON_FILLED;
    p->quantity += signed_quantity;
    p->high_since = f->price;
    p->low_since = f->price;
    x->pnl[i] = money_add(x->pnl[i], money_sub(f->cash_flow, f->fee));
}

static void make_run(random_run *x, uint64_t seed)
{
    rng_stream stream = rng_at(seed, 0);
    for (size_t i = 0; i < N_INSTRUMENTS; i++) {
        x->instruments[i].multiplier = i == 1 ? 50.0 : 1.0;
        x->split_so_far[i] = 1.0;
        x->positions[i].instrument = (uint32_t)i;
        x->positions[i].high_since = -HUGE_VAL;
        x->positions[i].low_since = HUGE_VAL;
        add_price(x, i, 40.0 + 7.385 * (double)i);
    }
    for (size_t k = 0; k < N_FILLS; k++) {
        const size_t i = (size_t)rng_below(&stream, N_INSTRUMENTS);
        for (uint64_t step = rng_below(&stream, 5); step > 0; step--) {
            add_price(x, i, x->positions[i].last_price * exp(0.02 * rng_normal(&stream)));
        }
        if (k % 97 == 96) {
            add_split(x, i, k % 2 == 0 ? 2.0 : 0.5, &x->fills[k]);
        } else {
            const double q = (double)(1 + rng_below(&stream, 9)) / 8.0;
            add_fill(x, i, rng_below(&stream, 2) ? q : -q, &x->fills[k]);
        }
        x->fill_price_index[k] = x->n_prices[i] - 1;
        x->fill_unit[k] = x->split_so_far[i];
    }
    x->result.instruments = x->instruments;
    x->result.n_instruments = N_INSTRUMENTS;
    x->result.fills = x->fills;
    x->result.n_fills = N_FILLS;
    x->result.positions = x->positions;
    x->result.last_ns = N_FILLS * FEL_NS_PER_HOUR;
}

/* Number of an instrument's fill at an instant; N_FILLS if there is none. */
static size_t fill_at(const random_run *x, uint32_t instrument, int64_t time_ns)
{
    size_t k = 0;
    while (k < N_FILLS && (x->fills[k].time_ns != time_ns || x->fills[k].instrument != instrument ||
                           x->fills[k].order_id == 0)) {
        k++;
    }
    return k;
}

/* MAE and MFE by walking all prices from the entry's to the exit's. */
static void check_excursions(const random_run *x, const fel_trade *t)
{
    const size_t i = t->instrument;
    const size_t entry = fill_at(x, t->instrument, t->entry_time_ns);
    const size_t exit = fill_at(x, t->instrument, t->exit_time_ns);
    CHECK(entry < N_FILLS && (exit < N_FILLS || t->is_open));
    const size_t from = x->fill_price_index[entry];
    const size_t to = t->is_open ? x->n_prices[i] - 1 : x->fill_price_index[exit];
    /* Prices in the units at the exit. */
    const double now = t->is_open ? x->split_so_far[i] : x->fill_unit[exit];
    double worst = 0.0, best = 0.0;
    for (size_t k = from; k <= to; k++) {
        const double price = x->price[i][k] * x->unit[i][k] / now;
        const double gain =
            t->direction * (price - t->entry_price) * t->quantity * x->instruments[i].multiplier;
        worst = fmin(worst, gain);
        best = fmax(best, gain);
    }
    CHECK_NEAR(t->mae, worst, 1e-9);
    CHECK_NEAR(t->mfe, best, 1e-9);
}

static void check_run(const random_run *x)
{
    fel_trade *trades = NULL;
    size_t n = 0;
    fel_money pnl[N_INSTRUMENTS] = {{0}};
    double open[N_INSTRUMENTS] = {0};
    CHECK_OK(fel_trades_match(&x->result, &trades, &n));
    CHECK(n > N_FILLS / 3);
    for (size_t k = 0; k < n; k++) {
        const fel_trade *t = &trades[k];
        pnl[t->instrument] = money_add(pnl[t->instrument], t->pnl);
        open[t->instrument] += t->is_open ? t->direction * t->quantity : 0.0;
        CHECK(t->quantity > 0.0);
        CHECK(k == 0 || t->is_open || trades[k - 1].exit_time_ns <= t->exit_time_ns);
        check_excursions(x, t);
    }
    for (size_t i = 0; i < N_INSTRUMENTS; i++) {
        const fel_position_record *p = &x->positions[i];
        const fel_money value =
            money_of_trade(p->quantity, p->last_price, 0.0, x->instruments[i].multiplier);
        const fel_money account = money_add(x->pnl[i], value);
        CHECK_NEAR(fel_money_value(money_sub(pnl[i], account)), 0.0, 1e-9);
        CHECK_NEAR(open[i], p->quantity, 1e-9);
    }
    free(trades);
}

static void test_trades_add_up_to_the_account(void)
{
    for (uint64_t seed = 1; seed <= 8; seed++) {
        random_run *x = calloc(1, sizeof(*x));
        CHECK(x != NULL);
        make_run(x, seed);
        check_run(x);
        free(x);
    }
}

SUITE("reports/trade_property", TEST(test_trades_add_up_to_the_account));
