/* models/optimizer_create.c - an optimiser's memory: pieces, arrays, average, and what a checkpoint
 * keeps of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/optimizer_internal.h"

/* ---- pieces ---------------------------------------------------------------------------------- */

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
        offset += b->rows * b->cols;
    }
    return offset > 0 ? FEL_OK : FEL_RAISE(FEL_ERR_SHAPE, "no parameters to optimise");
}

static size_t count_pieces(const fel_block_info *block)
{
    return (block->rows * block->cols + OPTIMIZER_PIECE - 1) / OPTIMIZER_PIECE;
}

static fel_status make_pieces(fel_optimizer *o, const fel_block_info *blocks, size_t n_blocks)
{
    for (size_t i = 0; i < n_blocks; i++) {
        o->n_pieces += count_pieces(&blocks[i]);
        o->n_params += blocks[i].rows * blocks[i].cols;
    }
    o->pieces = calloc(o->n_pieces, sizeof(*o->pieces));
    if (o->pieces == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to optimise %zu parameters", o->n_params);
    }
    optimizer_piece *piece = o->pieces;
    for (size_t i = 0; i < n_blocks; i++) {
        const size_t size = blocks[i].rows * blocks[i].cols;
        for (size_t at = 0; at < size; at += OPTIMIZER_PIECE, piece++) {
            piece->offset = blocks[i].offset + at;
            piece->n = size - at < OPTIMIZER_PIECE ? size - at : OPTIMIZER_PIECE;
            piece->decays = o->config.decay_all || blocks[i].role == FEL_BLOCK_WEIGHT;
        }
    }
    return FEL_OK;
}

/* ---- arrays ---------------------------------------------------------------------------------- */

static int is_kept(const fel_optimizer *o, size_t slot)
{
    const size_t only_if = o->config.code->slots[slot].only_if;
    return only_if == OPTIMIZER_ALWAYS || fabs(o->config.params[only_if]) > 0.0;
}

static fel_status make_array(const fel_optimizer *o, void **out)
{
    enum { CACHE_LINE = 64 };
    const size_t bytes = o->n_params * o->element_size;
    const size_t rounded = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    void *array = aligned_alloc(CACHE_LINE, rounded);
    if (array == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to optimise %zu parameters", o->n_params);
    }
    memset(array, 0, rounded);
    *out = array;
    return FEL_OK;
}

static fel_status make_arrays(fel_optimizer *o)
{
    for (size_t i = 0; i < o->config.code->n_slots; i++) {
        if (is_kept(o, i)) {
            FEL_TRY(make_array(o, &o->arrays[i]));
        }
    }
    return o->config.average != FEL_AVERAGE_NONE ? make_array(o, &o->average) : FEL_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static fel_status create(fel_optimizer **out, const fel_optimizer_config *config,
                         const fel_block_info *blocks, size_t n_blocks, int is_double)
{
    FEL_TRY(fel_optimizer_check(config));
    FEL_TRY(check_blocks(blocks, n_blocks));
    fel_optimizer *o = calloc(1, sizeof(*o));
    if (o == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for an optimizer");
    }
    o->config = *config;
    o->is_double = is_double;
    o->element_size = is_double ? sizeof(double) : sizeof(float);
    fel_status status = make_pieces(o, blocks, n_blocks);
    if (status == FEL_OK) {
        status = make_arrays(o);
    }
    if (status != FEL_OK) {
        fel_optimizer_destroy(o);
        return status;
    }
    *out = o;
    return FEL_OK;
}

fel_status fel_optimizer_create_f32(fel_optimizer **out, const fel_optimizer_config *config,
                                    const fel_block_info *blocks, size_t n_blocks)
{
    return create(out, config, blocks, n_blocks, 0);
}

fel_status fel_optimizer_create_f64(fel_optimizer **out, const fel_optimizer_config *config,
                                    const fel_block_info *blocks, size_t n_blocks)
{
    return create(out, config, blocks, n_blocks, 1);
}

void fel_optimizer_destroy(fel_optimizer *optimizer)
{
    if (optimizer == NULL) {
        return;
    }
    for (size_t i = 0; i < OPTIMIZER_MAX_ARRAYS; i++) {
        free(optimizer->arrays[i]);
    }
    free(optimizer->average);
    free(optimizer->pieces);
    free(optimizer);
}

/* ---- the state ------------------------------------------------------------------------------- */

size_t fel_optimizer_count_arrays(const fel_optimizer *optimizer)
{
    const fel_optimizer_class *code = optimizer->config.code;
    size_t n = 1 + code->n_scalars;
    for (size_t i = 0; i < code->n_slots; i++) {
        n += optimizer->arrays[i] != NULL;
    }
    return n + (optimizer->average != NULL ? 2 : 0);
}

static fel_optimizer_array scalar(const char *name, void *value)
{
    const fel_optimizer_array array = {name, value, 1, sizeof(double)};
    return array;
}

static fel_optimizer_array vector(const fel_optimizer *o, const char *name, void *values)
{
    const fel_optimizer_array array = {name, values, o->n_params, o->element_size};
    return array;
}

/* Steps, the class's scalars, its arrays, the average with its count. */
fel_optimizer_array fel_optimizer_array_at(fel_optimizer *optimizer, size_t index)
{
    const fel_optimizer_class *code = optimizer->config.code;
    if (index == 0) {
        return scalar("steps", &optimizer->n_steps);
    }
    index -= 1;
    if (index < code->n_scalars) {
        return scalar(code->scalars[index], &optimizer->scalars[index]);
    }
    index -= code->n_scalars;
    for (size_t i = 0; i < code->n_slots; i++) {
        if (optimizer->arrays[i] != NULL && index-- == 0) {
            return vector(optimizer, code->slots[i].name, optimizer->arrays[i]);
        }
    }
    return index == 0 ? scalar("averaged", &optimizer->n_averaged)
                      : vector(optimizer, "average", optimizer->average);
}
