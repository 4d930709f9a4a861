/* reports/calibration_report.c - a calibration report: empty, and as its files. */
#include <math.h>

#include "reports/simulation_internal.h"

fel_calibration_report fel_calibration_report_default(void)
{
    const double none = (double)NAN;
    return (fel_calibration_report){
        .struct_size = sizeof(fel_calibration_report),
        .spot = none,
        .process = {.feller_margin = none, .variance_degrees = none},
        .sum_of_squares = none,
        .rmse = none,
        .rmse_vol_points = none,
        .condition = none,
        .seconds = none,
    };
}

static fel_status put_page(const void *report, FILE *stream)
{
    return simulation_put_page(report, stream, calibration_put_json);
}

static fel_status put_text(const void *report, FILE *stream)
{
    return fel_calibration_report_write_terminal(report, stream);
}

fel_status fel_calibration_report_write_files(const fel_calibration_report *report,
                                              const char *folder, unsigned kinds)
{
    static const simulation_file files[] = {
        {"report.json", FEL_REPORT_JSON, calibration_put_json},
        {"report.html", FEL_REPORT_HTML, put_page},
        {"report.txt", FEL_REPORT_TEXT, put_text},
        {"quotes.csv", FEL_REPORT_CSV, calibration_put_quotes},
    };
    FEL_TRY(calibration_check(report));
    return simulation_write_files(report, folder, kinds, files, sizeof(files) / sizeof(files[0]));
}
