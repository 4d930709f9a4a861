/* models/kfac_factor.c - factors from sums: means over samples and dates, added to a moving
 * average.
 *
 * A = sum a a' / (n T), G = sum g g' / (n T), T uses of each of n samples; lagged ones with the
 * same divisor, as if there were zeros beyond the last date, so that chains stay positive. After
 * update k the old factor has the weight min(1 - 1/k, ema) (Martens and Grosse 2015, section 5). */
#include <math.h>

#include "models/kfac_internal.h"

/* ---- adding up parts ------------------------------------------------------------------------- */

typedef struct parts_list {
    fel_kfac_stats *const *parts;
    size_t n;
} parts_list;

/* Which of a pair's sums. */
typedef enum sums_kind { OF_INPUTS, OF_SLOPES, OF_INPUTS_LAG, OF_SLOPES_LAG } sums_kind;

static const double *sums_of(const fel_kfac_stats *s, size_t pair, sums_kind kind)
{
    const kfac_sums *x = &s->sums[pair];
    const double *const all[] = {x->inputs, x->slopes, x->inputs_lag, x->slopes_lag};
    return all[kind];
}

static double count_of(parts_list list, size_t pair)
{
    double sum = 0.0;
    for (size_t i = 0; i < list.n; i++) {
        sum += list.parts[i]->sums[pair].count;
    }
    return sum;
}

/* What a factor moves to: sum over parts of element `at`, over the count. */
static double mean_at(parts_list list, size_t pair, sums_kind kind, size_t at, double count)
{
    double sum = 0.0;
    for (size_t i = 0; i < list.n; i++) {
        sum += sums_of(list.parts[i], pair, kind)[at];
    }
    return sum / count;
}

/* ---- moving averages ------------------------------------------------------------------------- */

typedef struct average {
    parts_list list;
    size_t pair;
    double count, kept;
} average;

static double blend(const average *a, double old, double new)
{
    return a->kept > 0.0 ? a->kept * old + (1.0 - a->kept) * new : new;
}

/* factor[n x n], symmetric: of sums' upper triangle from `first` on. */
static void move_square(const average *a, sums_kind kind, size_t first, kfac_side *side)
{
    const size_t n = side->n;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i; k < n; k++) {
            const double mean = mean_at(a->list, a->pair, kind, first + i * n + k, a->count);
            const double value = blend(a, side->factor[i * n + k], mean);
            side->factor[i * n + k] = side->factor[k * n + i] = value;
        }
    }
}

static void move_lag(const average *a, sums_kind kind, size_t first, kfac_side *side)
{
    for (size_t i = 0; side->lag != NULL && i < side->n * side->n; i++) {
        side->lag[i] = blend(a, side->lag[i], mean_at(a->list, a->pair, kind, first + i, a->count));
    }
}

static void move_pair(fel_kfac *k, const average *a)
{
    kfac_pair *p = &k->pairs[a->pair];
    move_square(a, OF_INPUTS, 0, &p->inputs);
    move_lag(a, OF_INPUTS_LAG, 0, &p->inputs);
    for (size_t b = 0; b < p->n_bands; b++) {
        kfac_side *side = &p->slopes[b];
        move_square(a, OF_SLOPES, b * side->n * side->n, side);
        move_lag(a, OF_SLOPES_LAG, b * side->n * side->n, side);
    }
}

/* ---- are they sound -------------------------------------------------------------------------- */

static int all_finite(parts_list list, size_t pair, sums_kind kind, size_t n)
{
    for (size_t i = 0; i < list.n; i++) {
        const double *sums = sums_of(list.parts[i], pair, kind);
        for (size_t j = 0; sums != NULL && j < n; j++) {
            if (!isfinite(sums[j])) {
                return 0;
            }
        }
    }
    return 1;
}

static fel_status check_pair(const fel_kfac *k, parts_list list, size_t pair)
{
    const kfac_pair *p = &k->pairs[pair];
    const size_t n = p->inputs.n * p->inputs.n, m = p->rows * kfac_band_rows(p);
    if (all_finite(list, pair, OF_INPUTS, n) && all_finite(list, pair, OF_SLOPES, m) &&
        all_finite(list, pair, OF_INPUTS_LAG, n) && all_finite(list, pair, OF_SLOPES_LAG, m)) {
        return FEL_OK;
    }
    return FEL_RAISE(FEL_ERR_RANGE,
                     "inputs or slopes of %s are not finite at step %.0f: no curvature of them",
                     kfac_name(k, p), k->numbers[KFAC_STEPS] + 1.0);
}

