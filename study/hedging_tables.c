/* study/hedging_tables.c - the table of hedgers of a hedging report: scores, histograms, tails. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/sum.h"
#include "study/hedging_internal.h"

enum { N_BINS = 60 };

/* ---- texts ----------------------------------------------------------------------------------- */

static const char *sizes_text(arena *memory, const fel_policy_config *c)
{
    const char *text = "";
    for (uint32_t i = 0; i < c->n_hidden && text != NULL; i++) {
        text = arena_printf(memory, "%s%s%zu", text, i == 0 ? "" : "-", c->hidden[i]);
    }
    return text;
}

static const char *optimizer_text(arena *memory, const fel_optimizer_config *c)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(c->code);
    fel_optimizer_config plain = fel_optimizer_config_default(c->code);
    const char *text = arena_text(memory, info->name);
    for (size_t i = 0; i < info->n_params && text != NULL; i++) {
        char number[64];
        if (i == 0 || c->params[i] != plain.params[i]) {
            fel_param_format(&info->params[i], c->params[i], number, sizeof(number));
            text = arena_printf(memory, "%s %s=%s", text, info->params[i].name, number);
        }
    }
    return text;
}

/* "lstm 32, direct; adam learning_rate=0.01, cosine; 1000 steps of 1024 fresh paths". */
static fel_status policy_text(hedging *h, hedging_hedger *who)
{
    static const char *const heads[] = {"direct", "residual to ", "band about "};
    static const char *const bounds[] = {"", ", tanh", ", logistic"};
    const fel_policy_config *c = fel_policy_describe(who->policy);
    const fel_hedge_train_config *t = &who->train;
    const char *sizes = sizes_text(&h->memory, c);
    const char *optimizer = optimizer_text(&h->memory, &t->optimizer);
    char paths[64] = "fresh paths";
    FEL_TRY(hedging_need(sizes));
    FEL_TRY(hedging_need(optimizer));
    if (t->n_paths > 0) {
        (void)snprintf(paths, sizeof(paths), "of %llu paths", (unsigned long long)t->n_paths);
    }
    who->text = arena_printf(
        &h->memory, "%s %s%s, %s%s%s; %s, %s rate; %s; %llu steps of %zu %s%s",
        fel_network_class_info(c->network)->name, sizes, c->per_date ? " for each date" : "",
        heads[c->head], c->head == FEL_HEDGE_DIRECT ? "" : c->base.info->name, bounds[c->bound],
        optimizer, t->schedule.code->name, t->objective.risk.code->name,
        (unsigned long long)t->n_steps, t->batch, paths,
        t->objective.cost_factor != 1.0 ? ", costs counted otherwise" : "");
    return hedging_need(who->text);
}

/* ---- scores ---------------------------------------------------------------------------------- */

static fel_hedge_score score_of(const hedging_hedger *who, size_t measure)
{
    const fel_cvec seeds = {who->scores + measure * who->n_runs, who->n_runs};
    const fel_hedge_score score = {
        .value = mean_of(seeds),
        .error = who->errors[measure],
        .spread = who->policy != NULL ? deviation_of(seeds, 1.0) : (double)NAN,
        .seeds = who->policy != NULL ? seeds.data : NULL,
    };
    return score;
}

static fel_status list_scores(hedging *h, const hedging_hedger *who, const fel_hedge_score **out)
{
    fel_hedge_score *scores = arena_array(&h->memory, HEDGING_N_MEASURES, sizeof(*scores));
    FEL_TRY(hedging_need(scores));
    for (size_t m = 0; m < HEDGING_N_MEASURES; m++) {
        scores[m] = score_of(who, m);
    }
    *out = scores;
    return FEL_OK;
}

/* ---- histograms ------------------------------------------------------------------------------ */

/* Edges that all share: from the deepest tail to the highest but that of who does not hedge. */
static fel_status common_edges(hedging *h, const double **out)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    double *edges = arena_array(&h->memory, N_BINS + 1, sizeof(*edges));
    FEL_TRY(hedging_need(edges));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        const hedging_hedger *who = &h->hedgers[i];
        if (h->n_hedgers == 1 || strcmp(who->name, "none") != 0) {
            low = fmin(low, who->tail[0]);
            high = fmax(high, who->tail[HEDGING_N_TAIL - 1]);
        }
    }
    if (!(high > low)) {
        low -= 0.5;
        high = low + 1.0;
    }
    for (size_t k = 0; k <= N_BINS; k++) {
        edges[k] = low + (high - low) * (double)k / N_BINS;
    }
    *out = edges;
    return FEL_OK;
}

static fel_status count_bins(hedging *h, const hedging_hedger *who, const double *edges,
                             fel_report_bins *bins)
{
    uint64_t *counts = arena_array(&h->memory, N_BINS, sizeof(*counts));
    const double width = (edges[N_BINS] - edges[0]) / N_BINS;
    FEL_TRY(hedging_need(counts));
    memset(counts, 0, N_BINS * sizeof(*counts));
    for (size_t run = 0; run < who->n_runs; run++) {
        const double *pnl = who->outcomes[run].pnl;
        for (size_t i = 0; i < h->n_test; i++) {
            const double place = (pnl[i] - edges[0]) / width;
            if (place < 0.0) {
                bins->n_below++;
            } else if (pnl[i] > edges[N_BINS]) {
                bins->n_above++;
            } else {
                counts[place < N_BINS ? (size_t)place : N_BINS - 1]++;
            }
        }
    }
    bins->n = N_BINS;
    bins->edges = edges;
    bins->counts = counts;
    return FEL_OK;
}

/* ---- the table ------------------------------------------------------------------------------- */

static double mean_seconds(const hedging_hedger *who)
{
    double sum = 0.0;
    for (size_t run = 0; run < who->n_runs; run++) {
        sum += who->fits[run].seconds;
    }
    return sum / (double)who->n_runs;
}

static fel_status describe(hedging *h, hedging_hedger *who, const double *edges,
                           fel_hedge_hedger *row)
{
    const int is_policy = who->policy != NULL;
    if (is_policy) {
        FEL_TRY(policy_text(h, who));
    }
    row->name = who->name;
    row->label = who->label;
    row->text = who->text;
    row->is_policy = is_policy;
    row->is_oracle = !is_policy && who->rule.info->is_oracle;
    row->n_seeds = is_policy ? who->n_runs : 0;
    row->n_params = is_policy ? fel_policy_count_params(who->policy) : 0;
    row->n_steps = is_policy ? who->train.n_steps : 0;
    row->train_seconds = is_policy ? mean_seconds(who) : (double)NAN;
    row->n_tail = HEDGING_N_TAIL;
    row->tail = who->tail;
    FEL_TRY(list_scores(h, who, &row->scores));
    return count_bins(h, who, edges, &row->bins);
}

fel_status hedging_present_hedgers(hedging *h)
{
    const double *edges = NULL;
    fel_hedge_hedger *rows = arena_array(&h->memory, h->n_hedgers, sizeof(*rows));
    FEL_TRY(hedging_need(rows));
    memset(rows, 0, h->n_hedgers * sizeof(*rows));
    FEL_TRY(common_edges(h, &edges));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        FEL_TRY(describe(h, &h->hedgers[i], edges, &rows[i]));
    }
    h->report.measures = hedging_measures();
    h->report.n_measures = HEDGING_N_MEASURES;
    h->report.tail_levels = hedging_tail_levels;
    h->report.n_tail_levels = HEDGING_N_TAIL;
    h->report.hedgers = rows;
    h->report.n_hedgers = h->n_hedgers;
    return FEL_OK;
}
