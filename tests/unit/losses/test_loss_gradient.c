/* tests/unit/losses/test_loss_gradient.c - the gradient of every loss against differences of its
 * value: random awkward points, uneven weights, rows left out, groups, rows out of order. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/loss.h>

#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

/* Relative to the largest slope of the batch. */
#define TOLERANCE 1e-7

static double central(const fel_loss *loss, case_batch *b, size_t at, double h)
{
    const double x = b->outputs[at];
    b->outputs[at] = x + h;
    const double up = loss_value(loss, &b->batch);
    b->outputs[at] = x - h;
    const double down = loss_value(loss, &b->batch);
    b->outputs[at] = x;
    return (up - down) / (2.0 * h);
}

/* Two central differences without their error in h^2: what is left is h^4. */
static double slope_at(const fel_loss *loss, case_batch *b, size_t at, double h)
{
    return (4.0 * central(loss, b, at, 0.5 * h) - central(loss, b, at, h)) / 3.0;
}

static void check_gradient(const loss_case *c, size_t n_outputs, uint64_t seed)
{
    const fel_loss loss = loss_of(c->name, c->settings);
    double gradient[CASE_ROWS * CASE_OUTPUTS], value = 0.0, largest = 0.0, worst = 0.0;
    case_batch b;
    case_fill(&b, c, n_outputs, seed);
    memset(gradient, 0x55, sizeof(gradient));
    CHECK_OK(fel_loss_eval(&loss, &b.batch, &value, gradient));
    CHECK_SAME(value, loss_value(&loss, &b.batch));
    for (size_t at = 0; at < CASE_ROWS * n_outputs; at++) {
        largest = fmax(largest, fabs(gradient[at]));
    }
    for (size_t at = 0; at < CASE_ROWS * n_outputs; at++) {
        if (b.weights[at / n_outputs] > 0.0) {
            const double slope = slope_at(&loss, &b, at, 3e-4 * c->output_scale);
            worst = fmax(worst, fabs(gradient[at] - slope));
        } else {
            CHECK_SAME(gradient[at], 0.0);
        }
    }
    if (!(worst <= TOLERANCE * largest) || !(largest > 0.0)) {
        (void)printf("\n%s(%s), %zu outputs, seed %d: gradient off by %g of %g\n", c->name,
                     c->settings, n_outputs, (int)seed, worst, largest);
    }
    CHECK(worst <= TOLERANCE * largest);
    CHECK(largest > 0.0);
}

static void test_gradients_agree_with_differences(void)
{
    for (size_t i = 0; i < n_loss_cases; i++) {
        const fel_loss loss = loss_of(loss_cases[i].name, loss_cases[i].settings);
        for (uint64_t seed = 1; seed <= 3; seed++) {
            const size_t one = case_outputs(loss.code, 1), many = case_outputs(loss.code, 4);
            check_gradient(&loss_cases[i], one, seed);
            if (many != one) {
                check_gradient(&loss_cases[i], many, seed + 10);
            }
        }
    }
}

static void test_every_loss_is_among_the_cases(void)
{
    size_t n = 0;
    const fel_loss_class *const *all = fel_loss_classes(&n);
    for (size_t i = 0; i < n; i++) {
        int cases = 0;
        for (size_t k = 0; k < n_loss_cases; k++) {
            cases += strcmp(loss_cases[k].name, all[i]->name) == 0;
        }
        /* The others are below: no gradient, or another function's. */
        const int is_true = (all[i]->flags & FEL_LOSS_HAS_GRADIENT) != 0 &&
                            (all[i]->flags & FEL_LOSS_STAND_IN) == 0;
        CHECK_INT(cases > 0, is_true);
    }
}

/* ---- gradients that are not derivatives ------------------------------------------------------ */

