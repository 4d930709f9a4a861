/* tests/unit/reports/report_fixture.h - a small run made by hand, every number of which can be
 * checked on paper: one share AAA (cents), cash 10,000, five trading days over the end of a month.
 *
 *   day         close   what happens                                    equity at its end
 *   2020-01-30  21.00   buy 100 at 20.00, fee 2.00                      10,000 - 2 + 100   =
 * 10,098.00 2020-01-31  19.50                                                   10,000 - 2 - 50 =
 * 9,948.00 2020-02-03  22.50   sell 150 at 22.00, fee 3.00: now short 50       10,000 - 5 + 200 -
 * 25 = 10,170.00 2020-02-04  21.50   buy 30 at 21.00, fee 1.20: now short 20         10,000 - 6.2 +
 * 230 + 10 = 10,233.80 2020-02-05  23.00                                                   10,000
 * - 6.2 + 230 - 20 = 10,203.80
 *
 * Prices reach 23.00 and 19.00 between the first two fills, 24.50 and 20.50 between the next
 * two, 23.50 and 21.00 after them. */
#ifndef FEL_TESTS_REPORT_FIXTURE_H
#define FEL_TESTS_REPORT_FIXTURE_H

#include <feller/report.h>

enum { FIXTURE_FILLS = 3, FIXTURE_ORDERS = 5, FIXTURE_POINTS = 6 };

/* Plain data; `result` points into the rest, so it is not to be copied or moved. */
typedef struct report_fixture {
    fel_instrument instrument;
    fel_fill_record fills[FIXTURE_FILLS];
    fel_order_record orders[FIXTURE_ORDERS];
    fel_equity_point equity[FIXTURE_POINTS];
    fel_position_record position;
    fel_result result;
} report_fixture;

void fixture_make(report_fixture *fixture);

/* Midnight of a day of 2020 plus hours, as ns. */
int64_t fixture_time(const char *day, int hour);

/* A report of the fixture's run without a benchmark, 252 days a year. */
fel_report *fixture_report(const report_fixture *fixture);

#endif
