/* tests/unit/study/test_study_data.c - what rows of `data` become: panels, signals, options,
 * errors. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const char *new_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    return folder;
}

static double final_equity(const char *folder)
{
    json_error_t error;
    json_t *root = json_load_file(in_folder(folder, "run/report.json"), 0, &error);
    CHECK(root != NULL);
    const double equity =
        json_number_value(json_object_get(json_object_get(root, "headline"), "final_equity"));
    json_decref(root);
    return equity;
}

#define FIVE_DAYS                                                                                  \
    "date,open,high,low,close,volume\n2020-01-02,100.25,101,99,100.5,1000\n"                       \
    "2020-01-03,100.75,103,99,102,1000\n2020-01-06,102,105,101,104,1000\n"                         \
    "2020-01-07,104,107,103,106.25,1000\n2020-01-08,106,109,105,108,1000\n"

/* Ten calls of multiplier 100 bought at 3.10, settled at 106.25 - 100: worked out by hand. */
static void test_an_option_is_settled_in_cash_at_its_expiry(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "u.csv"), FIVE_DAYS);
    put_file(in_folder(folder, "o.csv"), "date,open,high,low,close,volume\n"
                                         "2020-01-02,3,3.5,2.5,3,10\n2020-01-03,3.1,4,2.5,3.5,10\n"
                                         "2020-01-06,3.5,5,3,4.5,10\n");
    CHECK_OK(run_text(folder,
                      "data:\n"
                      "  - {symbol: U, file: u.csv, frequency: 1d}\n"
                      "  - {symbol: C, file: o.csv, frequency: 1d, multiplier: 100, option: "
                      "{underlying: U, right: call, strike: 100, expiry: 2020-01-08}}\n"
                      "cash: 1e5\nstrategy: {kind: buy_and_hold, quantity: 10}\n",
                      "run", 1, NULL));
    const double option = 10.0 * 100.0 * (106.25 - 100.0 - 3.1);
    const double share = 10.0 * (108.0 - 100.75);
    CHECK_REL(final_equity(folder), 1e5 + option + share, 1e-13);
}

static void test_an_option_on_nothing_is_refused(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "u.csv"), FIVE_DAYS);
    CHECK(run_text(folder,
                   "data:\n  - {symbol: C, file: u.csv, option: {underlying: X, right: put, "
                   "strike: 3, expiry: 2020-01-08}}\nstrategy: {kind: buy_and_hold}\n",
                   "run", 1, NULL) == FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message,
              "study.yaml:2:5: data.option.underlying: no instrument \"X\" in this study");
}

/* A panel without a symbol is all of it; each half of the cash grows with its own asset. */
static void test_a_panel_is_all_its_symbols(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "panel.csv"),
             "date,symbol,open,high,low,close,volume\n"
             "2020-01-02,AA,10,11,9,10,5\n2020-01-02,BB,50,51,49,50,5\n"
             "2020-01-03,AA,10,11,9,10.5,5\n2020-01-03,BB,50,51,49,49,5\n"
             "2020-01-06,AA,10.5,12,10,11.25,5\n2020-01-06,BB,49,50,45,46,5\n");
    CHECK_OK(run_text(folder,
                      "data: [{file: panel.csv}]\ncash: 1e6\nstrategy: {kind: buy_and_hold}\n",
                      "run", 1, NULL));
    CHECK_REL(final_equity(folder), 0.5e6 * (11.25 / 10.0 + 46.0 / 50.0), 1e-12);
    CHECK_OK(run_text(folder,
                      "data: [{file: panel.csv, symbol: BB}]\ncash: 1e6\n"
                      "strategy: {kind: buy_and_hold}\n",
                      "run", 1, NULL));
    CHECK_REL(final_equity(folder), 1e6 * (46.0 / 50.0), 1e-12);
}

