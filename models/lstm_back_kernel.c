/* models/lstm_back_kernel.c - the way back through a step of an LSTM.
 *
 * With dh = d_h + W_h' dz_after and dc = dc_after f_after + dh o (1 - tanh^2 c):
 *   dz_i = dc g i (1 - i)          dz_f = dc c_before f (1 - f)
 *   dz_g = dc i (1 - g^2)          dz_o = dh tanh(c) o (1 - o) */
#include "core/vmath.h"
#include "models/lstm_internal.h"

enum { ROWS_AT_ONCE = 24 };

#define INLINE static inline __attribute__((always_inline))

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What one block of rows of one panel needs. */
typedef struct slope_block {
    const real *gates, *squashed;
    const real *before; /* NULL: 0 */
    const real *dh;     /* rows TILE_PANEL apart */
    real *dc, *dz;
    size_t rows;
} slope_block;

INLINE void slopes(const slope_block *b, const size_t width, const int has_before)
{
    for (size_t r = 0; r < b->rows; r++) {
        const real *restrict gates = b->gates + r * LSTM_GATES * width;
        const real *restrict before = has_before ? b->before + r * width : gates;
        const real *restrict squashed = b->squashed + r * width;
        const real *restrict dh = b->dh + r * TILE_PANEL;
        real *restrict dc = b->dc + r * width, *restrict dz = b->dz + r * LSTM_GATES * width;
        ARRAYS_APART
        for (size_t i = 0; i < width; i++) {
            const real in = gates[LSTM_IN * width + i], forget = gates[LSTM_FORGET * width + i];
            const real cell = gates[LSTM_CELL * width + i], out = gates[LSTM_OUT * width + i];
            const real t = squashed[i], through = dh[i] * out;
            const real d = REAL_FMA(through, REAL_FMA(-t, t, REAL_C(1.0)), dc[i]);
            const real c_before = has_before ? before[i] : REAL_C(0.0);
            dc[i] = d * forget;
            dz[LSTM_IN * width + i] = d * cell * REAL_FMA(-in, in, in);
            dz[LSTM_FORGET * width + i] = d * c_before * REAL_FMA(-forget, forget, forget);
            dz[LSTM_CELL * width + i] = d * in * REAL_FMA(-cell, cell, REAL_C(1.0));
            dz[LSTM_OUT * width + i] = dh[i] * t * REAL_FMA(-out, out, out);
        }
    }
}

typedef void block_fn(const slope_block *b);
#define BLOCK_FUNCTION(width)                                                                      \
    static void slope_block_##width(const slope_block *b)                                          \
    {                                                                                              \
        if (b->before != NULL) {                                                                   \
            slopes(b, width, 1);                                                                   \
        } else {                                                                                   \
            slopes(b, width, 0);                                                                   \
        }                                                                                          \
    }
BLOCK_FUNCTION(4)
BLOCK_FUNCTION(8)
BLOCK_FUNCTION(12)
BLOCK_FUNCTION(16)
static block_fn *const slope_blocks[] = {slope_block_4, slope_block_8, slope_block_12,
                                         slope_block_16};

/* ---- dz by weights of the way back ----------------------------------------------------------- */

/* A block of rows of dz of n samples. */
typedef struct slope_rows {
    const lstm_shape *shape;
    const real *dz;
    size_t n, row, rows;
} slope_rows;

/* out[rows x cols], rows TILE_PANEL apart = dz W for one panel of columns. */
static void project(const slope_rows *from, const real *weight, size_t cols, void *out)
{
    const size_t padded = lstm_padded(from->shape), n = from->n, row = from->row;
    const size_t full = padded / LSTM_PANEL, rest = padded % LSTM_PANEL;
    const size_t wide = (size_t)LSTM_GATES * LSTM_PANEL, narrow = LSTM_GATES * rest;
    const real *last = from->dz + n * full * wide + row * narrow;
    const tile_job job = {
        .rows = from->rows,
        .cols = cols,
        .parts = {{from->dz + row * wide, wide, 1, wide, full, n * wide},
                  {last, narrow, 1, narrow, rest > 0, 0}},
        .b = weight,
        .c = out,
        .b_row = cols,
        .c_row = TILE_PANEL,
    };
    KERNEL(tile_multiply)(&job);
}

/* The weights of the panel of columns that begins with `col`. */
static const real *panel_of(const lstm_shape *s, const void *weight, size_t col)
{
    return (const real *)weight + LSTM_GATES * lstm_padded(s) * col;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void add_rows(const real *restrict from, size_t from_row, size_t rows, size_t cols,
                     real *restrict to)
{
    for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < cols; i++) {
            to[r * TILE_PANEL + i] += from[r * from_row + i];
        }
    }
}

