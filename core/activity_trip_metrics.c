/* core/activity_trip_metrics.c - the table of metrics of round trips: sums, means, medians and
 * extremes of P&L, returns and durations, of winners, losers or all. */
#include <math.h>
#include <string.h>

#include "core/activity_internal.h"
#include "core/metric_internal.h"
#include "core/sum.h"

typedef double (*trip_value)(const fel_round_trip *trip);

static double pnl_of(const fel_round_trip *trip)
{
    return trip->pnl;
}
static double return_of(const fel_round_trip *trip)
{
    return trip->return_fraction;
}
static double cost_of(const fel_round_trip *trip)
{
    return trip->cost;
}
static double days_of(const fel_round_trip *trip)
{
    const double ns_per_day = 86400e9;
    return (double)(trip->close_ns - trip->open_ns) / ns_per_day;
}
static double cost_days_of(const fel_round_trip *trip)
{
    return trip->cost * days_of(trip);
}

/* A number of each of some round trips. */
typedef struct trip_view {
    const fel_round_trip *trips;
    size_t n;
    const fel_trip_filter *filter;
    trip_value value;
    int sign; /* of the P&L: 1 winners, -1 losers, 0 all */
} trip_view;

/* 1 and the number, if this round trip counts and has one. */
static int take(const trip_view *v, size_t i, double *out)
{
    const fel_round_trip *t = &v->trips[i];
    const fel_trip_filter *f = v->filter;
    *out = v->value(t);
    return !isnan(*out) && (v->sign == 0 || v->sign * t->pnl > 0.0) &&
           (f->direction == 0 || f->direction == t->direction) &&
           (f->instrument == FEL_ANY_INSTRUMENT || f->instrument == t->instrument);
}

