/* tests/unit/models/test_lstm_kernel.c - the steps of an LSTM have the same bits at every level of
 * vector instructions, and the products under them are products. */
#define FEL_MODULE_MODELS
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "core/rng.h"
#include "models/lstm_internal.h"
#include "tests/support/check.h"

/* ---- levels ---------------------------------------------------------------------------------- */

/* One layer, forward and back, and a row by itself: everything that it gives, one after the other.
 */
typedef struct layer_case {
    size_t n, n_steps, n_inputs, n_units;
    int last_alone;
} layer_case;

static void *numbers(size_t n, size_t size, uint64_t seed)
{
    const size_t bytes = (n * size + 63) / 64 * 64 + 64;
    rng_stream draws = rng_at(2385, seed);
    void *memory = aligned_alloc(64, bytes);
    if (memory == NULL) {
        abort();
    }
    memset(memory, 0, bytes);
    for (size_t i = 0; seed > 0 && i < n; i++) {
        const double x = 0.7 * rng_normal(&draws);
        if (size == sizeof(float)) {
            ((float *)memory)[i] = (float)x;
        } else {
            ((double *)memory)[i] = x;
        }
    }
    return memory;
}

static layer layer_of(const layer_case *c)
{
    layer l = {
        .kind = &layer_lstm,
        .name = "lstm0",
        .in_rows = c->n_steps,
        .in_cols = c->n_inputs,
        .time_major = 1,
        .sizes = {[LSTM_UNITS] = c->n_units, [LSTM_LAST_ALONE] = (size_t)(c->last_alone != 0)},
        .value = 1.0};
    CHECK_OK(layer_lstm.plan(&l));
    l.blocks[1].offset = l.blocks[0].rows * l.blocks[0].cols;
    return l;
}

typedef struct layer_run {
    unsigned char *bytes;
    size_t n;
} layer_run;

static void keep(layer_run *run, const void *from, size_t bytes)
{
    run->bytes = realloc(run->bytes, run->n + bytes);
    if (run->bytes == NULL) {
        abort();
    }
    memcpy(run->bytes + run->n, from, bytes);
    run->n += bytes;
}

static layer_run run_layer(const layer_case *c, layer_precision precision)
{
    const layer l = layer_of(c);
    const size_t size = precision == LAYER_F32 ? sizeof(float) : sizeof(double);
    const size_t n_params = l.blocks[1].offset + l.blocks[1].rows;
    const size_t n_in = c->n * c->n_steps * c->n_inputs, n_out = c->n * l.out_rows * l.out_cols;
    void *params = numbers(n_params, size, 1), *in = numbers(n_in, size, 2);
    void *out = numbers(n_out, size, 0), *d_out = numbers(n_out, size, 3);
    void *d_in = numbers(n_in, size, 0), *gradient = numbers(n_params, size, 0);
    void *cache = numbers(l.cache_size * c->n + l.cache_fixed, size, 0);
    void *scratch = numbers(l.scratch_size * c->n + l.scratch_fixed, size, 0);
    void *state = numbers(l.state_size, size, 4);
    const layer_pass pass = {.layer = &l,
                             .n = c->n,
                             .params = params,
                             .in = in,
                             .out = out,
                             .cache = cache,
                             .scratch = scratch,
                             .d_out = d_out,
                             .d_in = d_in,
                             .gradient = gradient};
    const layer_step step = {
        .layer = &l, .params = params, .in = in, .state = state, .out = d_out, .scratch = scratch};
    layer_run run = {NULL, 0};
    layer_lstm.forward[precision](&pass);
    layer_lstm.backward[precision](&pass);
    layer_lstm.step[precision](&step);
    keep(&run, out, n_out * size);
    keep(&run, d_in, n_in * size);
    keep(&run, gradient, n_params * size);
    keep(&run, state, l.state_size * size);
    void *const all[] = {params, in, out, d_out, d_in, gradient, cache, scratch, state};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        free(all[i]);
    }
    return run;
}

static const layer_case cases[] = {
    {1, 2, 3, 5, 1},    {7, 3, 1, 1, 0},  {26, 2, 9, 16, 1},
    {13, 2, 17, 30, 0}, {6, 3, 8, 50, 1}, {5, 2, 66, 77, 0},
};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

static void check_levels(layer_precision precision)
{
    const char *const best = fel_cpu_level();
    for (size_t i = 0; i < N_CASES; i++) {
        CHECK_OK(fel_cpu_level_set(cpu_level_name(CPU_BASE)));
        const layer_run base = run_layer(&cases[i], precision);
        for (cpu_level level = CPU_AVX2; level < CPU_N_LEVELS; level++) {
            if (fel_cpu_level_set(cpu_level_name(level)) != FEL_OK) {
                break; /* this processor has no more */
            }
            const layer_run run = run_layer(&cases[i], precision);
            CHECK_INT(run.n, base.n);
            CHECK(memcmp(run.bytes, base.bytes, base.n) == 0);
            free(run.bytes);
        }
        free(base.bytes);
    }
    CHECK_OK(fel_cpu_level_set(best));
}

static void test_float_bits_do_not_depend_on_the_level(void)
{
    check_levels(LAYER_F32);
}

