/* tests/unit/models/test_unroll.c - networks unrolled over dates: their gradients where inputs
 * follow from outputs, what a sink is told. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/gradient_check.h"
#include "tests/unit/models/unroll_fixture.h"

/* ---- gradients ------------------------------------------------------------------------------- */

static const size_t none[] = {0}, five[] = {5, 0}, wide[] = {21, 0}, two[] = {5, 19, 0},
                    odd[] = {18, 3, 0}, long_one[] = {70, 0};

static const walk_case cases[] = {
    {"lstm", "", "lstm", five, 3, 1, 1, 4, 3, 0},
    {"lstm, two outputs", "forget_bias=-0.7", "lstm", wide, 4, 2, 2, 3, 9, 0},
    {"lstm, many live", "", "lstm", five, 7, 6, 6, 3, 2, 0},
    {"lstm, none live", "", "lstm", five, 3, 2, 0, 3, 3, 0},
    {"lstm, one date", "", "lstm", five, 3, 1, 1, 1, 3, 0},
    {"lstm, two layers", "", "lstm", two, 3, 1, 1, 3, 3, 0},
    {"lstm, two odd layers", "", "lstm", odd, 6, 3, 5, 2, 11, 0},
    {"lstm a date", "", "lstm", two, 3, 1, 1, 3, 3, 1},
    {"mlp", "activation=tanh", "mlp", two, 4, 1, 1, 4, 3, 0},
    {"mlp, gelu", "activation=gelu", "mlp", odd, 4, 3, 2, 3, 9, 0},
    {"mlp, wide", "activation=tanh", "mlp", long_one, 3, 7, 1, 3, 5, 0},
    {"mlp a date", "activation=tanh", "mlp", two, 4, 2, 1, 4, 3, 1},
    {"mlp a date, relu", "activation=relu", "mlp", two, 4, 1, 1, 3, 3, 1},
    {"linear", "", "mlp", none, 4, 1, 1, 4, 3, 0},
    {"linear a date", "", "mlp", none, 4, 9, 2, 3, 3, 1},
};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

static double loss_of(void *payload)
{
    const walk *w = payload;
    return walk_forward(w, w->unroll, 0, w->c->n, 1);
}

static void test_gradients_where_inputs_follow_from_outputs(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        walk w = walk_open(&cases[i], i + 5);
        const size_t n_x = w.n_params + cases[i].n * cases[i].n_live;
        const int has_kink = strstr(cases[i].name, "relu") != NULL;
        (void)loss_of(&w);
        walk_backward(&w, w.unroll, 0, cases[i].n, NULL);
        fel_unroll_add_gradient_f64(w.unroll, w.gradient);
        const gradient_check check = {.name = cases[i].name,
                                      .n = n_x,
                                      .x = w.params,
                                      .gradient = w.gradient,
                                      .value = loss_of,
                                      .payload = &w,
                                      .step = has_kink ? 1e-5 : 0.0,
                                      .stride = n_x > 1000 ? 7 : 1,
                                      .seed = i};
        check_gradient_of(&check);
        walk_close(&w);
    }
}

/* The largest difference, relative to the largest of both. */
static double difference(const double *a, const double *b, size_t n)
{
    double most = 0.0, off = 0.0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fmax(fabs(a[i]), fabs(b[i])));
        off = fmax(off, fabs(a[i] - b[i]));
    }
    return off / fmax(most, 1e-300);
}

static int is_zero(const double *x, size_t n)
{
    size_t i = 0;
    while (i < n && x[i] == 0.0) {
        i++;
    }
    return i == n;
}

/* Blocks one after the other, parameters packed once, one call at the end; a second call adds
 * nothing. */
static void test_passes_share_one_call(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        const size_t n = cases[i].n, half = (n + 1) / 2;
        walk w = walk_open(&cases[i], i + 50);
        const double whole = loss_of(&w);
        walk_backward(&w, w.unroll, 0, n, NULL);
        fel_unroll_add_gradient_f64(w.unroll, w.gradient);
        double *parts = walk_numbers(w.n_params);
        double loss = walk_forward(&w, w.unroll, 0, half, 0);
        walk_backward(&w, w.unroll, 0, half, NULL);
        if (n > half) {
            loss += walk_forward(&w, w.unroll, half, n - half, 0);
            walk_backward(&w, w.unroll, half, n - half, NULL);
        }
        fel_unroll_add_gradient_f64(w.unroll, parts);
        CHECK_REL(loss, whole, 1e-13);
        CHECK(difference(parts, w.gradient, w.n_params) < 1e-13);
        memset(parts, 0, w.n_params * sizeof(double));
        fel_unroll_add_gradient_f64(w.unroll, parts);
        CHECK(is_zero(parts, w.n_params));
        free(parts);
        walk_close(&w);
    }
}

/* ---- uses ------------------------------------------------------------------------------------ */

/* What a sink is told, put together: slopes' inputs summed over uses, as the gradient lies. */
typedef struct told {
    const walk *w;
    double *gradient;
    double slopes; /* summed as they come, told apart by their number */
    size_t n_uses, n_wrong, last_date, last_block;
} told;

