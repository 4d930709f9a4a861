/* reports/hedge_json_scores.c - what was hedged, who hedged it and how well, who was better:
 * sections of a hedging report's JSON. */
#include <math.h>

#include "reports/hedge_report_internal.h"

/* ---- what was hedged ------------------------------------------------------------------------- */

void hedgers_json_study(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_map_begin(w, NULL);
    json_put_text(w, "claim", text_of(r->claim_text));
    json_put_text(w, "market", text_of(r->market_text));
    json_put_text(w, "premium_text", text_of(r->premium_text));
    json_put_number(w, "premium", r->premium);
    json_put_number(w, "premium_error", r->premium_error);
    json_put_text(w, "risk", text_of(r->risk_text));
    json_put_text(w, "features", text_of(r->features_text));
    json_put_count(w, "n_dates", r->n_dates);
    json_put_number(w, "horizon_years", r->horizon_years);
    json_put_count(w, "seed", r->seed);
    json_put_count(w, "n_paths", r->n_paths);
    json_put_number(w, "seconds", r->seconds);
    json_map_end(w);
}

void hedgers_json_instruments(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_instruments; i++) {
        const fel_hedge_instrument_row *x = &r->instruments[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", x->name);
        json_put_text(w, "kind", text_of(x->kind));
        json_put_text(w, "text", text_of(x->text));
        json_put_text(w, "cost", text_of(x->cost_text));
        json_put_text(w, "bounds", text_of(x->bounds_text));
        json_put_number(w, "unit", x->unit);
        json_put_number(w, "first_price", x->first_price);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- who hedged ------------------------------------------------------------------------------ */

static void put_place(json_writer *w, const char *key, size_t place, size_t n)
{
    if (place < n) {
        json_put_count(w, key, place);
    } else {
        json_put_null(w, key);
    }
}

void hedgers_json_measures(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_measures; i++) {
        const fel_hedge_measure *m = &r->measures[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", m->name);
        json_put_text(w, "label", m->label);
        json_put_text(w, "unit", report_unit_name(m->unit));
        json_put_text(w, "convention", text_of(m->convention));
        if (m->less_is_better < 0) {
            json_put_null(w, "less_is_better");
        } else {
            json_put_integer(w, "less_is_better", m->less_is_better != 0);
        }
        put_place(w, "best", hedgers_best(r, i), r->n_hedgers);
        json_map_end(w);
    }
    json_list_end(w);
}

static void put_score(json_writer *w, const fel_hedge_score *s, size_t n_seeds)
{
    json_map_begin(w, NULL);
    json_put_number(w, "value", s->value);
    json_put_number(w, "error", s->error);
    json_put_number(w, "spread", s->spread);
    json_put_numbers(w, "seeds", s->seeds, n_seeds);
    json_map_end(w);
}

void hedgers_json_hedgers(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_hedgers; i++) {
        const fel_hedge_hedger *h = &r->hedgers[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", h->name);
        json_put_text(w, "label", h->label);
        json_put_text(w, "text", text_of(h->text));
        json_put_integer(w, "is_policy", h->is_policy != 0);
        json_put_integer(w, "is_oracle", h->is_oracle != 0);
        json_put_count(w, "n_seeds", h->n_seeds);
        json_put_count(w, "n_params", h->n_params);
        json_put_count(w, "n_steps", h->n_steps);
        json_put_number(w, "train_seconds", h->train_seconds);
        json_list_begin(w, "scores");
        for (size_t k = 0; k < r->n_measures; k++) {
            put_score(w, &h->scores[k], h->n_seeds);
        }
        json_list_end(w);
        json_put_bins(w, "histogram", &h->bins);
        json_put_numbers(w, "tail", h->n_tail > 0 ? h->tail : NULL, h->n_tail);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- who was better -------------------------------------------------------------------------- */

static void put_comparison(json_writer *w, const fel_hedge_comparison *c)
{
    json_map_begin(w, NULL);
    json_put_count(w, "hedger", c->hedger);
    json_put_count(w, "against", c->against);
    json_put_text(w, "budget", c->budget);
    json_put_text(w, "name", c->name);
    json_put_text(w, "label", c->label);
    json_put_text(w, "convention", text_of(c->convention));
    json_put_text(w, "unit", report_unit_name(c->unit));
    json_put_number(w, "value", c->value);
    json_put_number(w, "error", c->error);
    json_put_number(w, "low", c->low);
    json_put_number(w, "high", c->high);
    json_put_number(w, "p_value", c->p_value);
    json_put_number(w, "wilcoxon_p", c->wilcoxon_p);
    json_put_number(w, "t_paths", c->t_paths);
    json_put_number(w, "claim", c->claim);
    json_map_end(w);
}

void hedgers_json_comparisons(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_map_begin(w, NULL);
    json_list_begin(w, "rows");
    for (size_t i = 0; i < r->n_comparisons; i++) {
        put_comparison(w, &r->comparisons[i]);
    }
    json_list_end(w);
    json_put_text(w, "claims_heading", text_of(r->claims_heading));
    json_put_text(w, "conclusion", text_of(r->conclusion));
    json_map_end(w);
}
