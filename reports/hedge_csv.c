/* reports/hedge_csv.c - a hedging report's tables as CSV; empty where there is no number. */
#include <math.h>

#include "reports/csv_fields_internal.h"
#include "reports/hedge_report_internal.h"

/* NaN without a list. */
static double value_at(const double *values, size_t i)
{
    return values != NULL ? values[i] : (double)NAN;
}

/* ---- hedgers --------------------------------------------------------------------------------- */

static size_t most_seeds(const fel_hedge_report *r)
{
    size_t most = 0;
    for (size_t i = 0; i < r->n_hedgers; i++) {
        most = r->hedgers[i].n_seeds > most ? r->hedgers[i].n_seeds : most;
    }
    return most;
}

static void put_seed_heads(text_out *out, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        text_out_text(out, "seed_");
        csv_count(out, k, k + 1 < n ? ',' : '\n');
    }
}

static void put_score(text_out *out, const fel_hedge_hedger *h, const fel_hedge_measure *m,
                      const fel_hedge_score *s, size_t n_columns)
{
    csv_text(out, h->name, ',');
    csv_word(out, h->is_policy ? "policy" : h->is_oracle ? "oracle" : "rule", ',');
    csv_text(out, m->name, ',');
    csv_word(out, report_unit_name(m->unit), ',');
    csv_number(out, s->value, ',');
    csv_number(out, s->error, ',');
    csv_number(out, s->spread, n_columns > 0 ? ',' : '\n');
    for (size_t k = 0; k < n_columns; k++) {
        const double *seeds = k < h->n_seeds ? s->seeds : NULL;
        csv_number(out, value_at(seeds, k), k + 1 < n_columns ? ',' : '\n');
    }
}

fel_status hedgers_put_hedgers(const void *report, FILE *stream)
{
    const fel_hedge_report *r = report;
    const size_t n_columns = most_seeds(r);
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out, "hedger,kind,measure,unit,value,error,spread", n_columns > 0 ? ',' : '\n');
    put_seed_heads(&out, n_columns);
    for (size_t i = 0; i < r->n_hedgers; i++) {
        for (size_t k = 0; k < r->n_measures; k++) {
            put_score(&out, &r->hedgers[i], &r->measures[k], &r->hedgers[i].scores[k], n_columns);
        }
    }
    text_out_flush(&out);
    return FEL_OK;
}

/* ---- comparisons ----------------------------------------------------------------------------- */

fel_status hedgers_put_comparisons(const void *report, FILE *stream)
{
    const fel_hedge_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out,
             "hedger,against,budget,quantity,unit,value,error,low,high,p_value,wilcoxon_p,t_paths,"
             "claim",
             '\n');
    for (size_t i = 0; i < r->n_comparisons; i++) {
        const fel_hedge_comparison *c = &r->comparisons[i];
        csv_text(&out, r->hedgers[c->hedger].name, ',');
        csv_text(&out, r->hedgers[c->against].name, ',');
        csv_text(&out, c->budget, ',');
        csv_text(&out, c->name, ',');
        csv_word(&out, report_unit_name(c->unit), ',');
        csv_number(&out, c->value, ',');
        csv_number(&out, c->error, ',');
        csv_number(&out, c->low, ',');
        csv_number(&out, c->high, ',');
        csv_number(&out, c->p_value, ',');
        csv_number(&out, c->wilcoxon_p, ',');
        csv_number(&out, c->t_paths, ',');
        csv_number(&out, c->claim, '\n');
    }
    text_out_flush(&out);
    return FEL_OK;
}

/* ---- training -------------------------------------------------------------------------------- */

static void put_curve(text_out *out, const char *hedger, const fel_hedge_curve_line *c)
{
    const double *const lines[] = {c->steps,           c->seconds,         c->train_loss,
                                   c->validation_risk, c->validation_cost, c->validation_sd,
                                   c->damping};
    enum { N_LINES = sizeof(lines) / sizeof(lines[0]) };
    for (size_t i = 0; i < c->n; i++) {
        csv_text(out, hedger, ',');
        csv_count(out, c->seed, ',');
        for (size_t k = 0; k < N_LINES; k++) {
            csv_number(out, value_at(lines[k], i), k + 1 < N_LINES ? ',' : '\n');
        }
    }
}

fel_status hedgers_put_training(const void *report, FILE *stream)
{
    const fel_hedge_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out,
             "hedger,seed,steps,seconds,train_loss,validation_risk,validation_cost,validation_sd,"
             "damping",
             '\n');
    for (size_t i = 0; i < r->n_curves; i++) {
        put_curve(&out, r->hedgers[r->curves[i].hedger].name, &r->curves[i]);
    }
    text_out_flush(&out);
    return FEL_OK;
}

/* ---- frontier and lives ---------------------------------------------------------------------- */

fel_status hedgers_put_frontier(const void *report, FILE *stream)
{
    const fel_hedge_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out,
             "hedger,kind,setting,setting_value,cost_mean,cost_error,pnl_sd,pnl_variance,risk",
             '\n');
    for (size_t i = 0; i < r->n_frontier; i++) {
        const fel_hedge_frontier *x = &r->frontier[i];
        csv_text(&out, r->hedgers[x->hedger].name, ',');
        csv_word(&out, x->is_rule ? "rule" : "policy", ',');
        csv_text(&out, text_of(x->setting), ',');
        csv_number(&out, x->setting_value, ',');
        csv_number(&out, x->cost_mean, ',');
        csv_number(&out, x->cost_error, ',');
        csv_number(&out, x->pnl_sd, ',');
        csv_number(&out, x->pnl_variance, ',');
        csv_number(&out, x->risk, '\n');
    }
    text_out_flush(&out);
    return FEL_OK;
}

static void put_life(text_out *out, const fel_hedge_report *r, const fel_hedge_life *x,
                     size_t hedger)
{
    csv_time(out, x->start_ns, ',');
    csv_time(out, x->end_ns, ',');
    csv_number(out, x->spot, ',');
    csv_number(out, x->strike, ',');
    csv_number(out, x->premium, ',');
    csv_number(out, x->vol, ',');
    csv_text(out, r->hedgers[hedger].name, ',');
    csv_number(out, x->pnl[hedger], ',');
    csv_number(out, value_at(x->cost, hedger), '\n');
}

/* A row a life and hedger. */
fel_status hedgers_put_lives(const void *report, FILE *stream)
{
    const fel_hedge_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out, "start,end,spot,strike,premium,vol,hedger,pnl,cost", '\n');
    for (size_t i = 0; i < r->n_lives; i++) {
        for (size_t k = 0; k < r->n_hedgers; k++) {
            put_life(&out, r, &r->lives[i], k);
        }
    }
    text_out_flush(&out);
    return FEL_OK;
}