static void check_all_zero(const loss_case *c)
{
    const fel_loss loss = loss_of(c->name, c->settings);
    double gradient[CASE_ROWS * CASE_OUTPUTS], value = 0.0;
    case_batch b;
    case_fill(&b, c, 1, 5);
    memset(gradient, 0x55, sizeof(gradient));
    CHECK_OK(fel_loss_eval(&loss, &b.batch, &value, gradient));
    CHECK(fabs(value) > 1e-6);
    CHECK((loss.code->flags & FEL_LOSS_HAS_GRADIENT) == 0);
    for (size_t at = 0; at < CASE_ROWS; at++) {
        CHECK_SAME(gradient[at], 0.0);
    }
}

static void test_exact_madl_and_auc_have_no_gradient(void)
{
    const loss_case madl = {"madl", "", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.931};
    const loss_case auc = {"auc_error", "", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.931};
    check_all_zero(&madl);
    check_all_zero(&auc);
}

/* And not for a trick of rounding: the value itself does not move. */
static void test_exact_madl_does_not_move_with_its_outputs(void)
{
    const double y[] = {0.0217, -0.0131, 0.0071}, o[] = {0.3, 0.2, -0.11};
    const double moved[] = {0.9, 1e-30, -37.0};
    const double value = loss_of_pairs("madl", "", y, o, 3);
    CHECK_NEAR(value, -(0.0217 - 0.0131 - 0.0071) / 3.0, 1e-18);
    CHECK_SAME(loss_of_pairs("madl", "", y, moved, 3), value);
}

static void test_straight_through_gradients_are_those_of_the_output(void)
{
    const double y[] = {0.0217, -0.0131, 0.0071, -0.05}, o[] = {0.3, 1.2, -0.11, 0.0};
    const double w[] = {1.0, 3.0, 0.5, 0.5};
    fel_loss_batch batch = fel_loss_batch_of(4, o, 1, y, 1);
    double g[4], value = 0.0;
    batch.weights = w;
    fel_loss loss = loss_of("straight_madl", "");
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
    CHECK_NEAR(value, -(0.0217 - 3.0 * 0.0131 - 0.5 * 0.0071) / 5.0, 1e-17);
    CHECK_NEAR(g[0], -0.0217 / 5.0, 1e-17);
    CHECK_SAME(g[1], 0.0);
    CHECK_NEAR(g[2], -0.5 * 0.0071 / 5.0, 1e-17);
    CHECK_NEAR(g[3], 0.5 * 0.05 / 5.0, 1e-17);
    loss = loss_of("straight_madl", "clip=0");
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
    CHECK_NEAR(g[1], 3.0 * 0.0131 / 5.0, 1e-17);
}

/* A position that is a sign: value of the sign, slopes of the clip. */
static void test_sign_positions_pass_slopes_through(void)
{
    const double y[] = {0.0217, -0.0131, 0.0071}, o[] = {0.3, -0.2, -1.1};
    const fel_loss_batch batch = fel_loss_batch_of(3, o, 1, y, 1);
    const fel_loss loss =
        loss_of("negative_mean_variance", "position=sign,long_only=true,scale=2,cost_bps=10,"
                                          "risk_aversion=0,periods_per_year=100");
    double g[3], value = 0.0;
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
    /* Buys for 10 bps, earns 2.17 %, sells for 10 bps, stays out. */
    CHECK_NEAR(value, -100.0 * (0.0217 - 0.002) / 3.0, 1e-15);
    CHECK_NEAR(g[0], -100.0 * 2.0 * (0.0217 - 0.001 - 0.001) / 3.0, 1e-15);
    CHECK_NEAR(g[1], -100.0 * 2.0 * (-0.0131 + 0.001) / 3.0, 1e-15);
    CHECK_SAME(g[2], 0.0);
}

SUITE("losses/loss_gradient", TEST(test_gradients_agree_with_differences),
      TEST(test_every_loss_is_among_the_cases), TEST(test_exact_madl_and_auc_have_no_gradient),
      TEST(test_exact_madl_does_not_move_with_its_outputs),
      TEST(test_straight_through_gradients_are_those_of_the_output),
      TEST(test_sign_positions_pass_slopes_through));
