/* reports/montecarlo_report.c - a Monte Carlo report: empty, and as its files. */
#include <math.h>

#include "reports/simulation_internal.h"

fel_montecarlo_report fel_montecarlo_report_default(void)
{
    return (fel_montecarlo_report){
        .struct_size = sizeof(fel_montecarlo_report),
        .initial_cash = (double)NAN,
        .periods_per_year = 252.0,
        .risk_free_per_year = (double)NAN,
        .confidence = 0.95,
        .seconds = (double)NAN,
    };
}

static fel_status put_page(const void *report, FILE *stream)
{
    return simulation_put_page(report, stream, montecarlo_put_json);
}

static fel_status put_text(const void *report, FILE *stream)
{
    return fel_montecarlo_report_write_terminal(report, stream);
}

fel_status fel_montecarlo_report_write_files(const fel_montecarlo_report *report,
                                             const char *folder, unsigned kinds)
{
    static const simulation_file files[] = {
        {"report.json", FEL_REPORT_JSON, montecarlo_put_json},
        {"report.html", FEL_REPORT_HTML, put_page},
        {"report.txt", FEL_REPORT_TEXT, put_text},
        {"paths.csv", FEL_REPORT_CSV, montecarlo_put_paths},
        {"distributions.csv", FEL_REPORT_CSV, montecarlo_put_scores},
        {"fan.csv", FEL_REPORT_CSV, montecarlo_put_fan},
    };
    FEL_TRY(montecarlo_check(report));
    return simulation_write_files(report, folder, kinds, files, sizeof(files) / sizeof(files[0]));
}
