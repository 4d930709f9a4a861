/* tests/unit/reports/forecast_fixture.c - the study of forecast_fixture.h. */
#include "tests/unit/reports/forecast_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/reports/report_fixture.h"

static const double none = (double)NAN;

static void make_windows(forecast_fixture *x)
{
    static const char *const days[FORECAST_WINDOWS][5] = {
        {"2010-01-01", "2013-01-01", "2014-01-01", "2014-01-02", "2015-01-01"},
        {"2011-01-01", "2014-01-01", "2015-01-01", "2015-01-02", "2016-01-01"}};
    for (size_t i = 0; i < FORECAST_WINDOWS; i++) {
        fel_forecast_window *w = &x->windows[i];
        w->train_from_ns = fixture_time(days[i][0], 0);
        w->validation_from_ns = fixture_time(days[i][1], 0);
        w->train_to_ns = fixture_time(days[i][2], 0);
        w->test_from_ns = fixture_time(days[i][3], 0);
        w->test_to_ns = fixture_time(days[i][4], 0);
        w->n_train = 1080 + i;
        w->n_validation = 360;
        w->n_test = 251 + i;
        w->n_trials = 6;
        w->n_failed = i;
        w->pick = i == 0 ? x->pick : "";
        w->validation_score = i == 0 ? -0.0023851234 : none;
        w->test_loss = 0.0001375 * (double)(i + 1);
        w->hit_rate = i == 0 ? 0.5237 : none;
    }
}

/* The last curve is of a network that gave no number to choose by. */
static void make_curves(forecast_fixture *x)
{
    for (size_t i = 0; i < FORECAST_CURVES; i++) {
        for (size_t e = 0; e < FORECAST_EPOCHS; e++) {
            const double gap = (double)e - 2.25;
            x->train_loss[i][e] = 0.0123456789 / (double)(e + 1);
            x->validation_loss[i][e] = 0.011 + 0.0004 * gap * gap;
            x->selection[i][e] = -x->validation_loss[i][e];
        }
        const fel_forecast_curve curve = {.window = i / 2,
                                          .seed = i % 2,
                                          .n_epochs = FORECAST_EPOCHS,
                                          .best_epoch = i < 3 ? 2 : FORECAST_EPOCHS,
                                          .train_loss = x->train_loss[i],
                                          .validation_loss = x->validation_loss[i],
                                          .selection = i < 3 ? x->selection[i] : NULL};
        x->curves[i] = curve;
    }
    x->train_loss[3][4] = none;
}

static void make_rivals(forecast_fixture *x)
{
    static const struct {
        const char *name, *label;
        double final_equity, annual_return, sharpe, statistic, p;
    } rows[FORECAST_RIVALS] = {
        {"model", "lstm", 10203.8, 0.0517, 0.615, (double)NAN, (double)NAN},
        {"buy_and_hold", "buy and hold", 10950.25, 0.0921, 0.702, -0.41, 0.682},
        {"last_sign", "yesterday's sign", 9120.5, -0.0385, -0.211, 3.52, 0.00046}};
    for (size_t i = 0; i < FORECAST_RIVALS; i++) {
        fel_forecast_rival *r = &x->rivals[i];
        r->name = rows[i].name;
        r->label = i == 0 ? x->label : rows[i].label;
        r->numbers.final_equity = rows[i].final_equity;
        r->numbers.annual_return = rows[i].annual_return;
        r->numbers.sharpe = rows[i].sharpe;
        r->numbers.volatility = 0.171;
        r->numbers.max_drawdown = -0.2385 - 0.01 * (double)i;
        r->numbers.turnover = 12.5;
        r->numbers.costs = 84.12;
        r->numbers.n_trades = 92 + i;
        r->dm_statistic = rows[i].statistic;
        r->dm_p_value = rows[i].p;
        r->dm_error_statistic = none;
        r->dm_error_p_value = none;
        for (size_t k = 0; k < FORECAST_DAYS; k++) {
            x->equity[i][k] =
                10000.0 + (rows[i].final_equity - 10000.0) * (double)k / (FORECAST_DAYS - 1.0);
        }
        r->n_days = i < 2 ? FORECAST_DAYS : 0;
        r->days_ns = i < 2 ? x->days_ns : NULL;
        r->equity = i < 2 ? x->equity[i] : NULL;
    }
}

static void make_facts(forecast_fixture *x)
{
    static const fel_forecast_fact facts[FORECAST_FACTS] = {
        {"shift_p_value", "Circular shift, p-value",
         "share of 1,000 circular shifts of the positions that do at least as well by mean / standard "
         "deviation of net returns",
         0.0385, FEL_UNIT_RATIO},
        {"hit_rate", "Hit rate", "share of forecasts with the sign of their target", 0.5237,
         FEL_UNIT_FRACTION},
        {"deflated_sharpe", "Deflated Sharpe ratio", NULL, (double)NAN, FEL_UNIT_RATIO}};
    memcpy(x->facts, facts, sizeof(facts));
}

void forecast_fixture_make(forecast_fixture *x)
{
    static const char *const days[FORECAST_DAYS] = {"2014-01-02", "2014-07-01", "2015-01-02",
                                                    "2016-01-01"};
    memset(x, 0, sizeof(*x));
    (void)snprintf(x->pick, sizeof(x->pick), "model.hidden=[64] train.learning_rate=0.001");
    (void)snprintf(x->label, sizeof(x->label), "lstm");
    for (size_t i = 0; i < FORECAST_DAYS; i++) {
        x->days_ns[i] = fixture_time(days[i], 21);
    }
    make_windows(x);
    make_curves(x);
    make_rivals(x);
    make_facts(x);
    const fel_forecast_report report = {
        .struct_size = (uint32_t)sizeof(report),
        .n_seeds = 2,
        .model_text = "lstm sequence=20 hidden=64,32 dropout=0.02",
        .features_text = "return, sma_ratio bars=20, <awkward> & \"quoted\"",
        .target_text = "return bars=1",
        .scaling_text = "standard, clipped at 5",
        .training_text = "gmadl a=1000 b=2, adam learning_rate=0.001, 5 epochs, batches of 256, "
                         "validation by madl, weights averaged over the last quarter of the epochs",
        .loss_name = "gmadl",
        .selection_name = "madl",
        .n_params = 29889,
        .n_fits = 24,
        .windows = x->windows,
        .n_windows = FORECAST_WINDOWS,
        .curves = x->curves,
        .n_curves = FORECAST_CURVES,
        .rivals = x->rivals,
        .n_rivals = FORECAST_RIVALS,
        .facts = x->facts,
        .n_facts = FORECAST_FACTS,
    };
    x->report = report;
}