static fel_status check_parts(const fel_kfac *k, parts_list list, double *n_samples)
{
    *n_samples = 0.0;
    for (size_t i = 0; i < list.n; i++) {
        if (list.parts[i]->is_out_of_memory) {
            return FEL_RAISE(FEL_ERR_NOMEM, "no memory to keep the uses of a date");
        }
        *n_samples += list.parts[i]->n_samples;
    }
    if (!(*n_samples > 0.0) && k->n_pairs > 0) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "the statistics have no samples: %s was not used at date %zu",
                         kfac_name(k, &k->pairs[k->n_pairs - 1]), k->n_uses - 1);
    }
    for (size_t pair = 0; pair < k->n_pairs; pair++) {
        FEL_TRY(check_pair(k, list, pair));
    }
    return FEL_OK;
}

/* ---- damping's unit -------------------------------------------------------------------------- */

static double trace_of(const kfac_side *side)
{
    double sum = 0.0;
    for (size_t i = 0; i < side->n; i++) {
        sum += side->factor[i * side->n + i];
    }
    return sum;
}

/* The mean eigenvalue of the curvature of all Kronecker blocks. */
static double mean_eigenvalue(const fel_kfac *k)
{
    double sum = 0.0, n = 0.0;
    for (size_t i = 0; i < k->n_pairs; i++) {
        const kfac_pair *p = &k->pairs[i];
        for (size_t b = 0; b<p->n_bands && * p->uses> 0.0; b++) {
            sum += *p->uses * trace_of(&p->inputs) * trace_of(&p->slopes[b]);
            n += (double)(p->inputs.n * p->slopes[b].n);
        }
    }
    return sum > 0.0 && isfinite(sum) ? sum / n : 1.0;
}

double kfac_damping(const fel_kfac *kfac)
{
    const double now = kfac->numbers[KFAC_NOW];
    return now > 0.0 ? now : kfac_param(kfac, KFAC_DAMPING);
}

static void begin_damping(fel_kfac *k)
{
    const int is_mean = kfac_choice(k, KFAC_DAMPING_UNIT) == KFAC_UNIT_MEAN;
    k->numbers[KFAC_UNIT] = is_mean ? mean_eigenvalue(k) : 1.0;
    k->numbers[KFAC_NOW] = k->numbers[KFAC_UNIT] * kfac_param(k, KFAC_DAMPING);
}

/* ---- the update ------------------------------------------------------------------------------ */

fel_status fel_kfac_update(fel_kfac *kfac, fel_kfac_stats *const *parts, size_t n_parts)
{
    const parts_list list = {parts, n_parts};
    double n_samples = 0.0;
    FEL_TRY(check_parts(kfac, list, &n_samples));
    const double nth = kfac->numbers[KFAC_UPDATES] + 1.0;
    for (size_t i = 0; i < kfac->n_pairs; i++) {
        const double count = count_of(list, i);
        const int is_first = !(*kfac->pairs[i].uses > 0.0);
        const double kept = is_first ? 0.0 : fmin(1.0 - 1.0 / nth, kfac_param(kfac, KFAC_EMA));
        const average a = {list, i, count, kept};
        if (count > 0.0) {
            move_pair(kfac, &a);
            *kfac->pairs[i].uses = count / n_samples;
        }
    }
    kfac->numbers[KFAC_UPDATES] = nth;
    kfac->numbers[KFAC_SAMPLES] = n_samples;
    if (!(kfac->numbers[KFAC_UNIT] > 0.0)) {
        begin_damping(kfac);
    }
    return FEL_OK;
}

fel_status fel_kfac_factors_of(const fel_kfac *kfac, size_t block, fel_kfac_factors *out)
{
    const int pair = block < kfac->n_spans ? kfac->spans[block].pair : KFAC_NO_PAIR;
    if (pair == KFAC_NO_PAIR || kfac->pairs[pair].block != block) {
        return FEL_RAISE(FEL_ERR_ARG, "block %zu has no Kronecker factors", block);
    }
    const kfac_pair *p = &kfac->pairs[pair];
    *out = (fel_kfac_factors){.n_inputs = p->inputs.n,
                              .n_slopes = p->rows,
                              .n_bands = p->n_bands,
                              .uses = *p->uses,
                              .inputs = p->inputs.factor,
                              .slopes = p->slopes[0].factor,
                              .inputs_lag = p->inputs.lag,
                              .slopes_lag = p->slopes[0].lag};
    return FEL_OK;
}
