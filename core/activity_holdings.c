/* core/activity_holdings.c - exposure, allocation, turnover and slippage day by day, from positions
 * in money. */
#include <math.h>

#include "core/activity_internal.h"
#include "core/core.h"

day_sums holdings_day(const fel_holdings *h, size_t day)
{
    day_sums s = {0};
    running_sum longs = {0}, shorts = {0}, all = {0};
    for (size_t k = 0; k < h->n_assets; k++) {
        const double value = h->values[day * h->n_assets + k];
        running_add(value > 0.0 ? &longs : &shorts, value);
        running_add(&all, value);
        s.largest = fmax(s.largest, fabs(value));
        s.n_held += value != 0.0;
    }
    running_add(&all, h->cash != NULL ? h->cash[day] : 0.0);
    s.longs = running_value(&longs);
    s.shorts = running_value(&shorts);
    s.equity = running_value(&all);
    return s;
}

static double share(double part, double whole)
{
    return whole != 0.0 ? part / whole : (double)NAN;
}

static double gross_of(const day_sums *s)
{
    return share(s->longs - s->shorts, s->equity);
}
static double net_of(const day_sums *s)
{
    return share(s->longs + s->shorts, s->equity);
}
static double long_of(const day_sums *s)
{
    return share(s->longs, s->equity);
}
static double short_of(const day_sums *s)
{
    return share(s->shorts, s->equity);
}
static double largest_of(const day_sums *s)
{
    return share(s->largest, fabs(s->equity));
}
static double held_of(const day_sums *s)
{
    return (double)s->n_held;
}

void fel_exposure_series(const fel_holdings *holdings, fel_exposure kind, double *out)
{
    static double (*const views[])(const day_sums *s) = {
        [FEL_EXPOSURE_GROSS] = gross_of,     [FEL_EXPOSURE_NET] = net_of,
        [FEL_EXPOSURE_LONG] = long_of,       [FEL_EXPOSURE_SHORT] = short_of,
        [FEL_EXPOSURE_LARGEST] = largest_of, [FEL_EXPOSURE_COUNT] = held_of};
    for (size_t d = 0; d < holdings->n_days; d++) {
        const day_sums s = holdings_day(holdings, d);
        out[d] = views[kind](&s);
    }
}

void fel_allocations(const fel_holdings *holdings, double *out)
{
    const size_t n = holdings->n_assets;
    for (size_t d = 0; d < holdings->n_days; d++) {
        const double equity = holdings_day(holdings, d).equity;
        for (size_t k = 0; k < n; k++) {
            out[d * (n + 1) + k] = share(holdings->values[d * n + k], equity);
        }
        out[d * (n + 1) + n] = share(holdings->cash != NULL ? holdings->cash[d] : 0.0, equity);
    }
}

fel_status fel_group_values(const fel_holdings *holdings, const uint32_t *group_of, size_t n_groups,
                            double *out)
{
    const size_t n = holdings->n_assets;
    for (size_t k = 0; k < n; k++) {
        if (group_of[k] >= n_groups) {
            return FEL_RAISE(FEL_ERR_RANGE, "asset %zu is in group %u of %zu", k, group_of[k],
                             n_groups);
        }
    }
    for (size_t d = 0; d < holdings->n_days; d++) {
        for (size_t g = 0; g < n_groups; g++) {
            out[d * n_groups + g] = 0.0;
        }
        for (size_t k = 0; k < n; k++) {
            out[d * n_groups + group_of[k]] += holdings->values[d * n + k];
        }
    }
    return FEL_OK;
}

double holdings_turnover(const fel_holdings *h, size_t day, fel_turnover_base base)
{
    const day_sums now = holdings_day(h, day);
    if (h->traded[day] == 0.0) {
        return 0.0;
    }
    if (base == FEL_TURNOVER_EQUITY) {
        return share(h->traded[day], now.equity);
    }
    const day_sums none = {0}, before = day > 0 ? holdings_day(h, day - 1) : none;
    return share(h->traded[day], (now.longs - now.shorts + before.longs - before.shorts) / 2.0);
}

fel_status fel_turnover_series(const fel_holdings *holdings, fel_turnover_base base, double *out)
{
    if (holdings->traded == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "turnover without the money traded a day");
    }
    for (size_t d = 0; d < holdings->n_days; d++) {
        out[d] = holdings_turnover(holdings, d, base);
    }
    return FEL_OK;
}

fel_status fel_slippage_returns(fel_cvec returns, const fel_holdings *holdings, double basis_points,
                                double *out)
{
    if (holdings->traded == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "slippage without the money traded a day");
    }
    if (returns.len != holdings->n_days) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu returns but positions of %zu days", returns.len,
                         holdings->n_days);
    }
    for (size_t d = 0; d < holdings->n_days; d++) {
        const double lost = 1e-4 * basis_points * holdings->traded[d];
        out[d] =
            returns.data[d] - (lost == 0.0 ? 0.0 : share(lost, holdings_day(holdings, d).equity));
    }
    return FEL_OK;
}

fel_status fel_asset_exposure_of(const fel_holdings *holdings, size_t asset,
                                 fel_asset_exposure *out)
{
    if (asset >= holdings->n_assets) {
        return FEL_RAISE(FEL_ERR_RANGE, "asset %zu of %zu", asset, holdings->n_assets);
    }
    running_sum sum = {0}, absolute = {0};
    fel_asset_exposure x = {.lowest = (double)NAN, .highest = (double)NAN};
    double n = 0.0, n_long = 0.0, n_short = 0.0;
    for (size_t d = 0; d < holdings->n_days; d++) {
        const double value = holdings->values[d * holdings->n_assets + asset];
        const double part = share(value, holdings_day(holdings, d).equity);
        n_long += value > 0.0 ? 1.0 : 0.0;
        n_short += value < 0.0 ? 1.0 : 0.0;
        if (!isnan(part)) {
            running_add(&sum, part);
            running_add(&absolute, fabs(part));
            x.lowest = fmin(x.lowest, part);
            x.highest = fmax(x.highest, part);
            n += 1.0;
        }
    }
    const double n_days = (double)holdings->n_days;
    x.mean = share(running_value(&sum), n);
    x.mean_absolute = share(running_value(&absolute), n);
    x.days_long = share(n_long, n_days);
    x.days_short = share(n_short, n_days);
    x.days_held = share(n_long + n_short, n_days);
    *out = x;
    return FEL_OK;
}