/* `rows` rows from `row` on of up to four panels from unit `first` on. */
static void backward_block(const lstm_backward_args *p, size_t first, size_t row, size_t rows)
{
    const lstm_shape *s = &p->shape;
    const size_t H = s->n_units, cols = least(tile_round(H) - first, TILE_PANEL);
    _Alignas(64) real dh[ROWS_AT_ONCE * TILE_PANEL];
    if (p->dz_after != NULL) {
        const slope_rows after = {s, p->dz_after, p->n, row, rows};
        project(&after, panel_of(s, p->weight, first), cols, dh);
    } else {
        memset(dh, 0, sizeof(dh));
    }
    if (p->d_h != NULL) {
        add_rows((const real *)p->d_h + row * H + first, H, rows, least(H - first, TILE_PANEL), dh);
    }
    for (size_t u0 = first; u0 < least(first + TILE_PANEL, H); u0 += LSTM_PANEL) {
        const size_t width = lstm_width(s, u0), at = p->n * u0 + row * width;
        const slope_block b = {
            .gates = (const real *)p->gates + LSTM_GATES * at,
            .squashed = (const real *)p->squashed + at,
            .before = p->c_before != NULL ? (const real *)p->c_before + at : NULL,
            .dh = dh + (u0 - first),
            .dc = (real *)p->dc + at,
            .dz = (real *)p->dz + LSTM_GATES * at,
            .rows = rows,
        };
        slope_blocks[width / LSTM_STEP - 1](&b);
    }
}

void KERNEL(lstm_backward_step_of)(const lstm_backward_args *args)
{
    for (size_t first = 0; first < args->shape.n_units; first += TILE_PANEL) {
        for (size_t row = 0; row < args->n; row += ROWS_AT_ONCE) {
            backward_block(args, first, row, least(args->n - row, ROWS_AT_ONCE));
        }
    }
}

void KERNEL(lstm_input_step_of)(const lstm_input_args *args)
{
    _Alignas(64) real out[ROWS_AT_ONCE * TILE_PANEL];
    for (size_t col = 0; col < args->cols; col += TILE_PANEL) {
        const size_t cols = least(args->cols - col, TILE_PANEL);
        for (size_t row = 0; row < args->n; row += ROWS_AT_ONCE) {
            const size_t rows = least(args->n - row, ROWS_AT_ONCE);
            real *to = (real *)args->d_x + row * args->d_x_row + col;
            const slope_rows from = {&args->shape, args->dz, args->n, row, rows};
            project(&from, panel_of(&args->shape, args->weight, col), tile_round(cols), out);
            for (size_t r = 0; r < rows; r++) {
                memcpy(to + r * args->d_x_row, out + r * TILE_PANEL, cols * sizeof(real));
            }
        }
    }
}

/* ---- gradients ------------------------------------------------------------------------------- */

/* gradient[rows x cols] += a' dz, a having `rows` columns. */
static void add_outer(const void *a, size_t a_row, size_t rows, size_t n, const real *dz,
                      size_t cols, void *gradient)
{
    const tile_job job = {
        .rows = rows,
        .cols = cols,
        .parts = {{a, 1, a_row, n, 1, 0}, {NULL, 0, 0, 0, 0, 0}},
        .b = dz,
        .start = gradient,
        .c = gradient,
        .b_row = cols,
        .start_row = cols,
        .c_row = cols,
    };
    KERNEL(tile_multiply)(&job);
}

static void add_sums(const real *restrict dz, size_t n, size_t cols, real *restrict sums)
{
    for (size_t col = 0; col < cols; col += TILE_PAD) {
        real total[TILE_PAD];
        memcpy(total, sums + col, sizeof(total));
        for (size_t r = 0; r < n; r++) {
            const real *restrict from = dz + r * cols + col;
            for (size_t i = 0; i < TILE_PAD; i++) {
                total[i] += from[i];
            }
        }
        memcpy(sums + col, total, sizeof(total));
    }
}

void KERNEL(lstm_gradient_step_of)(const lstm_gradient_args *args)
{
    const lstm_shape *s = &args->shape;
    const size_t F = s->n_inputs, H = s->n_units, n = args->n;
    for (size_t u0 = 0; u0 < H; u0 += LSTM_PANEL) {
        const size_t cols = LSTM_GATES * lstm_width(s, u0);
        const real *dz = (const real *)args->dz + n * LSTM_GATES * u0;
        real *weight = (real *)args->weight + lstm_rows(s) * LSTM_GATES * u0;
        add_outer(args->x, args->x_row, F, n, dz, cols, weight);
        if (args->h_before != NULL) {
            add_outer(args->h_before, H, H, n, dz, cols, weight + F * cols);
        }
        add_sums(dz, n, cols, (real *)args->bias + LSTM_GATES * u0);
    }
}