/* A signal that is up on the first day, down on the third: one trade, open to open. */
static void test_signals_trade_at_the_next_open(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "u.csv"), FIVE_DAYS);
    put_file(in_folder(folder, "f.csv"),
             "date,guess\n2020-01-02,0.7\n2020-01-03,0.2\n2020-01-06,-0.4\n2020-01-07,-0.1\n");
    CHECK_OK(run_text(folder,
                      "data:\n  - {symbol: U, file: u.csv}\n"
                      "  - {symbol: U, file: f.csv, signals: [guess]}\n"
                      "cash: 1e6\nstrategy: {kind: forecast_sign}\n",
                      "run", 1, NULL));
    CHECK_REL(final_equity(folder), 1e6 * (104.0 / 100.75), 1e-12);
}

static void test_what_the_study_says_goes_before_the_file(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "u.csv"), FIVE_DAYS);
    CHECK_OK(run_text(folder,
                      "data: [{symbol: F, file: u.csv, kind: future, multiplier: 25, lot: 2}]\n"
                      "cash: 1e6\nstrategy: {kind: buy_and_hold, quantity: 6}\n",
                      "run", 1, NULL));
    CHECK_REL(final_equity(folder), 1e6 + 6.0 * 25.0 * (108.0 - 100.75), 1e-13);
}

static void test_a_series_twice_is_refused(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "u.csv"), FIVE_DAYS);
    CHECK(run_text(folder,
                   "data:\n  - {symbol: U, file: u.csv}\n  - {symbol: U, file: u.csv}\n"
                   "strategy: {kind: buy_and_hold}\n",
                   "run", 1, NULL) == FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "study.yaml:3:5: data: U is loaded twice");
}

static void test_a_symbol_that_a_store_has_not_is_refused(void)
{
    const char *folder = new_folder();
    fel_csv_options options = fel_csv_options_default();
    char store[400];
    (void)snprintf(store, sizeof(store), "%s/store", folder);
    (void)snprintf(options.symbol, sizeof(options.symbol), "WAVE");
    put_bars(in_folder(folder, "wave.csv"), 50, 0.4);
    CHECK_OK(fel_store_import(store, in_folder(folder, "wave.csv"), &options, 0, NULL));
    CHECK(run_text(folder, "data: [{symbol: WVAE, store: store}]\nstrategy: {kind: buy_and_hold}\n",
                   "run", 1, NULL) == FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "study.yaml:1:17: ");
    CHECK_HAS(fel_last_error()->message, "no series 'WVAE', did you mean 'WAVE'?");
    CHECK_OK(run_text(folder, "data: [{store: store}]\nstrategy: {kind: buy_and_hold}\n", "run", 1,
                      NULL));
}

static void test_the_error_of_a_file_has_the_row_of_the_study(void)
{
    const char *folder = new_folder();
    put_file(in_folder(folder, "u.csv"), FIVE_DAYS "2020-01-09,1,2,3,4,5\n");
    CHECK(run_text(folder, "data: [{symbol: U, file: u.csv}]\nstrategy: {kind: buy_and_hold}\n",
                   "run", 1, NULL) != FEL_OK);
    CHECK_HAS(fel_last_error()->message, "study.yaml:1:26: ");
    CHECK_HAS(fel_last_error()->message, "u.csv: row 7, column high");
    CHECK_OK(run_text(folder,
                      "data: [{symbol: U, file: u.csv, bad_rows: quarantine}]\n"
                      "strategy: {kind: buy_and_hold}\n",
                      "run", 1, NULL));
    char *report = get_file(in_folder(folder, "run/report.txt"));
    CHECK_HAS(report, "warning: u.csv: 1 of 6 rows quarantined");
    free(report);
}

SUITE("study/data", TEST(test_an_option_is_settled_in_cash_at_its_expiry),
      TEST(test_an_option_on_nothing_is_refused), TEST(test_a_panel_is_all_its_symbols),
      TEST(test_signals_trade_at_the_next_open),
      TEST(test_what_the_study_says_goes_before_the_file), TEST(test_a_series_twice_is_refused),
      TEST(test_a_symbol_that_a_store_has_not_is_refused),
      TEST(test_the_error_of_a_file_has_the_row_of_the_study));
