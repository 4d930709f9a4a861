/* models/kfac_create.c - the memory of Kronecker-factored curvature: which weights go with which
 * bias, and the list of arrays that a checkpoint keeps. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/kfac_internal.h"
#include "models/lapack_internal.h"

/* Sides of a factor up to which its square and its eigenvectors' room are sizes of this machine. */
enum { MOST_SIDE = 16384, ARRAYS_A_PAIR = 11, OWN_ARRAYS = 3 };

/* ---- blocks ---------------------------------------------------------------------------------- */

static fel_status check_blocks(const fel_block_info *blocks, size_t n_blocks)
{
    size_t offset = 0;
    for (size_t i = 0; i < n_blocks; i++) {
        const fel_block_info *b = &blocks[i];
        if (b->offset != offset || b->rows == 0 || b->cols == 0 ||
            b->cols > (SIZE_MAX / 64 - offset) / b->rows) {
            return FEL_RAISE(FEL_ERR_SHAPE, "block %zu is %zu x %zu at %zu; it must begin at %zu",
                             i, b->rows, b->cols, b->offset, offset);
        }
        if (b->role == FEL_BLOCK_WEIGHT && (b->rows > MOST_SIDE || b->cols >= MOST_SIDE)) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s is %zu x %zu; kfac takes layers up to %d", b->name,
                             b->rows, b->cols, (int)MOST_SIDE);
        }
        offset += b->rows * b->cols;
    }
    return offset > 0 ? FEL_OK : FEL_RAISE(FEL_ERR_SHAPE, "no parameters to optimise");
}

/* The bias of a weight block lies right behind it. */
static int has_bias(const fel_kfac *k, size_t block)
{
    const fel_block_info *weight = &k->blocks[block], *next = weight + 1;
    return block + 1 < k->n_spans && next->role == FEL_BLOCK_BIAS && next->layer == weight->layer &&
           next->rows == weight->rows && next->cols == 1;
}

/* Networks call their layers by kind and number: "lstm0.weight". */
static size_t count_bands(const fel_kfac *k, const fel_block_info *b)
{
    const int is_split = kfac_choice(k, KFAC_SPLIT_GATES) && strncmp(b->name, "lstm", 4) == 0;
    return is_split && b->rows % KFAC_MAX_BANDS == 0 ? KFAC_MAX_BANDS : 1;
}

static void plan_spans(fel_kfac *k)
{
    const double decay = kfac_param(k, KFAC_WEIGHT_DECAY);
    for (size_t i = 0; i < k->n_spans; i++) {
        const fel_block_info *b = &k->blocks[i];
        const int decays = k->config.decay_all || b->role == FEL_BLOCK_WEIGHT;
        k->spans[i] = (kfac_span){.offset = b->offset,
                                  .n = b->rows * b->cols,
                                  .decay = decays ? decay : 0.0,
                                  .pair = KFAC_NO_PAIR};
        k->spans[i].ridge = k->spans[i].decay + 2.0 * b->penalty;
        k->n_params += k->spans[i].n;
    }
}

static void plan_pairs(fel_kfac *k)
{
    for (size_t i = 0; i < k->n_spans; i++) {
        const fel_block_info *b = &k->blocks[i];
        if (b->role != FEL_BLOCK_WEIGHT) {
            continue;
        }
        kfac_pair *p = &k->pairs[k->n_pairs];
        *p = (kfac_pair){.block = i,
                         .rows = b->rows,
                         .cols = b->cols,
                         .weight = b->offset,
                         .bias = b->offset + b->rows * b->cols,
                         .has_bias = has_bias(k, i),
                         .ridge = k->spans[i].ridge,
                         .n_bands = count_bands(k, b)};
        p->inputs.n = p->cols + (p->has_bias ? 1 : 0);
        for (size_t band = 0; band < p->n_bands; band++) {
            p->slopes[band].n = p->rows / p->n_bands;
        }
        k->spans[i].pair = (int)k->n_pairs;
        if (p->has_bias) {
            k->spans[i + 1].pair = (int)k->n_pairs;
        }
        k->n_pairs++;
    }
}

