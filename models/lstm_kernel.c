/* models/lstm_kernel.c - the forward step of an LSTM: a block of rows of one panel of units is
 * multiplied, then its gates are applied while it is near. */
#include "core/vmath.h"
#include "models/lstm_internal.h"
#include "models/vector_internal.h"

enum { ROWS_AT_ONCE = 24, PANEL_COLS = LSTM_GATES * LSTM_PANEL };

#define INLINE static inline __attribute__((always_inline))

/* Where one block of rows of one panel lies. */
typedef struct cell_block {
    real *gates, *cells, *squashed;
    const real *before; /* cells of the step before; NULL: 0 */
    real *h;
    size_t rows, h_row, used;
} cell_block;

/* ---- a whole panel --------------------------------------------------------------------------- */

/* One vector of units of one row. */
typedef struct cell_vectors {
    vector in, forget, cell, out, c, squashed;
} cell_vectors;

/* The candidate of an infinite z is NaN: gates would hide that an input or a weight is not finite.
 */
INLINE cell_vectors cell_of(const real *z, const real *before)
{
    cell_vectors x;
    const vector cell = vector_load(z + (size_t)LSTM_CELL * LSTM_PANEL);
    x.in = vector_logistic(vector_load(z + (size_t)LSTM_IN * LSTM_PANEL));
    x.cell = vector_fma(cell, vector_all(REAL_C(0.0)), vector_tanh(cell));
    x.c = x.in * x.cell;
    x.forget = vector_logistic(vector_load(z + (size_t)LSTM_FORGET * LSTM_PANEL));
    if (before != NULL) {
        x.c = vector_fma(x.forget, vector_load(before), x.c);
    }
    x.out = vector_logistic(vector_load(z + (size_t)LSTM_OUT * LSTM_PANEL));
    x.squashed = vector_tanh(x.c);
    return x;
}

INLINE void put_gates(const cell_vectors *x, real *z)
{
    vector_store(z + (size_t)LSTM_IN * LSTM_PANEL, x->in);
    vector_store(z + (size_t)LSTM_FORGET * LSTM_PANEL, x->forget);
    vector_store(z + (size_t)LSTM_CELL * LSTM_PANEL, x->cell);
    vector_store(z + (size_t)LSTM_OUT * LSTM_PANEL, x->out);
}

/* Gates, cells and units in one go. */
INLINE void whole_panel(const cell_block *b, const int has_before)
{
    for (size_t r = 0; r < b->rows; r++) {
        real *h = b->h + r * b->h_row;
        real room[LSTM_PANEL];
        real *to = b->used == LSTM_PANEL ? h : room;
        for (size_t i = 0; i < LSTM_PANEL; i += WIDTH) {
            const size_t at = r * LSTM_PANEL + i;
            real *z = b->gates + r * PANEL_COLS + i;
            const cell_vectors x = cell_of(z, has_before ? b->before + at : NULL);
            put_gates(&x, z);
            vector_store(b->cells + at, x.c);
            vector_store(b->squashed + at, x.squashed);
            vector_store(to + i, x.out * x.squashed);
        }
        if (to == room) {
            memcpy(h, room, b->used * sizeof(real));
        }
    }
}

static void cell_block_16(const cell_block *b)
{
    if (b->before != NULL) {
        whole_panel(b, 1);
    } else {
        whole_panel(b, 0);
    }
}

/* ---- a narrow one ---------------------------------------------------------------------------- */

/* All four gates by one formula, so that vectors may cross from gate to gate. With
 * m = e^(scale z) - 1, logistic z = 1 / (2 + m) for scale -1, tanh z = -m / (2 + m) for scale -2.
 */
INLINE void apply_narrow(const cell_block *b, const size_t width)
{
    real scale[PANEL_COLS], one[PANEL_COLS], minus[PANEL_COLS];
    const size_t cols = LSTM_GATES * width;
    for (size_t i = 0; i < cols; i++) {
        const int is_cell = i / width == LSTM_CELL;
        scale[i] = is_cell ? REAL_C(-2.0) : REAL_C(-1.0);
        one[i] = is_cell ? REAL_C(0.0) : REAL_C(1.0);
        minus[i] = is_cell ? REAL_C(-1.0) : REAL_C(0.0);
    }
    for (size_t r = 0; r < b->rows; r++) {
        real *restrict z = b->gates + r * cols;
        ARRAYS_APART
        for (size_t i = 0; i < cols; i++) {
            const real m = real_expm1(scale[i] * z[i]);
            const real numerator = REAL_FMA(z[i], REAL_C(0.0), REAL_FMA(minus[i], m, one[i]));
            z[i] = numerator / (REAL_C(2.0) + m);
        }
    }
}

