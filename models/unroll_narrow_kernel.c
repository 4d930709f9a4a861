/* models/unroll_narrow_kernel.c - products where one side has a few columns: a hedger's head, the
 * slope of the position that it holds. Eight rows are summed side by side, then turned, so that
 * eight results lie in a vector. */
#include "models/lanes_internal.h"
#include "models/unroll_kernel_internal.h"

/* ---- forward --------------------------------------------------------------------------------- */

/* sum[r] += x[r][k] w[k] for k < n, by the place of k in eights. */
LANES_INLINE const real *add_terms(lanes sum[LANES], const real *x, const tile_part *part,
                                   const real *w, const size_t rows)
{
    const size_t n = part->n, row = part->row, whole = n / LANES * LANES;
    for (size_t k = 0; k < whole; k += LANES) {
        const lanes from_w = lanes_load(w + k);
        LANES_UNROLL
        for (size_t r = 0; r < rows; r++) {
            sum[r] = lanes_fma(lanes_load(x + r * row + k), from_w, sum[r]);
        }
    }
    if (whole < n) {
        const lanes from_w = lanes_load_part(w + whole, n - whole);
        LANES_UNROLL
        for (size_t r = 0; r < rows; r++) {
            sum[r] = lanes_fma(lanes_load_part(x + r * row + whole, n - whole), from_w, sum[r]);
        }
    }
    return w + n;
}

LANES_INLINE void sum_rows(const narrow_args *p, size_t row, size_t out, const size_t rows)
{
    lanes sum[LANES];
    LANES_UNROLL
    for (size_t r = 0; r < LANES; r++) {
        sum[r] = lanes_all(0);
    }
    const real *w = (const real *)p->weight + out * p->weight_row;
    for (int i = 0; i < 2; i++) {
        const tile_part *part = &p->parts[i];
        const real *x = (const real *)part->a + row * part->row;
        for (size_t k = 0; k < part->repeats; k++, x += part->step) {
            w = add_terms(sum, x, part, w, rows);
        }
    }
    lanes_transpose(sum);
    const real start = p->bias != NULL ? ((const real *)p->bias)[out] : REAL_C(0.0);
    const lanes total = lanes_all(start) + (((sum[0] + sum[4]) + (sum[2] + sum[6])) +
                                            ((sum[1] + sum[5]) + (sum[3] + sum[7])));
    real *y = (real *)p->y + row * p->n_out + out;
    LANES_UNROLL
    for (size_t r = 0; r < rows; r++) {
        y[r * p->n_out] = total[r];
    }
}

static void sum_eight(const narrow_args *p, size_t row, size_t out)
{
    sum_rows(p, row, out, LANES);
}
static void sum_one(const narrow_args *p, size_t row, size_t out)
{
    sum_rows(p, row, out, 1);
}

void KERNEL(narrow_forward_of)(const narrow_args *args)
{
    const size_t whole = args->n / LANES * LANES;
    for (size_t out = 0; out < args->n_out; out++) {
        for (size_t row = 0; row < whole; row += LANES) {
            sum_eight(args, row, out);
        }
        for (size_t row = whole; row < args->n; row++) {
            sum_one(args, row, out);
        }
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

void KERNEL(narrow_back_of)(const narrow_back_args *args)
{
    const size_t live = args->live;
    const real *first = (const real *)args->weight + (args->n_in - live);
    for (size_t r = 0; r < args->n; r++) {
        const real *d_y = (const real *)args->d_y + r * args->n_out;
        real *restrict d_x = (real *)args->d_x + r * live;
        for (size_t k = 0; k < live; k++) {
            d_x[k] = d_y[0] * first[k];
        }
        for (size_t out = 1; out < args->n_out; out++) {
            const real *restrict w = first + out * args->n_in;
            for (size_t k = 0; k < live; k++) {
                d_x[k] = REAL_FMA(d_y[out], w[k], d_x[k]);
            }
        }
    }
}

enum { MOST_WIDE = 4 };

/* `wide` vectors of columns of one row of d_weight. */
LANES_INLINE void add_columns(const narrow_gradient_args *p, size_t out, size_t col,
                              const size_t wide)
{
    real *to = (real *)p->d_weight + out * p->n_in + col;
    const real *x = (const real *)p->x + col, *d_y = (const real *)p->d_y + out;
    lanes sum[MOST_WIDE];
    LANES_UNROLL
    for (size_t v = 0; v < wide; v++) {
        sum[v] = lanes_load(to + v * LANES);
    }
    for (size_t r = 0; r < p->n; r++, x += p->n_in, d_y += p->n_out) {
        const lanes d = lanes_all(*d_y);
        LANES_UNROLL
        for (size_t v = 0; v < wide; v++) {
            sum[v] = lanes_fma(d, lanes_load(x + v * LANES), sum[v]);
        }
    }
    LANES_UNROLL
    for (size_t v = 0; v < wide; v++) {
        lanes_store(to + v * LANES, sum[v]);
    }
}

/* The columns that are left, fewer than a vector. */
static void add_rest(const narrow_gradient_args *p, size_t out, size_t col)
{
    const size_t left = p->n_in - col;
    real *to = (real *)p->d_weight + out * p->n_in + col;
    const real *x = (const real *)p->x + col, *d_y = (const real *)p->d_y + out;
    real sum[LANES] = {REAL_C(0.0)};
    memcpy(sum, to, left * sizeof(real));
    for (size_t r = 0; r < p->n; r++, x += p->n_in, d_y += p->n_out) {
        for (size_t k = 0; k < left; k++) {
            sum[k] = REAL_FMA(*d_y, x[k], sum[k]);
        }
    }
    memcpy(to, sum, left * sizeof(real));
}

static void add_bias(const narrow_gradient_args *p, size_t out)
{
    const real *d_y = (const real *)p->d_y + out;
    real part[LANES] = {REAL_C(0.0)};
    for (size_t r = 0; r < p->n; r++, d_y += p->n_out) {
        part[r % LANES] += *d_y;
    }
    ((real *)p->d_bias)[out] += lanes_sum(lanes_load(part));
}

void KERNEL(narrow_gradient_of)(const narrow_gradient_args *args)
{
    const size_t step = (size_t)MOST_WIDE * LANES;
    for (size_t out = 0; out < args->n_out; out++) {
        size_t col = 0;
        for (; col + step <= args->n_in; col += step) {
            add_columns(args, out, col, MOST_WIDE);
        }
        for (; col + LANES <= args->n_in; col += LANES) {
            add_columns(args, out, col, 1);
        }
        if (col < args->n_in) {
            add_rest(args, out, col);
        }
        add_bias(args, out);
    }
}
