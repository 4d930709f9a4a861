/* core/activity_holding_metrics.c - the table of metrics of positions: leverage, concentration,
 * turnover and holding period over all days. */
#include <math.h>
#include <string.h>

#include "core/activity_internal.h"
#include "core/metric_internal.h"
#include "core/sum.h"

typedef double (*day_value)(const fel_holdings *h, size_t day);

static double mean_over_days(const fel_holdings *h, day_value value)
{
    running_sum sum = {0};
    size_t n = 0;
    for (size_t d = 0; d < h->n_days; d++) {
        const double x = value(h, d);
        running_add(&sum, isnan(x) ? 0.0 : x);
        n += (size_t)!isnan(x);
    }
    return n > 0 ? running_value(&sum) / (double)n : NOT_DEFINED;
}
static double largest_over_days(const fel_holdings *h, day_value value)
{
    double largest = NOT_DEFINED;
    for (size_t d = 0; d < h->n_days; d++) {
        largest = fmax(largest, value(h, d));
    }
    return largest;
}

static double share_of_equity(double part, double equity)
{
    return equity != 0.0 ? part / equity : NOT_DEFINED;
}
static double gross_on(const fel_holdings *h, size_t day)
{
    const day_sums s = holdings_day(h, day);
    return share_of_equity(s.longs - s.shorts, s.equity);
}
static double net_on(const fel_holdings *h, size_t day)
{
    const day_sums s = holdings_day(h, day);
    return share_of_equity(s.longs + s.shorts, s.equity);
}
static double long_on(const fel_holdings *h, size_t day)
{
    const day_sums s = holdings_day(h, day);
    return share_of_equity(s.longs, s.equity);
}
static double short_on(const fel_holdings *h, size_t day)
{
    const day_sums s = holdings_day(h, day);
    return share_of_equity(s.shorts, s.equity);
}
static double largest_on(const fel_holdings *h, size_t day)
{
    const day_sums s = holdings_day(h, day);
    return share_of_equity(s.largest, fabs(s.equity));
}
static double held_on(const fel_holdings *h, size_t day)
{
    return (double)holdings_day(h, day).n_held;
}
static double in_market_on(const fel_holdings *h, size_t day)
{
    return holdings_day(h, day).n_held > 0 ? 1.0 : 0.0;
}
static double money_on(const fel_holdings *h, size_t day)
{
    const day_sums s = holdings_day(h, day);
    return s.longs - s.shorts;
}
static double traded_on(const fel_holdings *h, size_t day)
{
    return h->traded[day];
}
static double gross_turnover_on(const fel_holdings *h, size_t day)
{
    return holdings_turnover(h, day, FEL_TURNOVER_GROSS);
}
static double equity_turnover_on(const fel_holdings *h, size_t day)
{
    return holdings_turnover(h, day, FEL_TURNOVER_EQUITY);
}

/* ---- rows ------------------------------------------------------------------------------------ */

#define HOLDING(name, statistic, value)                                                            \
    static double holding_##name(const fel_holdings *h)                                            \
    {                                                                                              \
        return statistic(h, value);                                                                \
    }
#define TURNOVER(name, value)                                                                      \
    static double holding_##name(const fel_holdings *h)                                            \
    {                                                                                              \
        return h->traded != NULL ? mean_over_days(h, value) : NOT_DEFINED;                         \
    }

HOLDING(gross_leverage, mean_over_days, gross_on)
HOLDING(largest_gross_leverage, largest_over_days, gross_on)
HOLDING(net_leverage, mean_over_days, net_on)
HOLDING(long_exposure, mean_over_days, long_on)
HOLDING(short_exposure, mean_over_days, short_on)
HOLDING(concentration, mean_over_days, largest_on)
HOLDING(largest_concentration, largest_over_days, largest_on)
HOLDING(average_holdings, mean_over_days, held_on)
HOLDING(most_holdings, largest_over_days, held_on)
HOLDING(time_in_market, mean_over_days, in_market_on)
TURNOVER(turnover, gross_turnover_on)
TURNOVER(turnover_of_equity, equity_turnover_on)

/* A book of this size that is bought and sold at this pace is held so long: 2 x book / traded. */
static double holding_implied_holding_days(const fel_holdings *h)
{
    const double traded = h->traded != NULL ? mean_over_days(h, traded_on) : NOT_DEFINED;
    return traded > 0.0 ? 2.0 * mean_over_days(h, money_on) / traded : NOT_DEFINED;
}

#define ROW(row_unit, row, row_label, row_convention, better, traded)                              \
    {                                                                                              \
        .struct_size = sizeof(fel_holding_metric_class), .unit = FEL_UNIT_##row_unit,              \
        .name = #row, .label = (row_label), .convention = (row_convention),                        \
        .higher_is_better = (better), .needs_traded = (traded), .eval = holding_##row              \
    }

static const fel_holding_metric_class rows[] = {
    ROW(RATIO, gross_leverage, "Gross leverage", "mean over days of sum |positions| / equity", -1,
        0),
    ROW(RATIO, largest_gross_leverage, "Largest gross leverage",
        "largest sum |positions| / equity of a day", 0, 0),
    ROW(RATIO, net_leverage, "Net leverage", "mean over days of sum of positions / equity", -1, 0),
    ROW(RATIO, long_exposure, "Long exposure", "mean over days of long positions / equity", -1, 0),
    ROW(RATIO, short_exposure, "Short exposure",
        "mean over days of short positions / equity, negative", -1, 0),
    ROW(FRACTION, concentration, "Concentration",
        "mean over days of the largest |position| / |equity|", 0, 0),
    ROW(FRACTION, largest_concentration, "Largest concentration",
        "largest |position| / |equity| of a day", 0, 0),
    ROW(RATIO, average_holdings, "Average holdings", "mean number of assets held at a day's end",
        -1, 0),
    ROW(COUNT, most_holdings, "Most holdings", "largest number of assets held at a day's end", -1,
        0),
    ROW(FRACTION, time_in_market, "Time in market", "share of days that end with a position", -1,
        0),
    ROW(FRACTION, turnover, "Daily turnover",
        "mean over days of money traded / mean of sum |positions| of this day and the one before",
        -1, 1),
    ROW(FRACTION, turnover_of_equity, "Daily turnover of equity",
        "mean over days of money traded / equity", -1, 1),
    ROW(RATIO, implied_holding_days, "Implied holding period",
        "2 x mean of sum |positions| / mean money traded a day, in days of data", -1, 1),
};
enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

const fel_holding_metric_class *fel_holding_metric_classes(size_t *n)
{
    *n = N_ROWS;
    return rows;
}

fel_status fel_holding_metric_find(const char *name, const fel_holding_metric_class **out)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            *out = &rows[i];
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no metric of positions \"%.64s\"", name);
}