static size_t count_of(const trip_view *v)
{
    size_t n = 0;
    double x;
    for (size_t i = 0; i < v->n; i++) {
        n += (size_t)take(v, i, &x);
    }
    return n;
}
static double total_of(const trip_view *v)
{
    running_sum sum = {0};
    double x;
    for (size_t i = 0; i < v->n; i++) {
        running_add(&sum, take(v, i, &x) ? x : 0.0);
    }
    return running_value(&sum);
}
static double mean_of_trips(const trip_view *v)
{
    const size_t n = count_of(v);
    return n > 0 ? total_of(v) / (double)n : NOT_DEFINED;
}
static double extreme_of(const trip_view *v, int is_largest)
{
    double extreme = NOT_DEFINED, x;
    for (size_t i = 0; i < v->n; i++) {
        if (take(v, i, &x)) {
            extreme = is_largest ? fmax(extreme, x) : fmin(extreme, x);
        }
    }
    return extreme;
}
static double largest_of(const trip_view *v)
{
    return extreme_of(v, 1);
}
static double smallest_of(const trip_view *v)
{
    return extreme_of(v, 0);
}
static size_t count_trips_below(const void *what, double bound)
{
    const trip_view *v = what;
    size_t n = 0;
    double x;
    for (size_t i = 0; i < v->n; i++) {
        n += (size_t)(take(v, i, &x) && x <= bound);
    }
    return n;
}
static double median_of(const trip_view *v)
{
    const size_t n = count_of(v);
    if (n == 0) {
        return NOT_DEFINED;
    }
    const double low = nth_by_count(count_trips_below, v, (n - 1) / 2);
    return n % 2 == 1 ? low : low + (nth_by_count(count_trips_below, v, n / 2) - low) / 2.0;
}
static double counted(const trip_view *v)
{
    return (double)count_of(v);
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define TRIP(name)                                                                                 \
    static double trip_##name(const fel_round_trip *trips, size_t n, const fel_trip_filter *filter)
/* A statistic of one value. */
#define TRIP_OF(name, statistic, value_of_trip, pnl_sign)                                          \
    TRIP(name)                                                                                     \
    {                                                                                              \
        const trip_view view = {trips, n, filter, value_of_trip, pnl_sign};                        \
        return statistic(&view);                                                                   \
    }

TRIP_OF(n_trips, counted, pnl_of, 0)
TRIP_OF(n_won, counted, pnl_of, 1)
TRIP_OF(n_lost, counted, pnl_of, -1)
TRIP_OF(total_pnl, total_of, pnl_of, 0)
TRIP_OF(gross_profit, total_of, pnl_of, 1)
TRIP_OF(gross_loss, total_of, pnl_of, -1)
TRIP_OF(average_pnl, mean_of_trips, pnl_of, 0)
TRIP_OF(average_win, mean_of_trips, pnl_of, 1)
TRIP_OF(average_loss, mean_of_trips, pnl_of, -1)
TRIP_OF(best_trip, largest_of, pnl_of, 0)
TRIP_OF(worst_trip, smallest_of, pnl_of, 0)
TRIP_OF(average_days, mean_of_trips, days_of, 0)
TRIP_OF(median_days, median_of, days_of, 0)
TRIP_OF(longest_days, largest_of, days_of, 0)
TRIP_OF(shortest_days, smallest_of, days_of, 0)
TRIP_OF(average_return, mean_of_trips, return_of, 0)
TRIP_OF(average_win_return, mean_of_trips, return_of, 1)
TRIP_OF(average_loss_return, mean_of_trips, return_of, -1)
TRIP_OF(median_return, median_of, return_of, 0)
TRIP_OF(median_win_return, median_of, return_of, 1)
TRIP_OF(median_loss_return, median_of, return_of, -1)
TRIP_OF(best_return, largest_of, return_of, 0)
TRIP_OF(worst_return, smallest_of, return_of, 0)

TRIP(n_even)
{
    return trip_n_trips(trips, n, filter) - trip_n_won(trips, n, filter) -
           trip_n_lost(trips, n, filter);
}

TRIP(win_rate)
{
    const double all = trip_n_trips(trips, n, filter);
    return all > 0.0 ? trip_n_won(trips, n, filter) / all : NOT_DEFINED;
}

TRIP(profit_factor)
{
    const double lost = trip_gross_loss(trips, n, filter);
    return lost < 0.0 ? trip_gross_profit(trips, n, filter) / -lost : NOT_DEFINED;
}

TRIP(payoff_ratio)
{
    return trip_average_win(trips, n, filter) / -trip_average_loss(trips, n, filter);
}

TRIP(holding_period)
{
    const trip_view cost_days = {trips, n, filter, cost_days_of, 0};
    const trip_view cost = {trips, n, filter, cost_of, 0};
    const double put_in = total_of(&cost);
    return put_in > 0.0 ? total_of(&cost_days) / put_in : NOT_DEFINED;
}

#define ROW(row_unit, row, row_label, row_convention, better)                                      \
    {                                                                                              \
        .struct_size = sizeof(fel_trip_metric_class), .unit = FEL_UNIT_##row_unit, .name = #row,   \
        .label = (row_label), .convention = (row_convention), .higher_is_better = (better),        \
        .eval = trip_##row                                                                         \
    }

static const fel_trip_metric_class rows[] = {
    ROW(COUNT, n_trips, "Round trips", "closing transactions, FIFO", -1),
    ROW(COUNT, n_won, "Won", "round trips with pnl > 0", 1),
    ROW(COUNT, n_lost, "Lost", "round trips with pnl < 0", 0),
    ROW(COUNT, n_even, "Even", "round trips with pnl of 0", -1),
    ROW(FRACTION, win_rate, "Hit rate", "round trips with pnl > 0 / all", 1),
    ROW(MONEY, total_pnl, "Total P&L", "sum of pnl, before fees", 1),
    ROW(MONEY, gross_profit, "Gross profit", "sum of pnl > 0", 1),
    ROW(MONEY, gross_loss, "Gross loss", "sum of pnl < 0", 1),
    ROW(RATIO, profit_factor, "Profit factor", "gross profit / |gross loss|", 1),
    ROW(MONEY, average_pnl, "Average P&L", "mean pnl", 1),
    ROW(MONEY, average_win, "Average win", "mean of pnl > 0", 1),
    ROW(MONEY, average_loss, "Average loss", "mean of pnl < 0", 1),
    ROW(RATIO, payoff_ratio, "Payoff ratio", "average win / |average loss|", 1),
    ROW(MONEY, best_trip, "Best round trip", "largest pnl", 1),
    ROW(MONEY, worst_trip, "Worst round trip", "smallest pnl", 1),
    ROW(RATIO, average_days, "Average days held", "mean of close - open, calendar days", -1),
    ROW(RATIO, median_days, "Median days held", "median of close - open, calendar days", -1),
    ROW(RATIO, longest_days, "Longest held", "largest close - open, calendar days", -1),
    ROW(RATIO, shortest_days, "Shortest held", "smallest close - open, calendar days", -1),
    ROW(RATIO, holding_period, "Holding period",
        "days held weighted by the money put in (quantity x entry price)", -1),
    ROW(FRACTION, average_return, "Average return", "mean of pnl / money put in", 1),
    ROW(FRACTION, average_win_return, "Average winning return",
        "mean of pnl / money put in where pnl > 0", 1),
    ROW(FRACTION, average_loss_return, "Average losing return",
        "mean of pnl / money put in where pnl < 0", 1),
    ROW(FRACTION, median_return, "Median return", "median of pnl / money put in", 1),
    ROW(FRACTION, median_win_return, "Median winning return",
        "median of pnl / money put in where pnl > 0", 1),
    ROW(FRACTION, median_loss_return, "Median losing return",
        "median of pnl / money put in where pnl < 0", 1),
    ROW(FRACTION, best_return, "Best return", "largest pnl / money put in", 1),
    ROW(FRACTION, worst_return, "Worst return", "smallest pnl / money put in", 1),
};
enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

const fel_trip_metric_class *fel_trip_metric_classes(size_t *n)
{
    *n = N_ROWS;
    return rows;
}

fel_status fel_trip_metric_find(const char *name, const fel_trip_metric_class **out)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *out = &rows[i];
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no metric of round trips \"%.64s\"", name);
}