static void test_double_bits_do_not_depend_on_the_level(void)
{
    check_levels(LAYER_F64);
}

/* A sample's bits do not depend on how many are beside it. */
static void test_bits_do_not_depend_on_the_samples(void)
{
    const layer_case many = {31, 3, 3, 21, 1}, few = {17, 3, 3, 21, 1};
    const layer l = layer_of(&many);
    const size_t n_params = l.blocks[1].offset + l.blocks[1].rows;
    float *params = numbers(n_params, sizeof(float), 1);
    float *in = numbers(many.n * 9, sizeof(float), 2),
          *fewer = numbers(few.n * 9, sizeof(float), 0);
    float *out = numbers(many.n * 21, sizeof(float), 0);
    float *out_few = numbers(few.n * 21, sizeof(float), 0);
    void *cache = numbers(l.cache_size * many.n, sizeof(float), 0);
    void *scratch = numbers(l.scratch_size * many.n + l.scratch_fixed, sizeof(float), 0);
    for (size_t t = 0; t < 3; t++) { /* the last few of many */
        memcpy(fewer + t * few.n * 3, in + (t * many.n + many.n - few.n) * 3,
               few.n * 3 * sizeof(float));
    }
    layer_pass pass = {.layer = &l,
                       .n = many.n,
                       .params = params,
                       .in = in,
                       .out = out,
                       .cache = cache,
                       .scratch = scratch};
    layer_lstm.forward[LAYER_F32](&pass);
    pass.n = few.n;
    pass.in = fewer;
    pass.out = out_few;
    layer_lstm.forward[LAYER_F32](&pass);
    CHECK(memcmp(out_few, out + (many.n - few.n) * 21, few.n * 21 * sizeof(float)) == 0);
    void *const all[] = {params, in, fewer, out, out_few, cache, scratch};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        free(all[i]);
    }
}

/* ---- products -------------------------------------------------------------------------------- */

enum { MOST = 128, B_ROW = 73, START_ROW = 67, C_ROW = 70 };

typedef struct product_case {
    size_t rows, cols, first, second, repeats;
} product_case;

static uint64_t bits_of(double x)
{
    uint64_t bits = 0;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}

/* Terms of the sum in the order in which they are added. */
static double sum_of(const tile_job *job, size_t row, size_t col)
{
    const double *b = job->b, *start = job->start;
    double sum = start != NULL ? start[row * job->start_row + col] : 0.0;
    size_t term = 0;
    for (size_t p = 0; p < 2; p++) {
        const tile_part *part = &job->parts[p];
        for (size_t i = 0; i < part->repeats; i++) {
            const double *a = (const double *)part->a + i * part->step + row * part->row;
            for (size_t k = 0; k < part->n; k++, term++) {
                sum = fma(a[k * part->inner], b[term * job->b_row + col], sum);
            }
        }
    }
    return sum;
}

static void check_product(const product_case *c, int has_start)
{
    static double a[4 * MOST * MOST], b[MOST * B_ROW], start[MOST * START_ROW], out[MOST * C_ROW];
    rng_stream draws = rng_at(11, c->rows * 100 + c->cols);
    for (size_t i = 0; i < sizeof(a) / sizeof(a[0]); i++) {
        a[i] = rng_normal(&draws);
    }
    for (size_t i = 0; i < sizeof(b) / sizeof(b[0]); i++) {
        b[i] = rng_normal(&draws);
    }
    for (size_t i = 0; i < sizeof(start) / sizeof(start[0]); i++) {
        start[i] = rng_normal(&draws);
    }
    const tile_job job = {
        .rows = c->rows,
        .cols = c->cols,
        .parts = {{a, 1, 31, c->first, c->repeats, (size_t)3 * MOST},
                  {a + 5, 41, 1, c->second, 1, 0}},
        .b = b,
        .start = has_start ? start : NULL,
        .c = out,
        .b_row = B_ROW,
        .start_row = START_ROW,
        .c_row = C_ROW,
    };
    int n_wrong = 0;
    memset(out, 0x55, sizeof(out));
    const double untouched = out[0];
    tile_multiply_f64_base(&job);
    for (size_t row = 0; row <= c->rows; row++) {
        for (size_t col = 0; col < C_ROW; col++) {
            const int is_in = row < c->rows && col < c->cols;
            const double want = is_in ? sum_of(&job, row, col) : untouched;
            n_wrong += bits_of(out[row * C_ROW + col]) != bits_of(want);
        }
    }
    CHECK_INT(n_wrong, 0);
}

static void test_products_are_sums_in_order(void)
{
    static const product_case products[] = {
        {1, 16, 1, 0, 1}, {5, 32, 3, 7, 2}, {6, 48, 0, 9, 1}, {23, 64, 13, 20, 3}, {2, 16, 4, 0, 0},
    };
    for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
        check_product(&products[i], 0);
        check_product(&products[i], 1);
    }
}

SUITE("models/lstm_kernel", TEST(test_float_bits_do_not_depend_on_the_level),
      TEST(test_double_bits_do_not_depend_on_the_level),
      TEST(test_bits_do_not_depend_on_the_samples), TEST(test_products_are_sums_in_order));
