/* tests/unit/reports/test_hedge_report_check.c - hedging reports that are refused, by the name of
 * what is missing or does not fit. */
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/reports/hedge_report_fixture.h"

enum { ALL_KINDS = FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | FEL_REPORT_HTML };

static void check_refused(const fel_hedge_report *r, const char *message)
{
    char folder[512], path[600];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    (void)snprintf(path, sizeof(path), "%s/report.json", folder);
    CHECK_STATUS(fel_hedge_report_write_files(r, folder, ALL_KINDS), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK_STATUS(fel_hedge_report_write_terminal(r, stdout), FEL_ERR_ARG);
    CHECK(access(path, F_OK) != 0);
}

static void test_missing_arrays_are_refused_by_name(void)
{
    const fel_hedge_report good = hedge_report_fixture();
    static const struct {
        size_t offset;
        const char *message;
    } arrays[] = {
        {offsetof(fel_hedge_report, instruments), "instruments is NULL"},
        {offsetof(fel_hedge_report, measures), "measures is NULL"},
        {offsetof(fel_hedge_report, tail_levels), "tail_levels is NULL"},
        {offsetof(fel_hedge_report, hedgers), "hedgers is NULL"},
        {offsetof(fel_hedge_report, comparisons), "comparisons is NULL"},
        {offsetof(fel_hedge_report, curves), "curves is NULL"},
        {offsetof(fel_hedge_report, trials), "trials is NULL"},
        {offsetof(fel_hedge_report, spectra), "spectra is NULL"},
        {offsetof(fel_hedge_report, surface_spots), "surface_spots is NULL"},
        {offsetof(fel_hedge_report, surface_left_years), "surface_left_years is NULL"},
        {offsetof(fel_hedge_report, surfaces), "surfaces is NULL"},
        {offsetof(fel_hedge_report, samples), "samples is NULL"},
        {offsetof(fel_hedge_report, frontier), "frontier is NULL"},
        {offsetof(fel_hedge_report, lives), "lives is NULL"},
        {offsetof(fel_hedge_report, parameters), "parameters is NULL"},
        {offsetof(fel_hedge_report, manifest), "manifest is NULL"},
        {offsetof(fel_hedge_report, notes), "notes is NULL"},
    };
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        fel_hedge_report r = good;
        const void *none = NULL;
        memcpy((char *)&r + arrays[i].offset, &none, sizeof(none));
        check_refused(&r, arrays[i].message);
    }
}

static void test_incomplete_reports_are_refused(void)
{
    const fel_hedge_report good = hedge_report_fixture();
    fel_hedge_report r = good;
    r.struct_size -= 8;
    check_refused(&r, "bytes");
    r = good;
    r.measures++;
    r.n_measures--;
    check_refused(&r, "no measure risk");
    r = good;
    r.n_hedgers = 0;
    check_refused(&r, "no hedgers");
    r = good;
    r.confidence = 95.0;
    check_refused(&r, "confidence is 95");
    r = good;
    r.n_instruments = 0;
    r.instruments = NULL;
    check_refused(&r, "surfaces[0] is of instrument 0; there are 0");
    CHECK_STATUS(fel_hedge_report_write_files(&good, NULL, ALL_KINDS), FEL_ERR_ARG);
    CHECK_STATUS(fel_hedge_report_write_files(NULL, scratch_folder(), ALL_KINDS), FEL_ERR_ARG);
}

static void test_hedgers_that_do_not_fit_are_refused(void)
{
    fel_hedge_report r = hedge_report_fixture();
    fel_hedge_hedger all[HEDGE_FIXTURE_HEDGERS];
    const fel_hedge_hedger *good = r.hedgers;
    r.hedgers = all;
    memcpy(all, good, sizeof(all));
    all[1].scores = NULL;
    check_refused(&r, "adam: scores is NULL");
    memcpy(all, good, sizeof(all));
    all[1].n_seeds = 0;
    check_refused(&r, "adam: a policy with 0 seeds");
    memcpy(all, good, sizeof(all));
    all[2].n_tail = 2;
    check_refused(&r, "black_scholes_delta: 2 tail quantiles of 3 levels");
    memcpy(all, good, sizeof(all));
    const double others[] = {-2.0, -1.0, 0.0, 1.5};
    all[3].bins.edges = others;
    check_refused(&r, "black_scholes_oracle: its bins are not those");
    const double disorder[] = {-2.0, -1.0, -1.5, 1.0};
    all[0].bins.edges = disorder;
    check_refused(&r, "kfac: bin 1 is from -1 to -1.5");
}

static void test_parts_of_nobody_are_refused(void)
{
    const fel_hedge_report good = hedge_report_fixture();
    fel_hedge_report r = good;
    fel_hedge_comparison comparison = good.comparisons[0];
    comparison.against = 4;
    r.comparisons = &comparison;
    r.n_comparisons = 1;
    check_refused(&r, "comparisons[0] is of hedger 4; there are 4");
    comparison = good.comparisons[0];
    comparison.budget = NULL;
    check_refused(&r, "a comparison has a NULL");
    r = good;
    fel_hedge_life life = good.lives[0];
    life.end_ns = life.start_ns;
    r.lives = &life;
    r.n_lives = 1;
    check_refused(&r, "lives[0] ends before it starts");
    r = good;
    const double falling[] = {90.0, 110.0, 100.0};
    r.surface_spots = falling;
    check_refused(&r, "surface_spots[2] is 100; they must increase");
    r = good;
    const double growing[] = {0.04, 0.08};
    r.surface_left_years = growing;
    check_refused(&r, "surface_left_years[1] is 0.08; they must fall");
    r = good;
    const double levels[] = {0.01, 0.99, 0.5};
    r.tail_levels = levels;
    check_refused(&r, "tail level 0.5");
    r = good;
    fel_hedge_sample sample = good.samples[0];
    sample.positions = NULL;
    r.samples = &sample;
    check_refused(&r, "sample positions is NULL");
}

SUITE("reports/hedge_report_check", TEST(test_missing_arrays_are_refused_by_name),
      TEST(test_incomplete_reports_are_refused), TEST(test_hedgers_that_do_not_fit_are_refused),
      TEST(test_parts_of_nobody_are_refused));
