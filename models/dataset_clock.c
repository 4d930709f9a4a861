/* models/dataset_clock.c - bars, days and months as lengths of time. */
#include <time.h>

#include "models/dataset_internal.h"

size_t bar_clock_count(const bar_clock *clock, int64_t t)
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

static int64_t floor_div(int64_t a, int64_t b)
{
    const int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
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
    const time_t seconds = (time_t)floor_div(t, FEL_NS_PER_SECOND);
    const int64_t rest = t - (int64_t)seconds * FEL_NS_PER_SECOND;
    struct tm parts = {0};
    (void)gmtime_r(&seconds, &parts); /* cannot fail for years that nanoseconds reach */
    const int64_t month = (int64_t)parts.tm_year * 12 + parts.tm_mon + months;
    parts.tm_year = (int)floor_div(month, 12);
    parts.tm_mon = (int)(month - (int64_t)parts.tm_year * 12);
    const int last = days_in_month(parts.tm_year + 1900, parts.tm_mon);
    parts.tm_mday = parts.tm_mday < last ? parts.tm_mday : last;
    int64_t sum = 0;
    if (__builtin_mul_overflow((int64_t)timegm(&parts), FEL_NS_PER_SECOND, &sum)) {
        return months > 0 ? FEL_TIME_MAX : FEL_TIME_MIN;
    }
    return sum + rest;
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
static int64_t shift(const bar_clock *clock, int64_t t, fel_length_unit unit, int64_t amount)
{
    const int is_months = unit == FEL_LENGTH_MONTHS;
    const int has_wall = clock->zone != NULL && (is_months || amount % FEL_NS_PER_DAY == 0);
    const int64_t from = has_wall ? fel_zone_wall(clock->zone, t) : t;
    const int64_t to = is_months ? add_months(from, amount) : add_ns(from, amount);
    const int is_bounded = to != FEL_TIME_MAX && to != FEL_TIME_MIN;
    return has_wall && is_bounded ? fel_zone_instant(clock->zone, to) : to;
}

int64_t bar_clock_after(const bar_clock *clock, int64_t t, fel_length length)
{
    if (t == FEL_TIME_MAX || length.amount == 0) {
        return t;
    }
    if (length.unit != FEL_LENGTH_BARS) {
        return shift(clock, t, length.unit, length.amount);
    }
    const size_t n = bar_clock_count(clock, t), left = clock->n - n, wanted = (size_t)length.amount;
    return wanted <= left ? clock->times[n + wanted - 1] : FEL_TIME_MAX;
}

int64_t bar_clock_before(const bar_clock *clock, int64_t t, fel_length length)
{
    if (t == FEL_TIME_MIN || length.amount == 0) {
        return t;
    }
    if (length.unit != FEL_LENGTH_BARS) {
        return shift(clock, t, length.unit, -length.amount);
    }
    const size_t n = bar_clock_count(clock, t), back = (size_t)length.amount;
    return n > back ? clock->times[n - back - 1] : FEL_TIME_MIN;
}

int64_t bar_clock_midnight(const bar_clock *clock, int64_t t)
{
    const int64_t wall = clock->zone != NULL ? fel_zone_wall(clock->zone, t - 1) : t - 1;
    const int64_t midnight = floor_div(wall, FEL_NS_PER_DAY) * FEL_NS_PER_DAY;
    return clock->zone != NULL ? fel_zone_instant(clock->zone, midnight) : midnight;
}