static void add_use(told *t, const fel_layer_use *use)
{
    const size_t each = fel_network_count_params(t->w->net);
    const fel_block_info *block = fel_network_block(t->w->net, use->block);
    const double *inputs = use->inputs, *slopes = use->slopes;
    double *to = t->gradient + (t->w->c->per_date ? use->date * each : 0) + block->offset;
    for (size_t i = 0; i < use->n; i++) {
        for (size_t r = 0; r < block->rows; r++) {
            for (size_t k = 0; k < block->cols; k++) {
                to[r * block->cols + k] +=
                    slopes[i * block->rows + r] * inputs[i * block->cols + k];
            }
        }
    }
    for (size_t i = 0; i < use->n * block->rows; i++) {
        t->slopes += slopes[i] * (double)(t->n_uses * 7919 + i % 1009);
    }
}

static void use_of(void *payload, const fel_layer_use *use)
{
    told *t = payload;
    const size_t n_layers = fel_network_count_blocks(t->w->net) / 2;
    const size_t from_end = t->n_uses % n_layers;
    t->n_wrong += use->n != t->w->c->n;
    t->n_wrong += use->block != 2 * (n_layers - 1 - from_end);
    t->n_wrong += use->date != t->w->c->n_dates - 1 - t->n_uses / n_layers;
    t->n_wrong += fel_network_block(t->w->net, use->block)->role != FEL_BLOCK_WEIGHT;
    add_use(t, use);
    t->n_uses++;
}

/* Biases are not in the sums of products. */
static void copy_biases(const walk *w, double *to)
{
    const size_t each = fel_network_count_params(w->net);
    for (size_t at = 0; at < w->n_params; at += each) {
        for (size_t i = 1; i < fel_network_count_blocks(w->net); i += 2) {
            const fel_block_info *block = fel_network_block(w->net, i);
            memcpy(to + at + block->offset, w->gradient + at + block->offset,
                   block->rows * sizeof(double));
        }
    }
}

static told tell(const walk *w)
{
    told t = {.w = w, .gradient = walk_numbers(w->n_params)};
    const fel_layer_sink sink = {.payload = &t, .use = use_of};
    walk_backward(w, w->unroll, 0, w->c->n, &sink);
    CHECK_INT(t.n_wrong, 0);
    CHECK_INT(t.n_uses, w->c->n_dates * fel_network_count_blocks(w->net) / 2);
    CHECK(t.slopes != 0.0);
    return t;
}

static void test_uses_make_up_the_gradient(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        walk w = walk_open(&cases[i], i + 90);
        (void)loss_of(&w);
        told t = tell(&w);
        fel_unroll_add_gradient_f64(w.unroll, w.gradient);
        copy_biases(&w, t.gradient);
        CHECK_NEAR(difference(t.gradient, w.gradient, w.n_params), 0.0, 1e-12);
        free(t.gradient);
        walk_close(&w);
    }
}

/* The same slopes, and no gradient; then gradients again. */
static void test_slopes_alone_leave_no_gradient(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        walk w = walk_open(&cases[i], i + 110);
        double *other = walk_numbers(w.n_params);
        (void)loss_of(&w);
        told with = tell(&w);
        fel_unroll_add_gradient_f64(w.unroll, w.gradient);
        fel_unroll_slopes_only(w.unroll, 1);
        told without = tell(&w);
        fel_unroll_add_gradient_f64(w.unroll, other);
        CHECK_SAME(without.slopes, with.slopes);
        CHECK(is_zero(other, w.n_params));
        fel_unroll_slopes_only(w.unroll, 0);
        walk_backward(&w, w.unroll, 0, cases[i].n, NULL);
        fel_unroll_add_gradient_f64(w.unroll, other);
        CHECK(memcmp(other, w.gradient, w.n_params * sizeof(double)) == 0);
        free(other);
        free(with.gradient);
        free(without.gradient);
        walk_close(&w);
    }
}

/* ---- forward alone --------------------------------------------------------------------------- */

/* Nothing kept, and samples in other blocks: the same bits. */
static void test_forward_alone_has_the_same_bits(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        const size_t n = cases[i].n, n_out = cases[i].n_dates * n * cases[i].n_outputs;
        walk w = walk_open(&cases[i], i + 130);
        fel_unroll_config config = walk_config(&cases[i], w.net);
        fel_unroll *alone = NULL;
        double *kept = walk_numbers(n_out);
        config.keeps = 0;
        config.max_samples = (n + 1) / 2;
        CHECK_OK(fel_unroll_create_f64(&alone, &config));
        (void)loss_of(&w);
        memcpy(kept, w.outputs, n_out * sizeof(double));
        memset(w.outputs, 0, n_out * sizeof(double));
        (void)walk_forward(&w, alone, 0, config.max_samples, 1);
        (void)walk_forward(&w, alone, config.max_samples, n - config.max_samples, 0);
        CHECK(memcmp(kept, w.outputs, n_out * sizeof(double)) == 0);
        free(kept);
        fel_unroll_destroy(alone);
        walk_close(&w);
    }
}

SUITE("models/unroll", TEST(test_gradients_where_inputs_follow_from_outputs),
      TEST(test_passes_share_one_call), TEST(test_uses_make_up_the_gradient),
      TEST(test_slopes_alone_leave_no_gradient), TEST(test_forward_alone_has_the_same_bits));
