/* reports/hedge_report.c - a hedging report: empty, and as its files. */
#include <math.h>

#include "reports/hedge_report_internal.h"

fel_hedge_report fel_hedge_report_default(void)
{
    const double none = (double)NAN;
    return (fel_hedge_report){
        .struct_size = sizeof(fel_hedge_report),
        .horizon_years = none,
        .premium = none,
        .premium_error = none,
        .confidence = 0.95,
        .seconds = none,
        .process = {.feller_margin = none, .variance_degrees = none},
    };
}

static fel_status put_page(const void *report, FILE *stream)
{
    return simulation_put_page(report, stream, hedgers_put_json);
}

static fel_status put_text(const void *report, FILE *stream)
{
    return fel_hedge_report_write_terminal(report, stream);
}

/* A table without rows is no file. */
static fel_status write_tables(const fel_hedge_report *r, const char *folder, unsigned kinds)
{
    const struct {
        simulation_file file;
        size_t n;
    } tables[] = {
        {{"hedgers.csv", FEL_REPORT_CSV, hedgers_put_hedgers}, r->n_hedgers},
        {{"comparisons.csv", FEL_REPORT_CSV, hedgers_put_comparisons}, r->n_comparisons},
        {{"training.csv", FEL_REPORT_CSV, hedgers_put_training}, r->n_curves},
        {{"frontier.csv", FEL_REPORT_CSV, hedgers_put_frontier}, r->n_frontier},
        {{"lives.csv", FEL_REPORT_CSV, hedgers_put_lives}, r->n_lives},
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (tables[i].n > 0) {
            FEL_TRY(simulation_write_files(r, folder, kinds, &tables[i].file, 1));
        }
    }
    return FEL_OK;
}

fel_status fel_hedge_report_write_files(const fel_hedge_report *report, const char *folder,
                                        unsigned kinds)
{
    static const simulation_file files[] = {
        {"report.json", FEL_REPORT_JSON, hedgers_put_json},
        {"report.html", FEL_REPORT_HTML, put_page},
        {"report.txt", FEL_REPORT_TEXT, put_text},
    };
    FEL_TRY(hedgers_check(report));
    FEL_TRY(simulation_write_files(report, folder, kinds, files, sizeof(files) / sizeof(files[0])));
    return write_tables(report, folder, kinds);
}
