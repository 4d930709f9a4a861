/* study/study_clock.c - bars and calendar months as lengths of time. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "study/study_run_internal.h"

size_t clock_count(const study_clock *clock, int64_t t)
{
    size_t low = 0, high = clock->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (clock->times[middle] <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month] + (month == 1 && is_leap ? 1 : 0);
}

/* The same day and time so many months on; the month's last day where it has no such day. */
static int64_t add_months(int64_t t, int64_t months)
{
    int64_t seconds = t / FEL_NS_PER_SECOND, rest = t % FEL_NS_PER_SECOND;
    if (rest < 0) {
        rest += FEL_NS_PER_SECOND;
        seconds--;
    }
    const time_t unix_seconds = (time_t)seconds;
    struct tm parts;
    if (gmtime_r(&unix_seconds, &parts) == NULL) {
        return t;
    }
    const int64_t month = (int64_t)parts.tm_year * 12 + parts.tm_mon + months;
    parts.tm_year = (int)(month / 12);
    parts.tm_mon = (int)(month % 12);
    const int last = days_in_month(parts.tm_year + 1900, parts.tm_mon);
    parts.tm_mday = parts.tm_mday < last ? parts.tm_mday : last;
    return (int64_t)timegm(&parts) * FEL_NS_PER_SECOND + rest;
}

static int64_t add_ns(int64_t t, int64_t ns)
{
    int64_t sum = 0;
    if (__builtin_add_overflow(t, ns, &sum)) {
        return ns > 0 ? FEL_TIME_MAX : FEL_TIME_MIN;
    }
    return sum;
}

/* Days and months are of the wall clock: midnight stays midnight over a clock change. */
static int64_t shift(const study_clock *clock, int64_t t, study_span span, int64_t amount)
{
    const int is_calendar = span.unit == SPAN_MONTHS || amount % FEL_NS_PER_DAY == 0;
    const int has_wall = clock->zone != NULL && is_calendar;
    const int64_t from = has_wall ? fel_zone_wall(clock->zone, t) : t;
    const int64_t to = span.unit == SPAN_MONTHS ? add_months(from, amount) : add_ns(from, amount);
    const int is_bounded = to != FEL_TIME_MAX && to != FEL_TIME_MIN;
    return has_wall && is_bounded ? fel_zone_instant(clock->zone, to) : to;
}

int64_t clock_after(const study_clock *clock, int64_t t, study_span span)
{
    if (t == FEL_TIME_MAX || span.amount == 0) {
        return t;
    }
    if (span.unit != SPAN_BARS) {
        return shift(clock, t, span, span.amount);
    }
    const size_t last = clock_count(clock, t) + (size_t)span.amount;
    return last <= clock->n ? clock->times[last - 1] : FEL_TIME_MAX;
}

int64_t clock_before(const study_clock *clock, int64_t t, study_span span)
{
    if (t == FEL_TIME_MIN || span.amount == 0) {
        return t;
    }
    if (span.unit != SPAN_BARS) {
        return shift(clock, t, span, -span.amount);
    }
    const size_t n = clock_count(clock, t), back = (size_t)span.amount;
    return n > back ? clock->times[n - back - 1] : FEL_TIME_MIN;
}

/* ---- the union of all bars' instants --------------------------------------------------------- */

static int compare_times(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t keep_distinct(int64_t *times, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || times[i] != times[kept - 1]) {
            times[kept++] = times[i];
        }
    }
    return kept;
}

static int has_prices(const dataset_item *item)
{
    return item->series != NULL && fel_gives_prices(item->info.kind);
}

fel_status dataset_clock(const dataset *data, int64_t **times, size_t *n)
{
    size_t total = 0, filled = 0, n_series = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        if (has_prices(&data->list.items[i])) {
            total += fel_series_rows(data->list.items[i].series).n;
            n_series++;
        }
    }
    int64_t *all = malloc((total + 1) * sizeof(*all));
    if (all == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the calendar of %zu rows", total);
    }
    for (size_t i = 0; i < data->list.n; i++) {
        if (has_prices(&data->list.items[i])) {
            const fel_block rows = fel_series_rows(data->list.items[i].series);
            memcpy(all + filled, rows.time_ns, rows.n * sizeof(*all));
            filled += rows.n;
        }
    }
    if (n_series > 1) {
        qsort(all, filled, sizeof(*all), compare_times);
    }
    *n = keep_distinct(all, filled);
    *times = all;
    return FEL_OK;
}

/* ---- periods a year -------------------------------------------------------------------------- */

/* A day belongs to the nanosecond before the instant that ends it. */
int64_t calendar_day_of(int64_t time_ns, int64_t day_offset_ns)
{
    const int64_t before = time_ns - 1 + day_offset_ns;
    const int64_t day = before / FEL_NS_PER_DAY;
    return before % FEL_NS_PER_DAY < 0 ? day - 1 : day;
}

/* 1970-01-01 was a Thursday. */
double calendar_periods_per_year(const int64_t *times, size_t n, int64_t day_offset_ns)
{
    size_t n_saturdays = 0;
    for (size_t i = 0; i < n; i++) {
        const int64_t day = calendar_day_of(times[i], day_offset_ns);
        n_saturdays += ((day % 7) + 7) % 7 == 2 ? 1 : 0;
    }
    return n_saturdays * 100 > n ? 365.0 : 252.0;
}
