/* models/feature_calendar.c - the wall clock of the data's zone as sine and cosine, so that what is
 * near on the circle is near in numbers. A bar's day is that of its last nanosecond: a daily bar
 * known at midnight belongs to the day that ends then. */
#include <time.h>

#include "models/feature_internal.h"

static const char *const circle[] = {"sine", "cosine"};

static void put_circle(double share, double *out)
{
    const double angle = 2.0 * 3.14159265358979323846 * share;
    out[0] = sin(angle);
    out[1] = cos(angle);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    const int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* ---- time of day ----------------------------------------------------------------------------- */

static void time_push(void *state, const fel_feature_input *in, double *out)
{
    (void)state;
    const int64_t day = floor_div(in->wall_ns, FEL_NS_PER_DAY);
    const int64_t end = in->wall_ns - day * FEL_NS_PER_DAY + 1; /* the bar is known then */
    put_circle((double)end / (double)FEL_NS_PER_DAY, out);
}

const fel_feature_class feature_time_of_day = {
    FEATURE_HEAD("time_of_day", FEL_INPUT_TIME, "time of day of the bar's close, on a circle",
                 "sin, cos of 2 pi (share of the day that has passed)"),
    .outputs = circle,
    .n_outputs = 2,
    .push = time_push,
};

/* ---- day of the week ------------------------------------------------------------------------- */

/* 1970-01-01 was a Thursday: Monday is 0. */
static void week_push(void *state, const fel_feature_input *in, double *out)
{
    (void)state;
    const int64_t day = floor_div(in->wall_ns, FEL_NS_PER_DAY) + 3;
    put_circle((double)(day - 7 * floor_div(day, 7)) / 7.0, out);
}

const fel_feature_class feature_day_of_week = {
    FEATURE_HEAD("day_of_week", FEL_INPUT_TIME, "day of the week, on a circle",
                 "sin, cos of 2 pi d / 7, d = 0 on Mondays"),
    .outputs = circle,
    .n_outputs = 2,
    .push = week_push,
};

/* ---- month ----------------------------------------------------------------------------------- */

static void month_push(void *state, const fel_feature_input *in, double *out)
{
    (void)state;
    const time_t seconds = (time_t)floor_div(in->wall_ns, FEL_NS_PER_SECOND);
    struct tm parts = {0};
    (void)gmtime_r(&seconds, &parts); /* cannot fail for years that nanoseconds reach */
    put_circle((double)parts.tm_mon / 12.0, out);
}

const fel_feature_class feature_month = {
    FEATURE_HEAD("month", FEL_INPUT_TIME, "month of the year, on a circle",
                 "sin, cos of 2 pi m / 12, m = 0 in January"),
    .outputs = circle,
    .n_outputs = 2,
    .push = month_push,
};
