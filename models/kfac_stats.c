/* models/kfac_stats.c - sums over the uses of weight blocks: what factors are made of.
 *
 * For each Kronecker block the squares of its inputs (with a one where there is a bias) and of its
 * slopes; where time is modelled also next' now over two dates in a row, for which the use before
 * is kept: dates come falling. */
#include <stdlib.h>
#include <string.h>

#include "models/kfac_internal.h"

/* ---- memory ---------------------------------------------------------------------------------- */

static double *cut(const fel_kfac_stats *s, size_t n, size_t *used)
{
    double *at = s->memory != NULL ? s->memory + *used : NULL;
    *used += n;
    return at;
}

static size_t lay_out(fel_kfac_stats *s)
{
    size_t used = 0;
    const int has_lag = kfac_has_lag(s->kfac);
    for (size_t i = 0; i < s->kfac->n_pairs; i++) {
        const kfac_pair *p = &s->kfac->pairs[i];
        const size_t n = p->inputs.n * p->inputs.n, m = p->rows * kfac_band_rows(p);
        s->sums[i].inputs = cut(s, n, &used);
        s->sums[i].slopes = cut(s, m, &used);
        s->sums[i].inputs_lag = has_lag ? cut(s, n, &used) : NULL;
        s->sums[i].slopes_lag = has_lag ? cut(s, m, &used) : NULL;
    }
    return used;
}

static size_t largest_product(const fel_kfac *k)
{
    size_t most = 1;
    for (size_t i = 0; i < k->n_pairs; i++) {
        const size_t n = k->pairs[i].inputs.n, m = kfac_band_rows(&k->pairs[i]);
        most = n * n > most ? n * n : most;
        most = m * m > most ? m * m : most;
    }
    return most;
}

static fel_status make(fel_kfac_stats *s)
{
    s->sums = calloc(s->kfac->n_pairs + 1, sizeof(*s->sums));
    if (s->sums != NULL) {
        s->n_memory = lay_out(s);
        s->memory = calloc(s->n_memory + 1, sizeof(double));
        s->products = calloc(largest_product(s->kfac), sizeof(double));
    }
    if (s->sums == NULL || s->memory == NULL || s->products == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for statistics of %zu layers", s->kfac->n_pairs);
    }
    (void)lay_out(s);
    return FEL_OK;
}

static fel_status create(fel_kfac_stats **out, const fel_kfac *kfac, int is_double)
{
    fel_kfac_stats *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for statistics");
    }
    s->kfac = kfac;
    s->is_double = is_double;
    const fel_status status = make(s);
    if (status != FEL_OK) {
        fel_kfac_stats_destroy(s);
        return status;
    }
    *out = s;
    return FEL_OK;
}

fel_status fel_kfac_stats_create_f32(fel_kfac_stats **out, const fel_kfac *kfac)
{
    return create(out, kfac, 0);
}

fel_status fel_kfac_stats_create_f64(fel_kfac_stats **out, const fel_kfac *kfac)
{
    return create(out, kfac, 1);
}

void fel_kfac_stats_destroy(fel_kfac_stats *stats)
{
    if (stats == NULL) {
        return;
    }
    for (size_t i = 0; stats->sums != NULL && i < stats->kfac->n_pairs; i++) {
        free(stats->sums[i].kept_inputs);
        free(stats->sums[i].kept_slopes);
    }
    free(stats->sums);
    free(stats->memory);
    free(stats->products);
    free(stats->with_one);
    free(stats);
}

void fel_kfac_stats_reset(fel_kfac_stats *stats)
{
    memset(stats->memory, 0, stats->n_memory * sizeof(double));
    stats->n_samples = 0.0;
    stats->is_out_of_memory = 0;
    for (size_t i = 0; i < stats->kfac->n_pairs; i++) {
        stats->sums[i].count = 0.0;
        stats->sums[i].kept_n = 0;
    }
}

/* ---- a use ----------------------------------------------------------------------------------- */

/* A matrix of one use: of the precision of the pass. */
typedef struct use_rows {
    const void *data;
    size_t cols, stride;
} use_rows;

static size_t number_size(const fel_kfac_stats *s)
{
    return s->is_double ? sizeof(double) : sizeof(float);
}

static const void *moved(const fel_kfac_stats *s, const void *data, size_t n)
{
    return (const char *)data + n * number_size(s);
}

static void add_product(const fel_kfac_stats *s, size_t n, use_rows first, use_rows second,
                        double *sums)
{
    kfac_product product = {n,           first.cols,   second.cols,   first.data,
                            second.data, first.stride, second.stride, NULL,
                            s->products};
    product.sums = sums;
    if (s->is_double) {
        kfac_add_product_f64(&product);
    } else {
        kfac_add_product_f32(&product);
    }
}

