/* core/metric_calendar.c - returns compounded over weeks, months, quarters and years of UTC. */
#include <math.h>
#include <time.h>

#include <feller/metric.h>

#include "core/core.h"

static const int64_t ns_per_second = 1000000000;

enum { DAYS_PER_WEEK = 7, MONDAY = 1 };

/* The calendar date of an instant. */
static struct tm date_of(int64_t time_ns)
{
    const int64_t rest = time_ns % ns_per_second;
    const time_t seconds = (time_t)(time_ns / ns_per_second - (rest < 0));
    struct tm date = {0};
    (void)gmtime_r(&seconds, &date);
    return date;
}

/* The first instant of the period that has the instant. */
static int64_t begin_of(int64_t time_ns, fel_calendar period)
{
    struct tm date = date_of(time_ns);
    const int since_monday = (date.tm_wday - MONDAY + DAYS_PER_WEEK) % DAYS_PER_WEEK;
    struct tm begin = {.tm_year = date.tm_year, .tm_mon = date.tm_mon, .tm_mday = 1};
    if (period == FEL_CALENDAR_WEEK) {
        begin.tm_mday = date.tm_mday - since_monday;
    } else if (period == FEL_CALENDAR_QUARTER) {
        begin.tm_mon = date.tm_mon / 3 * 3;
    } else if (period == FEL_CALENDAR_YEAR) {
        begin.tm_mon = 0;
    }
    return (int64_t)timegm(&begin) * ns_per_second;
}

fel_status fel_calendar_returns(fel_cvec returns, const int64_t *times_ns, fel_calendar period,
                                double *out, int64_t *begins_ns, size_t *n)
{
    size_t k = 0;
    int64_t begin = 0;
    double growth = 1.0;
    for (size_t i = 0; i < returns.len; i++) {
        const double r = isnan(returns.data[i]) ? 0.0 : returns.data[i];
        if (i > 0 && times_ns[i] < times_ns[i - 1]) {
            return FEL_RAISE(FEL_ERR_RANGE, "return %zu is of an earlier time than the one before",
                             i);
        }
        const int64_t begin_here = begin_of(times_ns[i], period);
        if (i == 0 || begin_here != begin) {
            growth = 1.0;
            begin = begin_here;
            k++;
        }
        growth *= 1.0 + r;
        out[k - 1] = growth - 1.0;
        if (begins_ns != NULL) {
            begins_ns[k - 1] = begin;
        }
    }
    *n = k;
    return FEL_OK;
}
