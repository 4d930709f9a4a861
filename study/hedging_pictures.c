/* study/hedging_pictures.c - what hedgers do, for the report: positions over spot and time, and on
 * single paths. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/hedging_internal.h"

enum { N_SPOTS = 41, N_TIMES = 4 };
#define REACH_DEVIATIONS 3.0 /* of the spot at the last date */

/* ---- surfaces -------------------------------------------------------------------------------- */

typedef struct surface_grid {
    double spots[N_SPOTS];
    size_t dates[N_TIMES];
    double variance;
} surface_grid;

static surface_grid grid_of(const hedging *h)
{
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    const double vol = fel_hedge_problem_reference_vol(h->problem);
    const double reach = REACH_DEVIATIONS * vol * sqrt(c->horizon_years);
    const fel_process *p = &c->market.process;
    surface_grid g;
    for (size_t i = 0; i < N_SPOTS; i++) {
        g.spots[i] = p->spot * exp(reach * (2.0 * (double)i / (N_SPOTS - 1) - 1.0));
    }
    for (size_t k = 0; k < N_TIMES; k++) {
        g.dates[k] = k * (c->n_dates - 1) / (N_TIMES - 1);
    }
    g.variance = c->market.kind == FEL_HEDGE_SIMULATED && fel_process_has_variance(p) ? p->heston.v0
                                                                                      : vol * vol;
    return g;
}

/* The spot has been at one level since date 0. */
static fel_status hold_spot(fel_hedge_session *session, const surface_grid *g, size_t spot,
                            double *values)
{
    const fel_hedge_sight sight = {.spot = g->spots[spot],
                                   .variance = g->variance,
                                   .prices = &g->spots[spot],
                                   .position = NULL,
                                   .pnl = (double)NAN};
    size_t next = 0;
    fel_hedge_session_restart(session, 1.0);
    for (size_t date = 0; date <= g->dates[N_TIMES - 1]; date++) {
        double position = 0.0;
        FEL_TRY(fel_hedge_session_decide(session, &sight, &position));
        for (; next < N_TIMES && g->dates[next] == date; next++) {
            values[next * N_SPOTS + spot] = position;
        }
    }
    return FEL_OK;
}

static fel_status fill_surface(fel_hedger *hedger, const surface_grid *g, double *values)
{
    fel_hedge_session *session = NULL;
    FEL_TRY(fel_hedge_session_create(&session, hedger));
    fel_status status = FEL_OK;
    for (size_t i = 0; i < N_SPOTS && status == FEL_OK; i++) {
        status = hold_spot(session, g, i, values);
    }
    fel_hedge_session_destroy(session);
    return status;
}

static fel_status add_surface(hedging *h, fel_hedger *hedger, const surface_grid *g,
                              fel_hedge_surface *out)
{
    double *values = arena_array(&h->memory, (size_t)N_TIMES * N_SPOTS, sizeof(*values));
    FEL_TRY(hedging_need(values));
    out->instrument = 0;
    out->text = "position while the price has stood at one level since date 0, the variance at its "
                "start";
    out->values = values;
    return fill_surface(hedger, g, values);
}

/* Policies of the first seed, then the deltas that they are seen against. */
static int is_pictured(const hedging_hedger *who)
{
    return who->policy != NULL || strcmp(who->name, "black_scholes_delta") == 0 ||
           strcmp(who->name, "heston_delta") == 0;
}

static fel_status list_surfaces(hedging *h)
{
    const surface_grid g = grid_of(h);
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    fel_hedge_surface *list = arena_array(&h->memory, h->n_hedgers, sizeof(*list));
    double *spots = arena_array(&h->memory, N_SPOTS, sizeof(*spots));
    double *left = arena_array(&h->memory, N_TIMES, sizeof(*left));
    size_t n = 0;
    FEL_TRY(hedging_need(list));
    FEL_TRY(hedging_need(spots));
    FEL_TRY(hedging_need(left));
    memset(list, 0, h->n_hedgers * sizeof(*list));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        fel_hedger *hedger = NULL;
        if (!is_pictured(&h->hedgers[i])) {
            continue;
        }
        list[n].name = h->hedgers[i].name;
        list[n].label = h->hedgers[i].label;
        FEL_TRY(hedging_hedger_open(&hedger, h, i, 0));
        const fel_status status = add_surface(h, hedger, &g, &list[n++]);
        fel_hedger_destroy(hedger);
        FEL_TRY(status);
    }
    memcpy(spots, g.spots, sizeof(g.spots));
    for (size_t k = 0; k < N_TIMES; k++) {
        left[k] = c->horizon_years * (1.0 - (double)g.dates[k] / (double)c->n_dates);
    }
    h->report.surface_spots = spots;
    h->report.n_spots = N_SPOTS;
    h->report.surface_left_years = left;
    h->report.n_times = N_TIMES;
    h->report.surfaces = list;
    h->report.n_surfaces = n;
    return FEL_OK;
}

