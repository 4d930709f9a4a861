/* portfolio/rebalance_schedule.c - when a day, week, month, quarter or year has begun. */
#include <feller/market.h>
#include <feller/portfolio.h>

/* Rounded down. */
static int64_t over(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Months since March of year 0 from days since 1970, in the proleptic Gregorian calendar: eras of
 * 400 years (146,097 days) that begin in March, when leap days come last. */
static int64_t month_of(int64_t days)
{
    const int64_t since = days + 719468; /* 0000-03-01 */
    const int64_t era = over(since, 146097), day = since - era * 146097;
    const int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    return (era * 400 + year) * 12 + (5 * day_of_year + 2) / 153;
}

int64_t fel_rebalance_period(fel_rebalance_schedule schedule, int64_t time_ns)
{
    const int64_t days = over(time_ns == FEL_TIME_MIN ? time_ns : time_ns - 1, FEL_NS_PER_DAY);
    const int64_t month = month_of(days) + 2; /* since January of year 0 */
    switch (schedule) {
    case FEL_REBALANCE_WEEK:
        return over(days + 3, 7); /* 1970-01-01 was a Thursday */
    case FEL_REBALANCE_MONTH:
        return month;
    case FEL_REBALANCE_QUARTER:
        return over(month, 3);
    case FEL_REBALANCE_YEAR:
        return over(month, 12);
    case FEL_REBALANCE_DAY:
    default:
        return days;
    }
}
