/* tests/oracle/test_madl_loss.c - MADL of the published forecasts, and the net P&L that a trading
 * loss makes of them, are those of the published equity lines (3 markets, 4 models).
 *
 * Their line: x_t / x_(t-1) - 1 = s_(t-1) R_t - c |s_t - s_(t-1)|, s = 1 if the forecast is above
 * 0, else 0, c = 5 basis points; R from the buy-and-hold line. A sample here is a bar: its
 * forecast, the return of the next bar, and the cost of reaching its position. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/loss.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

#define COST 0.0005

typedef struct published {
    fel_cvec forecast, signal, hold, line;
    double *returns, *weights; /* of the bar after; 0 where the forecast is 0 */
    size_t n;                  /* bars with one after them */
} published;

static published read_published(const char *market, const char *model)
{
    char name[128];
    oracle_table table;
    (void)snprintf(name, sizeof(name), "data/madl/%s_%s_forecasts.csv", market, model);
    CHECK(oracle_table_read(&table, name));
    published p = {.forecast = oracle_column(&table, "forecast"),
                   .signal = oracle_column(&table, "signal_long"),
                   .hold = oracle_column(&table, "equity_buy_hold"),
                   .line = oracle_column(&table, "equity_long_only"),
                   .n = table.rows - 1};
    p.returns = calloc(p.n, sizeof(double));
    p.weights = calloc(p.n, sizeof(double));
    for (size_t i = 0; i < p.n; i++) {
        p.returns[i] = p.hold.data[i + 1] / p.hold.data[i] - 1.0;
        p.weights[i] = p.forecast.data[i] < 0.0 || p.forecast.data[i] > 0.0 ? 1.0 : 0.0;
    }
    oracle_table_clear(&table);
    return p;
}

static void free_published(published *p)
{
    const fel_cvec columns[] = {p->forecast, p->signal, p->hold, p->line};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        free((void *)(uintptr_t)columns[i].data);
    }
    free(p->returns);
    free(p->weights);
}

static fel_loss_batch batch_of(const published *p)
{
    return fel_loss_batch_of(p->n, p->forecast.data, 1, p->returns, 1);
}

/* sign(F) = 2 s - 1 where F is not 0, so MADL = mean(R) - 2 mean(s R), and s R is the published
 * line's return with its cost put back. */
static void check_madl(const published *p)
{
    double hold = 0.0, gross = 0.0, count = 0.0, value = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        const double turnover = fabs(p->signal.data[i + 1] - p->signal.data[i]);
        hold += p->weights[i] * p->returns[i];
        gross += p->weights[i] * (p->line.data[i + 1] / p->line.data[i] - 1.0 + COST * turnover);
        count += p->weights[i];
    }
    fel_loss_batch batch = batch_of(p);
    batch.weights = p->weights;
    const fel_loss loss = loss_of("madl", "");
    double *gradient = calloc(p->n, sizeof(double)), largest = 0.0;
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, gradient));
    CHECK_NEAR(value, (hold - 2.0 * gross) / count, 1e-14);
    for (size_t i = 0; i < p->n; i++) {
        largest = fmax(largest, fabs(gradient[i]));
    }
    CHECK_SAME(largest, 0.0);
    free(gradient);
}

/* They charge the change to a signal on its own bar, we on the bar that it is held: all is the same
 * but the last change. */
static void check_net(const published *p)
{
    double net = COST * fabs(p->signal.data[p->n] - p->signal.data[p->n - 1]);
    for (size_t i = 0; i < p->n; i++) {
        net += p->line.data[i + 1] / p->line.data[i] - 1.0;
    }
    fel_loss_batch batch = batch_of(p);
    batch.positions_before = p->signal.data;
    const fel_loss loss =
        loss_of("negative_mean_variance", "position=sign,long_only=true,cost_bps=5,risk_aversion=0,"
                                          "periods_per_year=1");
    CHECK_NEAR(loss_value(&loss, &batch), -net / (double)p->n, 1e-14);
}

static void test_published_forecasts_have_the_published_returns(void)
{
    static const char *const markets[] = {"btc", "jpm", "spx"};
    static const char *const models[] = {"lstm", "trans", "cnn", "gru"};
    if (shared_path("data/madl/btc_expected.csv") == NULL) {
        SKIP("../shared/data/madl is absent");
    }
    for (size_t i = 0; i < sizeof(markets) / sizeof(markets[0]); i++) {
        for (size_t k = 0; k < sizeof(models) / sizeof(models[0]); k++) {
            published p = read_published(markets[i], models[k]);
            check_madl(&p);
            check_net(&p);
            free_published(&p);
        }
    }
}

SUITE("oracle/madl_loss", TEST(test_published_forecasts_have_the_published_returns));
