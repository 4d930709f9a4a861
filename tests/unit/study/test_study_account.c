/* tests/unit/study/test_study_account.c - what a study says of its account reaches the engine. */
#define FEL_MODULE_STUDY
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const char *new_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "a.csv"), 300, 0.0);
    return folder;
}

#define DATA     "data: [{symbol: A, file: a.csv}]\n"
#define STRATEGY "strategy: {kind: buy_and_hold, weight: 1.8}\n"

static void test_an_account_reaches_the_engine(void)
{
    fel_study *study = load_study(new_folder(), DATA STRATEGY
                                  "account: {kind: margin, initial: 0.55, maintenance_long: 0.3, "
                                  "maintenance_short: 0.4, leverage: 25, leverage_maintenance: "
                                  "0.8, liquidate: largest_loss, restore: initial, check: "
                                  "submission, legs: larger, grace_days: 4, liquidation_fee: "
                                  "0.002, short_credit_rate: 0.01, day_count: act360}\n"
                                  "borrow: {rate: 0.025, day_count: act365}\n"
                                  "position_mode: hedging\n");
    const fel_account_rules a = study_account_rules(&study->values);
    CHECK_INT(a.kind, FEL_ACCOUNT_MARGIN);
    CHECK_SAME(a.margin[FEL_EQUITY].initial, 0.55);
    CHECK_SAME(a.margin[FEL_INDEX].maintenance_long, 0.3);
    CHECK_SAME(a.margin[FEL_EQUITY].maintenance_short, 0.4);
    CHECK_SAME(a.margin[FEL_PERPETUAL].initial, 0.04);
    CHECK_SAME(a.margin[FEL_FX].maintenance_short, 0.04 * 0.8);
    CHECK_SAME(a.margin[FEL_OPTION].initial, 1.0);
    CHECK_INT(a.liquidate, FEL_LIQUIDATE_LARGEST_LOSS);
    CHECK_INT(a.restore, FEL_RESTORE_INITIAL);
    CHECK_INT(a.check, FEL_MARGIN_AT_SUBMISSION);
    CHECK_INT(a.leg_margin, FEL_LEGS_LARGER);
    CHECK_INT(a.position_mode, FEL_POSITIONS_HEDGING);
    CHECK_INT(a.grace_days, 4);
    CHECK_SAME(a.liquidation_fee, 0.002);
    CHECK_SAME(a.short_credit_rate_per_year, 0.01);
    CHECK_INT(a.interest_basis, 360);
    CHECK_SAME(a.borrow_rate_per_year, 0.025);
    CHECK_INT(a.borrow_basis, 365);
    fel_study_destroy(study);
}

/* Nothing said: the engine's own defaults. */
static void test_without_an_account_it_is_the_engines_own(void)
{
    fel_study *study = load_study(new_folder(), DATA STRATEGY);
    const fel_account_rules a = study_account_rules(&study->values);
    const fel_account_rules own = fel_engine_config_default().account;
    CHECK_INT(a.kind, own.kind);
    CHECK_INT(a.interest_basis, own.interest_basis);
    CHECK_INT(a.borrow_basis, own.borrow_basis);
    CHECK(isnan(a.short_credit_rate_per_year) && isnan(own.short_credit_rate_per_year));
    CHECK(memcmp(a.margin, own.margin, sizeof(a.margin)) == 0);
    fel_study_destroy(study);
}

static void test_a_row_of_data_has_margins_of_its_own(void)
{
    dataset data;
    fel_study *study =
        load_study(new_folder(), "data: [{symbol: A, file: a.csv, kind: fx, settlement: variation, "
                                 "margin_initial: 0.2, margin_maintenance: 0.1, "
                                 "margin_initial_amount: 12, margin_maintenance_amount: 11, "
                                 "borrow_rate: 0.07, borrowable: false}]\n" STRATEGY);
    CHECK_OK(dataset_open(&data, study, 0, 0));
    const fel_instrument *i = &data.list.items[0].info.instrument;
    CHECK_INT(i->settlement, FEL_SETTLE_VARIATION);
    CHECK_SAME(i->margin_initial, 0.2);
    CHECK_SAME(i->margin_maintenance, 0.1);
    CHECK_SAME(i->margin_initial_amount, 12.0);
    CHECK_SAME(i->margin_maintenance_amount, 11.0);
    CHECK_SAME(i->borrow_rate_per_year, 0.07);
    CHECK_INT(i->no_borrow, 1);
    dataset_close(&data);
    fel_study_destroy(study);
}

/* A position of 1.8 times equity, and what equity.csv says of its margin. */
static void test_a_levered_study_runs(void)
{
    const char *folder = new_folder();
    CHECK_OK(run_text(folder, DATA STRATEGY "account: {kind: margin}\n", "levered", 1, NULL));
    char path[400];
    (void)snprintf(path, sizeof(path), "%s/levered/equity.csv", folder);
    char *text = get_file(path);
    CHECK(text != NULL);
    if (text != NULL) {
        const char *line_end = strchr(text, '\n');
        CHECK(line_end != NULL && strncmp(line_end - 7, ",margin", 7) == 0);
        free(text);
    }
    CHECK_OK(run_text(folder, DATA STRATEGY, "plain", 1, NULL));
    (void)snprintf(path, sizeof(path), "%s/plain/equity.csv", folder);
    text = get_file(path);
    CHECK(text != NULL && strstr(text, "margin") == NULL);
    free(text);
    CHECK_STATUS(run_text(folder,
                          DATA STRATEGY
                          "account: {kind: margin, initial: 0.2, maintenance_long: 0.25}\n",
                          "none", 1, NULL),
                 FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "not less than the maintenance margin");
}

SUITE("study/account", TEST(test_an_account_reaches_the_engine),
      TEST(test_without_an_account_it_is_the_engines_own),
      TEST(test_a_row_of_data_has_margins_of_its_own), TEST(test_a_levered_study_runs));