const char *kfac_name(const fel_kfac *kfac, const kfac_pair *pair)
{
    return kfac->blocks[pair->block].name;
}

/* ---- arrays: laid out once to count, once to point ------------------------------------------- */

static double *take(fel_kfac *k, const char *what, size_t n, size_t *used)
{
    double *values = k->memory != NULL ? k->memory + *used : NULL;
    if (k->memory != NULL) {
        kfac_array *a = &k->arrays[k->n_arrays++];
        (void)snprintf(a->name, sizeof(a->name), "%s", what);
        a->values = values;
        a->n = n;
    }
    *used += n;
    return values;
}

static double *take_of(fel_kfac *k, const kfac_pair *p, const char *what, size_t n, size_t *used)
{
    char name[KFAC_NAME_SIZE];
    (void)snprintf(name, sizeof(name), "block%zu_%s", p->block, what);
    return take(k, name, n, used);
}

static double *band_of(double *all, size_t band, size_t size)
{
    return all != NULL ? all + band * size : NULL;
}

static void lay_out_pair(fel_kfac *k, kfac_pair *p, size_t *used)
{
    const size_t n = p->inputs.n, m = kfac_band_rows(p);
    const int time = kfac_choice(k, KFAC_TIME_MODEL);
    const int has_lag = time != KFAC_INDEPENDENT, has_shift = time == KFAC_OPTION2;
    p->uses = take_of(k, p, "uses", 1, used);
    p->inputs.factor = take_of(k, p, "inputs", n * n, used);
    p->inputs.basis = take_of(k, p, "inputs_basis", n * n, used);
    p->inputs.values = take_of(k, p, "inputs_values", n, used);
    p->inputs.lag = has_lag ? take_of(k, p, "inputs_lag", n * n, used) : NULL;
    p->inputs.shift = has_shift ? take_of(k, p, "inputs_shift", n * n, used) : NULL;
    double *factor = take_of(k, p, "slopes", p->rows * m, used);
    double *basis = take_of(k, p, "slopes_basis", p->rows * m, used);
    double *values = take_of(k, p, "slopes_values", p->rows, used);
    double *lag = has_lag ? take_of(k, p, "slopes_lag", p->rows * m, used) : NULL;
    double *shift = has_shift ? take_of(k, p, "slopes_shift", p->rows * m, used) : NULL;
    p->weights = has_lag ? take_of(k, p, "weights", p->rows * n, used) : NULL;
    for (size_t b = 0; b < p->n_bands; b++) {
        kfac_side *s = &p->slopes[b];
        s->factor = band_of(factor, b, m * m);
        s->basis = band_of(basis, b, m * m);
        s->values = band_of(values, b, m);
        s->lag = band_of(lag, b, m * m);
        s->shift = band_of(shift, b, m * m);
    }
}

