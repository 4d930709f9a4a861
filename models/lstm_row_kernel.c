/* models/lstm_row_kernel.c - one step of one sample, for a model that runs live: every weight is
 * read once, as it lies. */
#include "core/vmath.h"
#include "models/lanes_internal.h"
#include "models/lstm_internal.h"

/* The four gates of one unit: sums of products with x, then with h. */
static void add_products(const real *const rows[LSTM_GATES], const real *values, size_t n,
                         lanes sums[LSTM_GATES])
{
    size_t k = 0;
    for (; k + LANES <= n; k += LANES) {
        const lanes v = lanes_load(values + k);
        for (int g = 0; g < LSTM_GATES; g++) {
            sums[g] = lanes_fma(lanes_load(rows[g] + k), v, sums[g]);
        }
    }
    if (k < n) {
        const lanes v = lanes_load_part(values + k, n - k);
        for (int g = 0; g < LSTM_GATES; g++) {
            sums[g] = lanes_fma(lanes_load_part(rows[g] + k, n - k), v, sums[g]);
        }
    }
}

static void sum_up(const lstm_row_args *p)
{
    const size_t F = p->shape.n_inputs, H = p->shape.n_units, K = lstm_rows(&p->shape);
    const real *weight = p->weight, *bias = p->bias;
    real *z = p->z;
    for (size_t u = 0; u < H; u++) {
        const real *rows[LSTM_GATES];
        lanes sums[LSTM_GATES];
        for (size_t g = 0; g < LSTM_GATES; g++) {
            rows[g] = weight + (g * H + u) * K;
            sums[g] = lanes_all(0);
        }
        add_products(rows, p->x, F, sums);
        for (size_t g = 0; g < LSTM_GATES; g++) {
            rows[g] += F;
        }
        add_products(rows, p->h, H, sums);
        for (size_t g = 0; g < LSTM_GATES; g++) {
            z[g * H + u] = bias[g * H + u] + lanes_sum(sums[g]);
        }
    }
}

void KERNEL(lstm_row_of)(const lstm_row_args *args)
{
    const size_t H = args->shape.n_units;
    const real *restrict z = args->z;
    real *restrict h = args->h, *restrict c = args->c;
    sum_up(args);
    ARRAYS_APART
    for (size_t u = 0; u < H; u++) {
        const real in = real_logistic(z[LSTM_IN * H + u]);
        const real forget = real_logistic(z[LSTM_FORGET * H + u]);
        const real sum = z[LSTM_CELL * H + u]; /* an infinite one gives NaN */
        const real cell = REAL_FMA(sum, REAL_C(0.0), real_tanh(sum));
        const real out = real_logistic(z[LSTM_OUT * H + u]);
        c[u] = REAL_FMA(forget, c[u], in * cell);
        h[u] = out * real_tanh(c[u]);
    }
}