static int grow(void **memory, size_t bytes)
{
    void *larger = realloc(*memory, bytes);
    if (larger == NULL) {
        return 0;
    }
    *memory = larger;
    return 1;
}

static int make_room(fel_kfac_stats *s, const kfac_pair *p, kfac_sums *sums, size_t n)
{
    const size_t ones = n * p->inputs.n;
    if (p->has_bias && ones > s->with_one_room) {
        if (!grow(&s->with_one, ones * number_size(s))) {
            return 0;
        }
        s->with_one_room = ones;
    }
    if (sums->inputs_lag != NULL && n > sums->kept_room) {
        if (!grow(&sums->kept_inputs, ones * number_size(s)) ||
            !grow(&sums->kept_slopes, n * p->rows * number_size(s))) {
            return 0;
        }
        sums->kept_room = n;
    }
    return 1;
}

static const void *with_one(const fel_kfac_stats *s, const kfac_pair *p, const fel_layer_use *use)
{
    if (!p->has_bias) {
        return use->inputs;
    }
    if (s->is_double) {
        kfac_append_one_f64(use->n, p->cols, use->inputs, s->with_one);
    } else {
        kfac_append_one_f32(use->n, p->cols, use->inputs, s->with_one);
    }
    return s->with_one;
}

/* The band's columns of slopes. */
static use_rows band_of(const fel_kfac_stats *s, const kfac_pair *p, const void *slopes,
                        size_t band)
{
    const size_t m = kfac_band_rows(p);
    const use_rows rows = {moved(s, slopes, band * m), m, p->rows};
    return rows;
}

static void add_squares(const fel_kfac_stats *s, const kfac_pair *p, const kfac_sums *sums,
                        const fel_layer_use *use, use_rows inputs)
{
    const use_rows none = {NULL, 0, 0};
    const size_t m = kfac_band_rows(p);
    add_product(s, use->n, inputs, none, sums->inputs);
    for (size_t b = 0; b < p->n_bands; b++) {
        add_product(s, use->n, band_of(s, p, use->slopes, b), none, sums->slopes + b * m * m);
    }
}

/* With what the next date had, if that was of the same samples. */
static void add_lags(const fel_kfac_stats *s, const kfac_pair *p, kfac_sums *sums,
                     const fel_layer_use *use, use_rows inputs)
{
    const size_t m = kfac_band_rows(p);
    if (sums->kept_n == use->n && sums->kept_date == use->date + 1) {
        const use_rows next = {sums->kept_inputs, inputs.cols, inputs.stride};
        add_product(s, use->n, next, inputs, sums->inputs_lag);
        for (size_t b = 0; b < p->n_bands; b++) {
            add_product(s, use->n, band_of(s, p, sums->kept_slopes, b),
                        band_of(s, p, use->slopes, b), sums->slopes_lag + b * m * m);
        }
    }
    memcpy(sums->kept_inputs, inputs.data, use->n * inputs.cols * number_size(s));
    memcpy(sums->kept_slopes, use->slopes, use->n * p->rows * number_size(s));
    sums->kept_n = use->n;
    sums->kept_date = use->date;
}

static void add_use(void *payload, const fel_layer_use *use)
{
    fel_kfac_stats *s = payload;
    const fel_kfac *k = s->kfac;
    const kfac_span *span = use->block < k->n_spans ? &k->spans[use->block] : NULL;
    if (span == NULL || span->pair == KFAC_NO_PAIR || use->n == 0) {
        return;
    }
    const kfac_pair *p = &k->pairs[span->pair];
    kfac_sums *sums = &s->sums[span->pair];
    if (s->is_out_of_memory || !make_room(s, p, sums, use->n)) {
        s->is_out_of_memory = 1;
        return;
    }
    const use_rows inputs = {with_one(s, p, use), p->inputs.n, p->inputs.n};
    add_squares(s, p, sums, use, inputs);
    if (sums->inputs_lag != NULL) {
        add_lags(s, p, sums, use, inputs);
    }
    sums->count += (double)use->n;
    if ((size_t)span->pair + 1 == k->n_pairs && use->date + 1 == k->n_uses) {
        s->n_samples += (double)use->n;
    }
}

void fel_kfac_stats_set_samples(fel_kfac_stats *stats, double n_samples)
{
    stats->n_samples = n_samples;
}

fel_layer_sink fel_kfac_stats_sink(fel_kfac_stats *stats)
{
    const fel_layer_sink sink = {stats, add_use};
    return sink;
}
