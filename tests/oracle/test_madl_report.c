/* tests/oracle/test_madl_report.c - the published signals through a study: its report has the
 * published metrics of the published line, to their last digits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const char *const metrics[][2] = {{"arc", "aRC_pct"},   {"asd", "aSD_pct"}, {"md", "MD_pct"},
                                         {"mld", "MLD_years"}, {"ir1", "IR1"},     {"ir2", "IR2"},
                                         {"ir3", "IR3"}};

/* Bars of four equal prices, and the signals beside them. */
static void put_market(const char *folder, const oracle_table *table)
{
    FILE *bars = fopen(in_folder(folder, "bars.csv"), "wb");
    FILE *signals = fopen(in_folder(folder, "signals.csv"), "wb");
    CHECK(bars != NULL && signals != NULL);
    if (bars == NULL || signals == NULL) {
        return;
    }
    (void)fputs("date,open,high,low,close,volume\n", bars);
    (void)fputs("date,signal_long\n", signals);
    for (size_t i = 0; i < table->rows; i++) {
        const char *date = oracle_cell(table, i, "date");
        const char *price = oracle_cell(table, i, "equity_buy_hold");
        (void)fprintf(bars, "%s,%s,%s,%s,%s,1\n", date, price, price, price, price);
        (void)fprintf(signals, "%s,%s\n", date, oracle_cell(table, i, "signal_long"));
    }
    CHECK(fclose(bars) == 0);
    CHECK(fclose(signals) == 0);
}

static double score_of(const json_t *report, const char *name)
{
    size_t i;
    json_t *score;
    json_array_foreach(json_object_get(report, "scores"), i, score)
    {
        if (strcmp(json_string_value(json_object_get(score, "name")), name) == 0) {
            return oracle_number(json_object_get(score, "value"));
        }
    }
    return (double)NAN;
}

static void check_report(const char *folder, const oracle_table *expected, size_t row)
{
    json_error_t error;
    json_t *report = json_load_file(in_folder(folder, "run/report.json"), 0, &error);
    CHECK(report != NULL);
    for (size_t k = 0; k < sizeof(metrics) / sizeof(metrics[0]); k++) {
        const double scale = strstr(metrics[k][1], "_pct") != NULL ? 100.0 : 1.0;
        CHECK_REL(score_of(report, metrics[k][0]) * scale,
                  atof(oracle_cell(expected, row, metrics[k][1])), 1e-11);
    }
    json_decref(report);
}

static void check_model(const char *market, const char *model)
{
    char name[128], text[512], folder[320];
    oracle_table table, expected;
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    (void)snprintf(name, sizeof(name), "data/madl/%s_%s_forecasts.csv", market, model);
    CHECK(oracle_table_read(&table, name));
    (void)snprintf(name, sizeof(name), "data/madl/%s_expected.csv", market);
    CHECK(oracle_table_read(&expected, name));
    size_t row = 0;
    while (strcmp(oracle_cell(&expected, row, "model"), model) != 0) {
        row++;
    }
    put_market(folder, &table);
    (void)snprintf(text, sizeof(text),
                   "data:\n  - {symbol: M, file: bars.csv}\n"
                   "  - {symbol: M, file: signals.csv, signals: [signal_long]}\n"
                   "strategy: {kind: signals}\nfill: same_close\n"
                   "cash: %s\ncosts: {weight_change_bps: 5}\nreport: {periods_per_year: %s}\n",
                   oracle_cell(&table, 0, "equity_long_only"),
                   oracle_cell(&expected, row, "periods_per_year"));
    CHECK_OK(run_text(folder, text, "run", 1, NULL));
    check_report(folder, &expected, row);
    oracle_table_clear(&expected);
    oracle_table_clear(&table);
}

static void test_a_report_of_published_signals_has_the_published_metrics(void)
{
    if (shared_path("data/madl/btc_expected.csv") == NULL) {
        SKIP("../shared/data/madl is absent");
    }
    check_model("btc", "trans");
    check_model("jpm", "lstm");
    check_model("spx", "gru");
}

SUITE("oracle/madl_report", TEST(test_a_report_of_published_signals_has_the_published_metrics));
