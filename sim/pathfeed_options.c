/* sim/pathfeed_options.c - European options along simulated paths, at the price that the model has
 * for them given the asset, its variance and the time that is left.
 *
 * Options on one asset with one expiry are priced in one call, which shares the characteristic
 * function. A bar of an option knows its price at the open and at the close only; those are its
 * extremes too. */
#include <math.h>

#include <feller/price.h>

#include "sim/pathfeed_internal.h"

typedef struct pricer {
    const fel_path_source *source;
    fel_path_room *room;
    const option_group *group;
    size_t expiry_date;
    double years_a_date;
} pricer;

static double intrinsic(const option_group *g, size_t k, double spot)
{
    return fmax((double)g->rights[k] * (spot - g->strikes[k]), 0.0);
}

/* Prices of the group at a date of the generator on one path, into the room's list. */
static fel_status price_at(const pricer *p, size_t slot, size_t date)
{
    const option_group *g = p->group;
    const fel_path_room *room = p->room;
    fel_process process = p->source->simulated.market.assets[g->asset];
    FEL_TRY(path_source_go_on(p->source));
    process.spot = room_values(room, FEL_PATH_SPOT, date, g->asset)[slot];
    if (date >= p->expiry_date) {
        for (size_t k = 0; k < g->n; k++) {
            room->prices[k] = intrinsic(g, k, process.spot);
        }
        return FEL_OK;
    }
    if (fel_process_has_variance(&process)) {
        process.heston.v0 = fmax(room_values(room, FEL_PATH_VARIANCE, date, g->asset)[slot], 0.0);
    }
    const double t_years = (double)(p->expiry_date - date) * p->years_a_date;
    FEL_TRY(fel_price_european(&process, t_years, g->strikes, g->rights, g->n, FEL_PRICE_FAST,
                               room->prices));
    for (size_t k = 0; k < g->n; k++) {
        room->prices[k] =
            fmax(room->prices[k], 0.0); /* deep out of the money: less than its error */
    }
    return FEL_OK;
}

static void put_open(const pricer *p, size_t slot, size_t bar)
{
    for (size_t k = 0; k < p->group->n; k++) {
        room_column(p->room, slot, p->group->series[k], 0)[bar] = p->room->prices[k];
    }
}

static void put_close(const pricer *p, size_t slot, size_t bar)
{
    for (size_t k = 0; k < p->group->n; k++) {
        const size_t series = p->group->series[k];
        const double close = p->room->prices[k];
        const double open = room_column(p->room, slot, series, 0)[bar];
        room_column(p->room, slot, series, 1)[bar] = fmax(open, close);
        room_column(p->room, slot, series, 2)[bar] = fmin(open, close);
        room_column(p->room, slot, series, 3)[bar] = close;
    }
}

/* Where nothing lies between two bars the close before is the open. */
static fel_status fill_bars(const pricer *p, size_t slot)
{
    const fel_path_market *m = &p->source->simulated.market;
    for (size_t bar = 0; bar <= p->group->expiry_bar; bar++) {
        if (bar == 0 || m->overnight_steps > 0) {
            FEL_TRY(price_at(p, slot, market_open_date(m, bar)));
        }
        put_open(p, slot, bar);
        FEL_TRY(price_at(p, slot, market_close_date(m, bar)));
        put_close(p, slot, bar);
    }
    return FEL_OK;
}

static fel_status fill_quotes(const pricer *p, size_t slot)
{
    const double half = p->source->simulated.market.half_spread_bps * 1e-4;
    for (size_t date = 1; date <= p->expiry_date; date++) {
        FEL_TRY(price_at(p, slot, date));
        for (size_t k = 0; k < p->group->n; k++) {
            const size_t series = p->group->series[k];
            room_column(p->room, slot, series, 0)[date - 1] = p->room->prices[k] * (1.0 - half);
            room_column(p->room, slot, series, 1)[date - 1] = p->room->prices[k] * (1.0 + half);
        }
    }
    return FEL_OK;
}

fel_status path_options_fill(const fel_path_source *source, fel_path_room *room, size_t n)
{
    const simulated_market *s = &source->simulated;
    const fel_path_config *config = fel_paths_config(s->paths);
    for (size_t i = 0; i < s->n_groups; i++) {
        const pricer p = {source, room, &s->groups[i],
                          market_close_date(&s->market, s->groups[i].expiry_bar),
                          config->horizon_years / (double)config->n_dates};
        for (size_t slot = 0; slot < n; slot++) {
            FEL_TRY(s->market.rows == FEL_PATH_BARS ? fill_bars(&p, slot) : fill_quotes(&p, slot));
        }
    }
    return FEL_OK;
}
