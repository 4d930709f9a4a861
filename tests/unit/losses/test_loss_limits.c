/* tests/unit/losses/test_loss_limits.c - losses that become one another, and what does not change
 * them: order, scale, shift, weights' size, samples left out. */
#include <math.h>
#include <string.h>

#include <feller/loss.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

enum { N = 37 };
static double y[N], o[N];

static void draw_pairs(double y_scale, double o_scale)
{
    rng_stream stream = rng_at(11, 3);
    for (size_t i = 0; i < N; i++) {
        y[i] = y_scale * rng_normal(&stream);
        o[i] = o_scale * rng_normal(&stream);
    }
}

static double value_of(const char *name, const char *settings)
{
    return loss_of_pairs(name, settings, y, o, N);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void test_gmadl_is_half_of_madl_in_the_limit(void)
{
    draw_pairs(0.0217, 0.71);
    CHECK_REL(value_of("gmadl", "a=1e9,b=1"), 0.5 * value_of("madl", ""), 1e-14);
    CHECK_REL(value_of("tanh_madl", "slope=1e9"), value_of("madl", ""), 1e-14);
    CHECK_REL(value_of("gmadl", "a=271,b=1"), 0.5 * value_of("tanh_madl", "slope=135.5"), 1e-14);
    CHECK_SAME(value_of("straight_madl", ""), value_of("madl", ""));
    /* Small a: -a / 4 mean R o |R|^b. */
    double linear = 0.0;
    for (size_t i = 0; i < N; i++) {
        linear -= 1e-6 / 4.0 * y[i] * o[i] * fabs(y[i]) / N;
    }
    CHECK_REL(value_of("gmadl", "a=1e-6,b=1"), linear, 1e-12);
}

static void test_huber_and_log_cosh_lie_between_mse_and_mae(void)
{
    draw_pairs(0.93, 0.71);
    CHECK_REL(value_of("huber", "delta=100"), 0.5 * value_of("mse", ""), 1e-14);
    CHECK_REL(value_of("huber", "delta=1e-9") / 1e-9, value_of("mae", ""), 1e-8);
    CHECK_REL(value_of("log_cosh", "scale=1e6"), 0.5 * value_of("mse", ""), 1e-10);
    CHECK_REL(value_of("log_cosh", "scale=1e-9") / 1e-9, value_of("mae", ""), 1e-8);
    CHECK_REL(value_of("quantile", "quantile=0.5"), 0.5 * value_of("mae", ""), 1e-14);
}

/* A quantile minimises the quantile loss: no other constant does better. */
static void test_quantile_loss_is_least_at_the_quantile(void)
{
    double sorted[N] = {0.0}, constant[N];
    draw_pairs(0.93, 0.71);
    for (size_t i = 0; i < N; i++) {
        size_t rank = 0;
        for (size_t j = 0; j < N; j++) {
            rank += y[j] < y[i];
        }
        sorted[rank] = y[i];
    }
    /* The 0.2-quantile of 37: the 8th smallest is where the slope changes sign. */
    double best = HUGE_VAL, argument = 0.0;
    for (size_t k = 0; k < N; k++) {
        for (size_t i = 0; i < N; i++) {
            constant[i] = sorted[k];
        }
        const double value = loss_of_pairs("quantile", "quantile=0.2", y, constant, N);
        argument = value < best ? sorted[k] : argument;
        best = fmin(best, value);
    }
    CHECK_SAME(argument, sorted[7]);
}

static void test_root_and_relative_losses_agree(void)
{
    draw_pairs(0.93, 0.71);
    CHECK_REL(value_of("rmse", "") * value_of("rmse", ""), value_of("mse", ""), 1e-14);
    CHECK_REL(value_of("nrmse", "") * value_of("nrmse", ""), value_of("rse", ""), 1e-14);
}

static double row_value(const char *name, const char *settings, const double *logits, size_t n,
                        double class)
{
    const fel_loss_batch batch = fel_loss_batch_of(1, logits, n, &class, 1);
    const fel_loss loss = loss_of(name, settings);
    return loss_value(&loss, &batch);
}

static void test_ldr_lies_between_cross_entropy_and_a_margin(void)
{
    const double logits[] = {0.37, -1.21, 0.93, 0.11};
    for (int c = 0; c < 4; c++) {
        const double class = c;
        const double entropy = row_value("cross_entropy", "", logits, 4, class);
        const double own = logits[(size_t) class];
        CHECK_NEAR(row_value("ldr_kl", "lambda=1,margin=0", logits, 4, class), entropy - log(4.0),
                   1e-14);
        /* Crammer, Singer: max(0, max over others of o_k - o_c + margin). */
        const double rival = c == 2 ? 0.37 : 0.93;
        CHECK_NEAR(row_value("ldr_kl", "lambda=1e-5,margin=0.7", logits, 4, class),
                   fmax(0.0, rival - own + 0.7), 2e-5);
        CHECK_NEAR(row_value("aldr_kl", "lambda=0.7,alpha=1e12", logits, 4, class),
                   row_value("ldr_kl", "lambda=0.7", logits, 4, class), 1e-11);
        CHECK(row_value("aldr_kl", "lambda=0.7,alpha=1.2", logits, 4, class) >=
              row_value("ldr_kl", "lambda=0.7", logits, 4, class));
    }
}

/* Two classes: the logistic loss of the difference. */
static void test_two_classes_are_binary(void)
{
    const double logits[] = {0.37, -1.21}, label[] = {1.0}, difference[] = {-1.21 - 0.37};
    CHECK_REL(row_value("cross_entropy", "", logits, 2, 1.0),
              loss_of_pairs("binary_cross_entropy", "", label, difference, 1), 1e-14);
    CHECK_REL(row_value("cross_entropy", "smoothing=0.3", logits, 2, 1.0),
              loss_of_pairs("binary_cross_entropy", "smoothing=0.3", label, difference, 1), 1e-14);
}

static void test_z_loss_does_not_see_scale_or_shift(void)
{
    const double logits[] = {0.37, -1.21, 0.93, 0.11};
    double scaled[4];
    for (size_t k = 0; k < 4; k++) {
        scaled[k] = 37.0 * logits[k] - 911.0;
    }
    CHECK_REL(row_value("z_loss", "", scaled, 4, 2.0), row_value("z_loss", "", logits, 4, 2.0),
              1e-12);
}

/* ---- invariances ----------------------------------------------------------------------------- */

/* Rows moved about, with their order and groups: the same loss, the same gradient. */
static void check_moved_rows(const loss_case *c)
{
    enum { ROOM = CASE_ROWS * CASE_OUTPUTS };
    const fel_loss loss = loss_of(c->name, c->settings);
    const size_t m = case_outputs(loss.code, 2);
    case_batch a, b;
    double da[ROOM], db[ROOM], va = 0.0, vb = 0.0, largest = 0.0;
    case_fill(&a, c, m, 21);
    case_fill(&b, c, m, 21);
    const size_t t = b.batch.n_targets;
    for (size_t i = 0; i < CASE_ROWS; i++) {
        const size_t to = (i * 5 + 2) % CASE_ROWS;
        memcpy(b.outputs + to * m, a.outputs + i * m, m * sizeof(double));
        memcpy(b.targets + to * t, a.targets + i * t, t * sizeof(double));
        b.weights[to] = 3.7 * a.weights[i];
    }
    for (size_t k = 0; k < CASE_ROWS; k++) {
        b.order[k] = (a.order[k] * 5 + 2) % CASE_ROWS;
    }
    CHECK_OK(fel_loss_eval(&loss, &a.batch, &va, da));
    CHECK_OK(fel_loss_eval(&loss, &b.batch, &vb, db));
    CHECK_REL(vb, va, 1e-12);
    for (size_t at = 0; at < CASE_ROWS * m; at++) {
        largest = fmax(largest, fabs(da[at]));
    }
    for (size_t at = 0; at < CASE_ROWS * m; at++) {
        CHECK_NEAR(db[(at / m * 5 + 2) % CASE_ROWS * m + at % m], da[at], 1e-11 * largest);
    }
}

static void test_rows_may_lie_anywhere_and_weights_are_ratios(void)
{
    for (size_t i = 0; i < n_loss_cases; i++) {
        check_moved_rows(&loss_cases[i]);
    }
}

/* A batch without its rows of weight 0. */
static void check_left_out(const loss_case *c)
{
    const fel_loss loss = loss_of(c->name, c->settings);
    const size_t m = case_outputs(loss.code, 2);
    case_batch a, b;
    case_fill(&a, c, m, 23);
    case_fill(&b, c, m, 23);
    const size_t t = b.batch.n_targets;
    size_t n = 0;
    for (size_t g = 0; g < CASE_GROUPS; g++) {
        b.group_starts[g] = n;
        for (size_t k = a.group_starts[g]; k < a.group_starts[g + 1]; k++) {
            const size_t row = a.order[k];
            if (a.weights[row] > 0.0) {
                memcpy(b.outputs + n * m, a.outputs + row * m, m * sizeof(double));
                memcpy(b.targets + n * t, a.targets + row * t, t * sizeof(double));
                b.weights[n] = a.weights[row];
                n++;
            }
        }
    }
    b.group_starts[CASE_GROUPS] = n;
    b.batch.n = n;
    b.batch.order = NULL;
    CHECK_INT(n, CASE_ROWS - 3);
    CHECK_REL(loss_value(&loss, &b.batch), loss_value(&loss, &a.batch), 1e-12);
}

static void test_rows_of_weight_0_are_as_if_they_were_not_there(void)
{
    for (size_t i = 0; i < n_loss_cases; i++) {
        check_left_out(&loss_cases[i]);
    }
}

static void test_units_of_the_target_do_not_matter_to_relative_losses(void)
{
    static const char *const names[] = {"rae", "rse", "nrmse", "rrmse", "mape"};
    double before[5];
    draw_pairs(0.93, 0.71);
    for (size_t i = 0; i < 5; i++) {
        before[i] = value_of(names[i], "");
    }
    for (size_t i = 0; i < N; i++) {
        y[i] *= 137.0;
        o[i] *= 137.0;
    }
    for (size_t i = 0; i < 5; i++) {
        CHECK_REL(value_of(names[i], ""), before[i], 1e-13);
    }
}

/* ---- bounds ---------------------------------------------------------------------------------- */

static void test_no_loss_is_below_its_bound(void)
{
    for (size_t i = 0; i < n_loss_cases; i++) {
        const fel_loss loss = loss_of(loss_cases[i].name, loss_cases[i].settings);
        case_batch b;
        case_fill(&b, &loss_cases[i], case_outputs(loss.code, 2), 31);
        double bound = (double)NAN;
        CHECK_OK(fel_loss_bound(&loss, &b.batch, &bound));
        CHECK(loss_value(&loss, &b.batch) >= bound);
        CHECK((loss.code->flags & FEL_LOSS_DIVERGES) == 0 || bound < -1e300);
    }
}

/* Scores with every sign right reach them. */
static void test_bounds_of_directional_losses_are_reached(void)
{
    static const char *const names[] = {"madl", "straight_madl", "tanh_madl", "gmadl"};
    draw_pairs(0.0217, 0.71);
    for (size_t i = 0; i < N; i++) {
        o[i] = y[i] > 0.0 ? 1e9 : -1e9;
    }
    const fel_loss_batch batch = fel_loss_batch_of(N, o, 1, y, 1);
    for (size_t i = 0; i < 4; i++) {
        const fel_loss loss = loss_of(names[i], "");
        double bound = 0.0;
        CHECK_OK(fel_loss_bound(&loss, &batch, &bound));
        CHECK_REL(loss_value(&loss, &batch), bound, 1e-14);
    }
}

SUITE("losses/loss_limits", TEST(test_gmadl_is_half_of_madl_in_the_limit),
      TEST(test_huber_and_log_cosh_lie_between_mse_and_mae),
      TEST(test_quantile_loss_is_least_at_the_quantile), TEST(test_root_and_relative_losses_agree),
      TEST(test_ldr_lies_between_cross_entropy_and_a_margin), TEST(test_two_classes_are_binary),
      TEST(test_z_loss_does_not_see_scale_or_shift),
      TEST(test_rows_may_lie_anywhere_and_weights_are_ratios),
      TEST(test_rows_of_weight_0_are_as_if_they_were_not_there),
      TEST(test_units_of_the_target_do_not_matter_to_relative_losses),
      TEST(test_no_loss_is_below_its_bound), TEST(test_bounds_of_directional_losses_are_reached));