INLINE void update_cells(const cell_block *b, const size_t width)
{
    for (size_t r = 0; r < b->rows; r++) {
        const real *restrict gates = b->gates + r * LSTM_GATES * width;
        const real *restrict input = gates + LSTM_IN * width, *restrict cell =
                                                                  gates + LSTM_CELL * width;
        const real *restrict forget = gates + LSTM_FORGET * width;
        real *restrict c = b->cells + r * width;
        if (b->before != NULL) {
            const real *restrict before = b->before + r * width;
            ARRAYS_APART
            for (size_t i = 0; i < width; i++) {
                c[i] = REAL_FMA(forget[i], before[i], input[i] * cell[i]);
            }
        } else {
            ARRAYS_APART
            for (size_t i = 0; i < width; i++) {
                c[i] = input[i] * cell[i];
            }
        }
    }
    const size_t n = b->rows * width;
    real *restrict squashed = b->squashed;
    const real *restrict cells = b->cells;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        squashed[i] = real_tanh(cells[i]);
    }
}

INLINE void put_out(const cell_block *b, const size_t width, const size_t used)
{
    for (size_t r = 0; r < b->rows; r++) {
        const real *restrict out = b->gates + (r * LSTM_GATES + LSTM_OUT) * width;
        const real *restrict squashed = b->squashed + r * width;
        real *restrict h = b->h + r * b->h_row;
        ARRAYS_APART
        for (size_t i = 0; i < used; i++) {
            h[i] = out[i] * squashed[i];
        }
    }
}

typedef void block_fn(const cell_block *b);
#define BLOCK_FUNCTION(width)                                                                      \
    static void cell_block_##width(const cell_block *b)                                            \
    {                                                                                              \
        apply_narrow(b, width);                                                                    \
        update_cells(b, width);                                                                    \
        if (b->used == (width)) {                                                                  \
            put_out(b, width, width);                                                              \
        } else {                                                                                   \
            put_out(b, width, b->used);                                                            \
        }                                                                                          \
    }
BLOCK_FUNCTION(4)
BLOCK_FUNCTION(8)
BLOCK_FUNCTION(12)
static block_fn *const cell_blocks[] = {cell_block_4, cell_block_8, cell_block_12, cell_block_16};

/* `rows` rows from `row` on of the panel that begins with unit u0. */
static void forward_block(const lstm_forward_args *p, size_t u0, size_t row, size_t rows)
{
    const lstm_shape *s = &p->shape;
    const size_t width = lstm_width(s, u0), cols = LSTM_GATES * width, before = p->n * u0;
    const size_t F = s->n_inputs, H = s->n_units, at = before + row * width;
    const cell_block b = {
        .gates = (real *)p->gates + LSTM_GATES * at,
        .cells = (real *)p->cells + at,
        .squashed = (real *)p->squashed + at,
        .before = p->c_before != NULL ? (const real *)p->c_before + at : NULL,
        .h = (real *)p->h + row * H + u0,
        .rows = rows,
        .h_row = H,
        .used = lstm_used(s, u0),
    };
    const size_t has_before = p->h_before != NULL;
    const tile_job job = {
        .rows = rows,
        .cols = cols,
        .parts = {{(const real *)p->x + row * p->x_row, p->x_row, 1, F, 1, 0},
                  {has_before ? (const real *)p->h_before + row * H : NULL, H, 1, H, has_before,
                   0}},
        .b = (const real *)p->weight + lstm_rows(s) * LSTM_GATES * u0,
        .start = (const real *)p->bias + LSTM_GATES * u0,
        .c = b.gates,
        .b_row = cols,
        .start_row = 0,
        .c_row = cols,
    };
    KERNEL(tile_multiply)(&job);
    cell_blocks[width / LSTM_STEP - 1](&b);
}

void KERNEL(lstm_forward_step_of)(const lstm_forward_args *args)
{
    for (size_t u0 = 0; u0 < args->shape.n_units; u0 += LSTM_PANEL) {
        for (size_t row = 0; row < args->n; row += ROWS_AT_ONCE) {
            const size_t left = args->n - row;
            forward_block(args, u0, row, left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);
        }
    }
}
