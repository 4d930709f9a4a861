/* models/init_real.c - the first values of parameters: Glorot and Bengio (2010), He et al. (2015),
 * orthogonal recurrences (Saxe, McClelland, Ganguli 2014), gates of an LSTM each by itself.
 *
 * A draw is a function of the seed, the block's number in the network and its place in the block.
 */
#include <math.h>

#include "core/rng.h"
#include "models/init_internal.h"
#include "models/network_internal.h"

/* Streams of a seed below this belong to others. */
#define INIT_STREAMS (UINT64_C(0x696e6974) << 32)

/* Rows x cols of the block's numbers, from one place on. */
typedef struct region {
    const init_job *job;
    real *values;
    size_t row, col, rows, cols;
} region;

static region band_of(const init_job *job, real *values, size_t band)
{
    const layer_block *b = job->block;
    const size_t rows = b->rows / b->parts;
    region r = {job, NULL, band * rows, 0, rows, b->cols};
    r.values = values;
    return r;
}

static size_t place_of(const region *r, size_t i, size_t k)
{
    return (r->row + i) * r->job->block->cols + r->col + k;
}

static rng_stream draw_at(const region *r, size_t place)
{
    const rng_stream s = {r->job->seed, INIT_STREAMS | r->job->index, place};
    return s;
}

static void fill_value(const region *r, double value)
{
    for (size_t i = 0; i < r->rows; i++) {
        for (size_t k = 0; k < r->cols; k++) {
            r->values[place_of(r, i, k)] = (real)value;
        }
    }
}

static void fill_uniform(const region *r, double limit)
{
    for (size_t i = 0; i < r->rows; i++) {
        for (size_t k = 0; k < r->cols; k++) {
            rng_stream s = draw_at(r, place_of(r, i, k));
            r->values[place_of(r, i, k)] = (real)(limit * (2.0 * rng_uniform(&s) - 1.0));
        }
    }
}

static void fill_normal(const region *r, double sd)
{
    for (size_t i = 0; i < r->rows; i++) {
        for (size_t k = 0; k < r->cols; k++) {
            rng_stream s = draw_at(r, place_of(r, i, k));
            r->values[place_of(r, i, k)] = (real)(sd * rng_normal(&s));
        }
    }
}

static void fill_glorot(const region *r)
{
    fill_uniform(r, sqrt(6.0 / ((double)r->rows + (double)r->cols)));
}

/* Rows or columns, whichever are fewer, become orthonormal. */
static void fill_orthogonal(const region *r)
{
    const size_t stride = r->job->block->cols;
    const int is_wide = r->rows <= r->cols;
    const orthogonal_args args = {.values = r->values + place_of(r, 0, 0),
                                  .n_vectors = is_wide ? r->rows : r->cols,
                                  .n = is_wide ? r->cols : r->rows,
                                  .vector_step = is_wide ? stride : 1,
                                  .step = is_wide ? 1 : stride};
    fill_normal(r, 1.0);
    KERNEL(make_orthonormal)(&args);
}

/* ---- kinds ----------------------------------------------------------------------------------- */

static void init_zero(const region *band)
{
    fill_value(band, 0.0);
}

static void init_one(const region *band)
{
    fill_value(band, 1.0);
}

static void init_he(const region *band)
{
    fill_normal(band, sqrt(2.0 / (double)band->cols));
}

/* A gate's rows: H x (F + H). */
static void init_lstm(const region *band)
{
    region inputs = *band, states = *band;
    inputs.cols = band->cols - band->rows;
    states.col = inputs.cols;
    states.cols = band->rows;
    fill_glorot(&inputs);
    fill_orthogonal(&states);
}

static void init_constant(const region *band)
{
    const layer_block *b = band->job->block;
    fill_value(band, band->row == b->band * (b->rows / b->parts) ? b->value : 0.0);
}

static void init_normal(const region *band)
{
    fill_normal(band, band->job->block->value);
}

static void init_uniform(const region *band)
{
    fill_uniform(band, band->job->block->value);
}

void KERNEL(init_block)(const init_job *job, real *values)
{
    static void (*const kinds[])(const region *) = {
        [INIT_ZERO] = init_zero,
        [INIT_ONE] = init_one,
        [INIT_GLOROT] = fill_glorot,
        [INIT_HE] = init_he,
        [INIT_ORTHOGONAL] = fill_orthogonal,
        [INIT_LSTM] = init_lstm,
        [INIT_CONSTANT] = init_constant,
        [INIT_NORMAL] = init_normal,
        [INIT_UNIFORM] = init_uniform,
    };
    for (size_t band = 0; band < job->block->parts; band++) {
        const region r = band_of(job, values, band);
        kinds[job->block->init](&r);
    }
}

void KERNEL(fel_network_init)(const fel_network *net, uint64_t seed, real *params)
{
    init_job job = {.seed = seed};
    for (const layer *l = net->layers; l < net->layers + net->n_layers; l++) {
        for (const layer_block *b = l->blocks; b < l->blocks + l->n_blocks; b++, job.index++) {
            job.block = b;
            KERNEL(init_block)(&job, params + l->offset + b->offset);
        }
    }
}
