/* tests/unit/study/test_forecast_rivals.c - the forecasters beside a model: held and not held, and
 * ranked among themselves where the model is. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define STUDY                                                                                      \
    "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\n"                                      \
    "features: [return, {volatility: 10}]\n"                                                       \
    "train: {loss: mse, epochs: 2, batch: 64}\n"                                                   \
    "walk_forward: {train: 200, validation: 0.25, test: 120}\n"                                    \
    "costs: {fee_bps: 5}\n"

static char *run_report(const char *more)
{
    static char text[1024];
    const char *folder = scratch_folder();
    put_bars(in_folder(folder, "wave.csv"), 500, 0.3);
    (void)snprintf(text, sizeof(text), "%s%s", STUDY, more);
    CHECK_OK(run_text(folder, text, "run", 1, NULL));
    return get_file(in_folder(folder, "run/report.json"));
}

/* The first number of this key after a place in the text. */
static double number_after(const char *json, const char *place, const char *key)
{
    char wanted[64];
    (void)snprintf(wanted, sizeof(wanted), "\"%s\":", key);
    const char *start = json != NULL ? strstr(json, place) : NULL;
    const char *number = start != NULL ? strstr(start, wanted) : NULL;
    CHECK(number != NULL);
    return number != NULL ? strtod(number + strlen(wanted), NULL) : (double)NAN;
}

static double of_rival(const char *json, const char *rival, const char *key)
{
    char place[64];
    (void)snprintf(place, sizeof(place), "{\"name\":\"%s\"", rival);
    return number_after(json, place, key);
}

static void test_holding_and_not_holding(void)
{
    char *json = run_report("model: {kind: mlp, hidden: [4], sequence: 2}\n"
                            "strategy: {kind: forecast_sign, side: long_short}\n");
    CHECK_SAME(of_rival(json, "always_flat", "final_equity"), 1e6);
    CHECK_SAME(of_rival(json, "always_flat", "n_trades"), 0.0);
    CHECK_SAME(of_rival(json, "buy_and_hold", "n_trades"), 1.0);
    CHECK_NEAR(of_rival(json, "buy_and_hold", "final_equity") / 1e6 - 1.0,
               number_after(json, "\"benchmark\":{", "total_return"), 1e-9);
    free(json);
}

/* Returns never reach a threshold of 0.5; their places do, on a quarter of the days each side. */
static void test_thresholds_of_quantiles_hold_for_rivals(void)
{
    static const char *const rivals[] = {"last_sign", "autoregression", "linear", "logistic"};
    char *json =
        run_report("model: {kind: mlp, hidden: [4], sequence: 2, output: quantile}\n"
                   "strategy: {kind: forecast_sign, side: long_short, upper: 0.5, lower: -0.5}\n");
    for (size_t i = 0; i < sizeof(rivals) / sizeof(rivals[0]); i++) {
        CHECK(of_rival(json, rivals[i], "n_trades") > 5.0);
    }
    CHECK_SAME(of_rival(json, "always_flat", "n_trades"), 0.0);
    CHECK_SAME(of_rival(json, "buy_and_hold", "n_trades"), 1.0);
    free(json);
}

SUITE("study/forecast_rivals", TEST(test_holding_and_not_holding),
      TEST(test_thresholds_of_quantiles_hold_for_rivals));