/* ---- paths ----------------------------------------------------------------------------------- */

enum { N_SAMPLES = 3 };

static fel_status hold_path(hedging *h, uint64_t path, size_t hedger, double *positions,
                            double *pnl)
{
    fel_hedger *it = NULL;
    FEL_TRY(hedging_hedger_open(&it, h, hedger, 0));
    fel_hedge_outcome out = {.struct_size = sizeof(out), .n_threads = 1, .first = path, .n = 1};
    out.pnl = pnl;
    out.position = positions;
    const fel_status status = fel_hedger_run(it, &out);
    fel_hedger_destroy(it);
    return status;
}

/* The trainer's order is [date][instrument]; the report's [instrument][date]. */
static void transpose(const double *from, size_t n_dates, size_t n_instruments, double *to)
{
    for (size_t k = 0; k < n_dates; k++) {
        for (size_t j = 0; j < n_instruments; j++) {
            to[j * n_dates + k] = from[k * n_instruments + j];
        }
    }
}

static fel_status add_sample(hedging *h, size_t place, const char *what, fel_hedge_sample *out)
{
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    const size_t n_positions = c->n_dates * c->n_instruments, n_rows = c->n_dates + 1;
    const int has_variance = c->market.kind == FEL_HEDGE_SIMULATED || c->market.variance != NULL;
    double *rows = arena_array(&h->memory, 2 * n_rows, sizeof(*rows));
    double *positions = arena_array(&h->memory, (h->n_hedgers + 1) * n_positions, sizeof(double));
    double *pnl = arena_array(&h->memory, h->n_hedgers, sizeof(*pnl));
    FEL_TRY(hedging_need(rows));
    FEL_TRY(hedging_need(positions));
    FEL_TRY(hedging_need(pnl));
    out->path = h->first_test + place;
    out->what = what;
    out->spot = rows;
    out->variance = has_variance ? rows + n_rows : NULL;
    out->positions = positions;
    out->pnl = pnl;
    const fel_hedge_paths paths = {
        .first = out->path, .n = 1, .spot = rows, .variance = has_variance ? rows + n_rows : NULL};
    FEL_TRY(fel_hedge_problem_paths(h->problem, &paths));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        double *room = positions + h->n_hedgers * n_positions;
        FEL_TRY(hold_path(h, out->path, i, room, &pnl[i]));
        transpose(room, c->n_dates, c->n_instruments, positions + i * n_positions);
    }
    return FEL_OK;
}

typedef struct ranked {
    double pnl;
    size_t place;
} ranked;

static int by_pnl(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    const int order = (x->pnl > y->pnl) - (x->pnl < y->pnl);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The worst, the median and the best path of the first hedger. */
static fel_status rank_paths(const hedging *h, size_t places[N_SAMPLES])
{
    const double *pnl = h->hedgers[0].outcomes[0].pnl;
    ranked *order = malloc(h->n_test * sizeof(*order));
    if (order == NULL) {
        return hedging_need(NULL);
    }
    for (size_t i = 0; i < h->n_test; i++) {
        order[i].pnl = pnl[i];
        order[i].place = i;
    }
    qsort(order, h->n_test, sizeof(*order), by_pnl);
    places[0] = order[0].place;
    places[1] = order[h->n_test / 2].place;
    places[2] = order[h->n_test - 1].place;
    free(order);
    return FEL_OK;
}

static fel_status list_samples(hedging *h)
{
    static const char *const words[N_SAMPLES] = {"worst", "median", "best"};
    size_t places[N_SAMPLES] = {0};
    fel_hedge_sample *list = arena_array(&h->memory, N_SAMPLES, sizeof(*list));
    FEL_TRY(hedging_need(list));
    FEL_TRY(rank_paths(h, places));
    memset(list, 0, N_SAMPLES * sizeof(*list));
    for (size_t i = 0; i < N_SAMPLES; i++) {
        const char *what = arena_printf(&h->memory, "%s P&L of %s", words[i], h->hedgers[0].label);
        FEL_TRY(hedging_need(what));
        FEL_TRY(add_sample(h, places[i], what, &list[i]));
    }
    h->report.samples = list;
    h->report.n_samples = N_SAMPLES;
    return FEL_OK;
}

fel_status hedging_present_pictures(hedging *h)
{
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    if (c->n_instruments == 1 && c->instruments[0].kind == FEL_HEDGE_SPOT && c->n_dates > 1) {
        FEL_TRY(list_surfaces(h));
    }
    return list_samples(h);
}
