/* reports/hedge_json_lines.c - training, frontier, surfaces, sample paths, spectra, option lives:
 * sections of a hedging report's JSON.
 *
 * Lines that are only drawn are rounded and, where they are many, thinned, so that the page stays
 * small: training.csv has all of them. */
#include "reports/hedge_report_internal.h"

enum { MOST_POINTS = 10000, MOST_EIGENVALUES = 512, LINE_DIGITS = 6 };

/* ---- training -------------------------------------------------------------------------------- */

/* Every so many-th and the last; null without values. */
static void put_thinned(json_writer *w, const char *key, const double *values, size_t n,
                        size_t stride)
{
    if (values == NULL) {
        json_put_null(w, key);
        return;
    }
    json_list_begin(w, key);
    for (size_t i = 0; i < n; i++) {
        if (i % stride == 0 || i + 1 == n) {
            json_put_rounded(w, NULL, values[i], LINE_DIGITS);
        }
    }
    json_list_end(w);
}

static void put_curve(json_writer *w, const fel_hedge_curve_line *c, size_t stride)
{
    json_map_begin(w, NULL);
    json_put_count(w, "hedger", c->hedger);
    json_put_count(w, "seed", c->seed);
    json_put_count(w, "n", c->n);
    put_thinned(w, "steps", c->steps, c->n, stride);
    put_thinned(w, "seconds", c->seconds, c->n, stride);
    put_thinned(w, "train_loss", c->train_loss, c->n, stride);
    put_thinned(w, "validation_risk", c->validation_risk, c->n, stride);
    put_thinned(w, "validation_cost", c->validation_cost, c->n, stride);
    put_thinned(w, "validation_sd", c->validation_sd, c->n, stride);
    put_thinned(w, "damping", c->damping, c->n, stride);
    json_map_end(w);
}

void hedgers_json_curves(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    size_t n = 0;
    for (size_t i = 0; i < r->n_curves; i++) {
        n += r->curves[i].n;
    }
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_curves; i++) {
        put_curve(w, &r->curves[i], stride_of(n, MOST_POINTS));
    }
    json_list_end(w);
}

void hedgers_json_trials(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_trials; i++) {
        const fel_hedge_trial *t = &r->trials[i];
        json_map_begin(w, NULL);
        json_put_count(w, "hedger", t->hedger);
        json_put_text(w, "name", t->name);
        json_put_number(w, "validation_risk", t->validation_risk);
        json_put_number(w, "spread", t->spread);
        json_put_integer(w, "is_chosen", t->is_chosen != 0);
        json_map_end(w);
    }
    json_list_end(w);
}

void hedgers_json_frontier(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_frontier; i++) {
        const fel_hedge_frontier *x = &r->frontier[i];
        json_map_begin(w, NULL);
        json_put_count(w, "hedger", x->hedger);
        json_put_text(w, "setting", text_of(x->setting));
        json_put_number(w, "setting_value", x->setting_value);
        json_put_number(w, "cost_mean", x->cost_mean);
        json_put_number(w, "cost_error", x->cost_error);
        json_put_number(w, "pnl_sd", x->pnl_sd);
        json_put_number(w, "pnl_variance", x->pnl_variance);
        json_put_number(w, "risk", x->risk);
        json_put_integer(w, "is_rule", x->is_rule != 0);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- what they do ---------------------------------------------------------------------------- */

void hedgers_json_surfaces(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    if (r->n_surfaces == 0) {
        json_put_null(w, NULL);
        return;
    }
    json_map_begin(w, NULL);
    json_put_numbers(w, "spot", r->surface_spots, r->n_spots);
    json_put_numbers(w, "left_years", r->surface_left_years, r->n_times);
    json_list_begin(w, "list");
    for (size_t i = 0; i < r->n_surfaces; i++) {
        const fel_hedge_surface *s = &r->surfaces[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", s->name);
        json_put_text(w, "label", s->label);
        json_put_text(w, "text", text_of(s->text));
        json_put_count(w, "instrument", s->instrument);
        json_put_grid(w, "values", s->values, r->n_times, r->n_spots);
        json_map_end(w);
    }
    json_list_end(w);
    json_map_end(w);
}

void hedgers_json_samples(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_samples; i++) {
        const fel_hedge_sample *s = &r->samples[i];
        const size_t n = r->n_instruments * r->n_dates;
        json_map_begin(w, NULL);
        json_put_count(w, "path", s->path);
        json_put_text(w, "what", text_of(s->what));
        json_put_numbers(w, "spot", s->spot, r->n_dates + 1);
        json_put_numbers(w, "variance", s->variance, r->n_dates + 1);
        json_list_begin(w, "positions");
        for (size_t h = 0; h < r->n_hedgers; h++) {
            json_put_grid(w, NULL, s->positions + h * n, r->n_instruments, r->n_dates);
        }
        json_list_end(w);
        json_put_numbers(w, "pnl", s->pnl, r->n_hedgers);
        json_map_end(w);
    }
    json_list_end(w);
}

void hedgers_json_spectra(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_spectra; i++) {
        const fel_hedge_spectrum *s = &r->spectra[i];
        const size_t stride = stride_of(s->n, MOST_EIGENVALUES);
        json_map_begin(w, NULL);
        json_put_count(w, "hedger", s->hedger);
        json_put_text(w, "block", s->block);
        json_put_text(w, "factor", s->factor);
        json_put_count(w, "n", s->n);
        json_put_count(w, "stride", stride);
        put_thinned(w, "values", s->values, s->n, stride);
        json_put_number(w, "damping", s->damping);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- lives ----------------------------------------------------------------------------------- */

static void put_life(json_writer *w, const fel_hedge_life *x, size_t n_hedgers)
{
    json_map_begin(w, NULL);
    json_put_instant(w, "start", x->start_ns);
    json_put_instant(w, "end", x->end_ns);
    json_put_number(w, "spot", x->spot);
    json_put_number(w, "strike", x->strike);
    json_put_number(w, "premium", x->premium);
    json_put_number(w, "vol", x->vol);
    json_put_numbers(w, "pnl", x->pnl, n_hedgers);
    json_put_numbers(w, "cost", x->cost, n_hedgers);
    json_map_end(w);
}

static void put_lives_of(json_writer *w, const fel_hedge_report *r, size_t hedger)
{
    const hedgers_lives s = hedgers_lives_of(r, hedger);
    json_map_begin(w, NULL);
    json_put_count(w, "n", s.n);
    json_put_number(w, "mean", s.mean);
    json_put_number(w, "deviation", s.deviation);
    json_put_number(w, "min", s.min);
    json_put_number(w, "max", s.max);
    json_put_number(w, "cost_mean", s.cost_mean);
    json_map_end(w);
}

void hedgers_json_lives(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    if (r->n_lives == 0) {
        json_put_null(w, NULL);
        return;
    }
    json_map_begin(w, NULL);
    json_put_text(w, "text", text_of(r->lives_text));
    json_list_begin(w, "by_hedger");
    for (size_t i = 0; i < r->n_hedgers; i++) {
        put_lives_of(w, r, i);
    }
    json_list_end(w);
    json_list_begin(w, "rows");
    for (size_t i = 0; i < r->n_lives; i++) {
        put_life(w, &r->lives[i], r->n_hedgers);
    }
    json_list_end(w);
    json_map_end(w);
}