static size_t lay_out(fel_kfac *k)
{
    size_t used = 0;
    k->numbers = take(k, "numbers", KFAC_N_NUMBERS, &used);
    k->last_step = take(k, "last_step", k->n_params, &used);
    k->squares = take(k, "squares", k->n_params, &used);
    for (size_t i = 0; i < k->n_pairs; i++) {
        lay_out_pair(k, &k->pairs[i], &used);
    }
    return used;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static size_t most_room(const fel_kfac *k)
{
    size_t most = 1;
    for (size_t i = 0; i < k->n_pairs; i++) {
        const size_t n = k->pairs[i].rows * k->pairs[i].inputs.n;
        most = n > most ? n : most;
    }
    return 3 * most;
}

static fel_status make_tables(fel_kfac *k, const fel_block_info *blocks, size_t n_blocks)
{
    k->blocks = calloc(n_blocks, sizeof(*k->blocks));
    k->spans = calloc(n_blocks, sizeof(*k->spans));
    k->pairs = calloc(n_blocks, sizeof(*k->pairs));
    k->arrays = calloc(OWN_ARRAYS + n_blocks * ARRAYS_A_PAIR, sizeof(*k->arrays));
    if (k->blocks == NULL || k->spans == NULL || k->pairs == NULL || k->arrays == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu blocks", n_blocks);
    }
    memcpy(k->blocks, blocks, n_blocks * sizeof(*blocks));
    k->n_spans = n_blocks;
    plan_spans(k);
    plan_pairs(k);
    return FEL_OK;
}

static fel_status make_memory(fel_kfac *k)
{
    const size_t n = k->n_params, used = lay_out(k);
    k->memory = calloc(used, sizeof(double));
    k->room = calloc(most_room(k), sizeof(double));
    k->gradient = calloc(n, sizeof(double));
    k->direction = calloc(n, sizeof(double));
    k->step = calloc(n, sizeof(double));
    k->given = calloc(n, sizeof(double));
    k->before = calloc(n, sizeof(double));
    k->vectors[0] = calloc(n, sizeof(double));
    k->vectors[1] = calloc(n, sizeof(double));
    if (k->memory == NULL || k->room == NULL || k->gradient == NULL || k->direction == NULL ||
        k->step == NULL || k->given == NULL || k->before == NULL || k->vectors[0] == NULL ||
        k->vectors[1] == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the curvature of %zu parameters", n);
    }
    (void)lay_out(k);
    return FEL_OK;
}

static fel_status check_config(const fel_optimizer_config *c)
{
    FEL_TRY(fel_optimizer_check(c));
    const fel_optimizer_info *info = fel_optimizer_class_info(c->code);
    if (isnan(fel_kfac_setting(c, "damping"))) {
        return FEL_RAISE(FEL_ERR_ARG, "%s is not kfac", info->name);
    }
    if (c->clip_value > 0.0 || c->clip_norm > 0.0) {
        return FEL_RAISE(FEL_ERR_ARG, "kfac clips steps, not gradients: clip in place of %s",
                         c->clip_norm > 0.0 ? "clip_norm" : "clip_value");
    }
    return FEL_OK;
}

fel_status fel_kfac_create(fel_kfac **out, const fel_optimizer_config *config,
                           const fel_block_info *blocks, size_t n_blocks, size_t n_uses)
{
    FEL_TRY(check_config(config));
    FEL_TRY(check_blocks(blocks, n_blocks));
    FEL_TRY(lapack_open());
    if (n_uses < 1) {
        return FEL_RAISE(FEL_ERR_RANGE, "n_uses is 0; 1 for networks that are not unrolled");
    }
    fel_kfac *k = calloc(1, sizeof(*k));
    if (k == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for kfac");
    }
    k->config = *config;
    k->n_uses = n_uses;
    fel_status status = make_tables(k, blocks, n_blocks);
    if (status == FEL_OK) {
        status = make_memory(k);
    }
    if (status != FEL_OK) {
        fel_kfac_destroy(k);
        return status;
    }
    *out = k;
    return FEL_OK;
}

void fel_kfac_destroy(fel_kfac *kfac)
{
    if (kfac == NULL) {
        return;
    }
    free(kfac->blocks);
    free(kfac->spans);
    free(kfac->pairs);
    free(kfac->arrays);
    free(kfac->memory);
    free(kfac->room);
    free(kfac->gradient);
    free(kfac->direction);
    free(kfac->step);
    free(kfac->given);
    free(kfac->before);
    free(kfac->vectors[0]);
    free(kfac->vectors[1]);
    free(kfac);
}

size_t fel_kfac_count_arrays(const fel_kfac *kfac)
{
    return kfac->n_arrays;
}

fel_optimizer_array fel_kfac_array_at(fel_kfac *kfac, size_t index)
{
    const kfac_array *a = &kfac->arrays[index];
    const fel_optimizer_array array = {a->name, a->values, a->n, sizeof(double)};
    return array;
}
