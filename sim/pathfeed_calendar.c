/* sim/pathfeed_calendar.c - dates of simulated bars: days of a calendar, parts of a session. */
#include <feller/pathfeed.h>

enum { MOST_BARS = 1000000, DAYS_A_WEEK = 7 };

/* No day later than 2200: beyond, times in nanoseconds come to their end. */
#define LAST_DAY INT64_C(84006)

fel_path_calendar fel_path_calendar_default(void)
{
    const fel_path_calendar calendar = {
        .struct_size = (uint32_t)sizeof(fel_path_calendar),
        .days = FEL_PATH_BUSINESS_DAYS,
        .start_ns = INT64_C(946857600) * FEL_NS_PER_SECOND,
        .session_ns = FEL_NS_PER_DAY,
        .length_ns = FEL_NS_PER_DAY,
        .n_bars = 252,
    };
    return calendar;
}

static fel_status check_session(const fel_path_calendar *c)
{
    if (c->session_ns <= 0 || c->session_ns > FEL_NS_PER_DAY || c->session_open_ns < 0 ||
        c->session_open_ns >= FEL_NS_PER_DAY) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "a session of %lld s from %lld s after midnight on; it begins within the "
                         "day and lasts a day at most",
                         (long long)(c->session_ns / FEL_NS_PER_SECOND),
                         (long long)(c->session_open_ns / FEL_NS_PER_SECOND));
    }
    if (c->length_ns != FEL_NS_PER_DAY &&
        (c->length_ns <= 0 || c->length_ns > c->session_ns || c->session_ns % c->length_ns != 0)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "bars of %g s: they last a day, or divide the session of %g s evenly",
                         (double)c->length_ns / 1e9, (double)c->session_ns / 1e9);
    }
    return FEL_OK;
}

static fel_status check(const fel_path_calendar *c)
{
    if (c->struct_size != sizeof(*c)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_path_calendar has %u bytes, this library's has %zu",
                         c->struct_size, sizeof(*c));
    }
    if (c->days != FEL_PATH_BUSINESS_DAYS && c->days != FEL_PATH_ALL_DAYS) {
        return FEL_RAISE(FEL_ERR_ARG, "days = %d is neither business days nor all days",
                         (int)c->days);
    }
    if (c->n_bars == 0 || c->n_bars > MOST_BARS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu bars; a path has 1 to %d", c->n_bars, MOST_BARS);
    }
    return check_session(c);
}

static int64_t bars_a_day(const fel_path_calendar *c)
{
    return c->length_ns == FEL_NS_PER_DAY ? 1 : c->session_ns / c->length_ns;
}

fel_status fel_path_calendar_rate(const fel_path_calendar *calendar, double *bars_per_year)
{
    FEL_TRY(check(calendar));
    const double days = calendar->days == FEL_PATH_BUSINESS_DAYS ? 252.0 : 365.0;
    *bars_per_year = days * (double)bars_a_day(calendar);
    return FEL_OK;
}

/* Days since 1970-01-01, rounded down. */
static int64_t day_of(int64_t t)
{
    return t / FEL_NS_PER_DAY - (t % FEL_NS_PER_DAY < 0 ? 1 : 0);
}

/* 1970-01-01 was a Thursday: 0 is Monday, 5 Saturday. */
static int64_t weekday_of(int64_t day)
{
    return ((day + 3) % DAYS_A_WEEK + DAYS_A_WEEK) % DAYS_A_WEEK;
}

/* The day itself, or the first of the calendar after it. */
static int64_t trading_day(const fel_path_calendar *c, int64_t day)
{
    const int64_t weekday = weekday_of(day);
    return c->days == FEL_PATH_BUSINESS_DAYS && weekday > 4 ? day + DAYS_A_WEEK - weekday : day;
}

fel_status fel_path_calendar_dates(const fel_path_calendar *calendar, int64_t *open_ns,
                                   int64_t *close_ns)
{
    FEL_TRY(check(calendar));
    const int64_t n_a_day = bars_a_day(calendar);
    const int64_t length_ns = n_a_day == 1 ? calendar->session_ns : calendar->length_ns;
    const int64_t n_days = ((int64_t)calendar->n_bars + n_a_day - 1) / n_a_day;
    int64_t day = trading_day(calendar, day_of(calendar->start_ns));
    if (day < -LAST_DAY || day + 2 * n_days + DAYS_A_WEEK > LAST_DAY) {
        return FEL_RAISE(FEL_ERR_RANGE, "%lld days from the start on end after 2199",
                         (long long)n_days);
    }
    int64_t in_day = 0;
    for (size_t i = 0; i < calendar->n_bars; i++) {
        if (in_day == n_a_day) {
            day = trading_day(calendar, day + 1);
            in_day = 0;
        }
        open_ns[i] = day * FEL_NS_PER_DAY + calendar->session_open_ns + in_day * length_ns;
        close_ns[i] = open_ns[i] + length_ns;
        in_day++;
    }
    return FEL_OK;
}
