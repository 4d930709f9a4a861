/* tests/unit/study/test_study_override.c - --set goes through the same checks as the file. */
#include <feller/study.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define BASE                                                                                       \
    "data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_cross}\ncosts: {fee_bps: 2.5}\n"

static fel_status load_with(const char *override)
{
    fel_study *study = NULL;
    const char *path = in_folder(scratch_folder(), "s.yaml");
    const char *const overrides[] = {override};
    put_file(path, BASE);
    const fel_status status = fel_study_load(&study, path, overrides, 1);
    fel_study_destroy(study);
    return status;
}

static void test_good_overrides_are_taken(void)
{
    static const char *const good[] = {
        "costs.fee_bps=10",
        "costs={fee_per_share: 0.0035}",
        "data.0.file=/elsewhere/b.csv",
        "data.0.signals=[forecast]",
        "strategy.fast_bars=7",
        "strategy={kind: buy_and_hold}",
        "sweep.strategy.fast_bars=[5, 10]",
        "cash=2.5e5 EUR",
        "report.html=false",
        "name=a=b",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CHECK_OK(load_with(good[i]));
    }
}

static void test_bad_overrides_are_refused(void)
{
    static const struct {
        const char *override, *message;
        fel_status status;
    } bad[] = {
        {"costs.fee_bsp=10", "--set: costs.fee_bsp: unknown key; did you mean \"fee_bps\"?",
         FEL_ERR_FORMAT},
        {"costs.fee_bps=lots", "--set: costs.fee_bps = \"lots\" is not a finite number",
         FEL_ERR_FORMAT},
        {"costs.fee_bps=1e5", "--set: costs.fee_bps = 100000 is not in [-1000, 10000]",
         FEL_ERR_RANGE},
        {"fill=next_opne",
         "--set: fill = \"next_opne\" is not one of next_open|same_close; did you mean "
         "\"next_open\"?",
         FEL_ERR_FORMAT},
        {"data.3.file=x",
         "--set: data.3.file: the list has no item of that number, they count from 0", FEL_ERR_ARG},
        {"data.x.file=x",
         "--set: data.x.file: the list has no item of that number, they count from 0", FEL_ERR_ARG},
        {"strategy.kind.x=y", "--set: strategy.kind.x: a value stands where the path goes on",
         FEL_ERR_ARG},
        {"costs..fee_bps=1", "--set: costs..fee_bps: not a path of keys joined by points",
         FEL_ERR_ARG},
        {".costs=1", "--set: .costs: not a path of keys joined by points", FEL_ERR_ARG},
        {"costs", "--set: \"costs\" is not key.path=value", FEL_ERR_ARG},
        {"=1", "--set: \"=1\" is not key.path=value", FEL_ERR_ARG},
        {"costs=", "--set: \"costs=\" is not key.path=value", FEL_ERR_ARG},
        {"sweep.strategy.fast_bars=[5, 0]", "--set: strategy.fast_bars = 0 is not in [1, 100000]",
         FEL_ERR_RANGE},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_STATUS(load_with(bad[i].override), bad[i].status);
        CHECK_TEXT(fel_last_error()->message, bad[i].message);
    }
}

static void test_later_overrides_win(void)
{
    fel_study *study = NULL;
    const char *path = in_folder(scratch_folder(), "s.yaml");
    const char *const overrides[] = {"name=first", "name=second"};
    put_file(path, BASE);
    CHECK_OK(fel_study_load(&study, path, overrides, 2));
    if (study != NULL) {
        CHECK_TEXT(fel_study_name(study), "second");
    }
    fel_study_destroy(study);
}

SUITE("study/override", TEST(test_good_overrides_are_taken), TEST(test_bad_overrides_are_refused),
      TEST(test_later_overrides_win));
