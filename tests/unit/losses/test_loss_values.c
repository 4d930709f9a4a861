/* tests/unit/losses/test_loss_values.c - every loss on numbers that can be worked out by hand. */
#include <math.h>
#include <string.h>

#include <feller/loss.h>

#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

/* e = y - o = 0.5, -1.5, 0, 2; mean y = 1.75, |y - mean| = 0.75, 0.25, 2.25, 1.75. */
static const double y[] = {2.5, 1.5, -0.5, 3.5};
static const double o[] = {2.0, 3.0, -0.5, 1.5};
enum { N = 4 };

static double value_of(const char *name, const char *settings)
{
    return loss_of_pairs(name, settings, y, o, N);
}

static void test_errors_of_four_samples(void)
{
    CHECK_NEAR(value_of("mae", ""), 1.0, 1e-15);
    CHECK_NEAR(value_of("mse", ""), 6.5 / 4.0, 1e-15);
    CHECK_NEAR(value_of("mbe", ""), 0.25, 1e-15);
    CHECK_NEAR(value_of("rmse", ""), sqrt(1.625), 1e-15);
    CHECK_NEAR(value_of("mape", "floor=0.1"), 25.0 * (0.2 + 1.0 + 2.0 / 3.5), 1e-13);
    CHECK_NEAR(value_of("huber", "delta=1"), (0.125 + 1.0 + 1.5) / 4.0, 1e-15);
    CHECK_NEAR(value_of("quantile", "quantile=0.9"), (0.45 + 0.15 + 1.8) / 4.0, 1e-15);
    CHECK_NEAR(value_of("log_cosh", ""), (log(cosh(0.5)) + log(cosh(1.5)) + log(cosh(2.0))) / 4.0,
               1e-15);
    const double e1 = log(3.5 / 3.0), e2 = log(2.5 / 4.0), e4 = log(4.5 / 2.5);
    CHECK_NEAR(value_of("msle", ""), (e1 * e1 + e2 * e2 + e4 * e4) / 4.0, 1e-15);
    CHECK_NEAR(value_of("rmsle", ""), sqrt((e1 * e1 + e2 * e2 + e4 * e4) / 4.0), 1e-15);
}

/* The survey's code divides RSE by its own numerator (always 1) and NRMSE by the deviation of the
 * outputs; these are the definitions of the texts. */
static void test_relative_errors_are_relative_to_the_targets(void)
{
    const double squares = 0.75 * 0.75 + 0.25 * 0.25 + 2.25 * 2.25 + 1.75 * 1.75;
    CHECK_NEAR(value_of("rae", ""), 4.0 / 5.0, 1e-15);
    CHECK_NEAR(value_of("rse", ""), 6.5 / squares, 1e-15);
    CHECK_NEAR(value_of("nrmse", ""), sqrt(6.5 / squares), 1e-15);
    CHECK_NEAR(value_of("nrmse", "by=range"), sqrt(1.625) / 4.0, 1e-15);
    CHECK_NEAR(value_of("nrmse", "by=mean"), sqrt(1.625) / 1.75, 1e-15);
    CHECK_NEAR(value_of("rrmse", ""), sqrt(6.5 / (6.25 + 2.25 + 0.25 + 12.25)), 1e-15);
    CHECK_NEAR(value_of("rrmse", "by=outputs"), sqrt(6.5 / (4.0 + 9.0 + 0.25 + 2.25)), 1e-15);
}

static void test_directions_of_four_samples(void)
{
    const double r[] = {0.02, -0.01, 0.03, 0.0}, f[] = {1.5, 0.5, -2.0, 7.0};
    CHECK_NEAR(loss_of_pairs("madl", "", r, f, N), -(0.02 - 0.01 - 0.03) / 4.0, 1e-18);
    CHECK_NEAR(loss_of_pairs("straight_madl", "", r, f, N), 0.02 / 4.0, 1e-18);
    CHECK_NEAR(loss_of_pairs("tanh_madl", "slope=50", r, f, N),
               -(tanh(1.5) * 0.02 - tanh(0.25) * 0.01 - tanh(3.0) * 0.03) / 4.0, 1e-18);
    const double s1 = 1.0 / (1.0 + exp(-3.0)) - 0.5, s2 = 1.0 / (1.0 + exp(0.5)) - 0.5;
    const double s3 = 1.0 / (1.0 + exp(6.0)) - 0.5;
    CHECK_NEAR(loss_of_pairs("gmadl", "a=100,b=2", r, f, N),
               -(s1 * 0.0004 + s2 * 0.0001 + s3 * 0.0009) / 4.0, 1e-19);
}

static void test_binary_cross_entropy_of_two_samples(void)
{
    const double p[] = {1.0, 0.25}, logit[] = {0.7, -1.3};
    const double s1 = 1.0 / (1.0 + exp(-0.7)), s2 = 1.0 / (1.0 + exp(1.3));
    CHECK_NEAR(loss_of_pairs("binary_cross_entropy", "", p, logit, 2),
               -(log(s1) + 0.25 * log(s2) + 0.75 * log(1.0 - s2)) / 2.0, 1e-15);
    CHECK_NEAR(loss_of_pairs("binary_cross_entropy", "positive_weight=3", p, logit, 2),
               -(3.0 * log(s1) + 0.75 * log(s2) + 0.75 * log(1.0 - s2)) / 2.0, 1e-15);
    CHECK_NEAR(loss_of_pairs("binary_cross_entropy", "smoothing=0.2", p, logit, 1),
               -(0.9 * log(s1) + 0.1 * log(1.0 - s1)), 1e-15);
}

/* Logits that would overflow exp(). */
static void test_logits_do_not_overflow(void)
{
    const double p[] = {0.0, 1.0}, far[] = {800.0, -3000.0};
    CHECK_NEAR(loss_of_pairs("binary_cross_entropy", "", p, far, 2), 1900.0, 1e-12);
    CHECK_NEAR(loss_of_pairs("pairwise_logistic", "", p, far, 2), 3800.0, 1e-12);
    const double class[] = {1.0}, logits[] = {5000.0, -5000.0, 0.0};
    const fel_loss_batch batch = fel_loss_batch_of(1, logits, 3, class, 1);
    fel_loss loss = loss_of("cross_entropy", "");
    CHECK_NEAR(loss_value(&loss, &batch), 10000.0, 1e-11);
    loss = loss_of("ldr_kl", "margin=0");
    CHECK_NEAR(loss_value(&loss, &batch), 10000.0 - log(3.0), 1e-11);
    CHECK_NEAR(loss_of_pairs("log_cosh", "", p, far, 1), 800.0 - log(2.0), 1e-12);
}

static void test_classes_of_one_row(void)
{
    const double class[] = {2.0}, logits[] = {0.5, -1.0, 1.25};
    const fel_loss_batch batch = fel_loss_batch_of(1, logits, 3, class, 1);
    const double sum = exp(0.5) + exp(-1.0) + exp(1.25);
    fel_loss loss = loss_of("cross_entropy", "");
    CHECK_NEAR(loss_value(&loss, &batch), log(sum) - 1.25, 1e-15);
    loss = loss_of("cross_entropy", "smoothing=0.3");
    CHECK_NEAR(loss_value(&loss, &batch), log(sum) - 0.8 * 1.25 - 0.1 * (0.5 - 1.0), 1e-15);
    loss = loss_of("ldr_kl", "lambda=0.5,margin=0.25");
    CHECK_NEAR(loss_value(&loss, &batch),
               0.5 * log((exp(-0.5 / 0.5) + exp(-2.0 / 0.5) + 1.0) / 3.0), 1e-15);
    loss = loss_of("z_loss", "a=2,b=0.5");
    const double deviation = sqrt((0.0625 + 1.5625 + 1.0) / 3.0);
    CHECK_NEAR(loss_value(&loss, &batch), 0.5 * log(1.0 + exp(2.0 * (0.5 - 1.0 / deviation))),
               1e-15);
}

/* The stationary point, found again by scanning lambda. */
static void test_aldr_solves_for_lambda(void)
{
    const double class[] = {0.0}, logits[] = {-0.4, 0.9, 0.1, 0.3};
    const fel_loss_batch batch = fel_loss_batch_of(1, logits, 4, class, 1);
    double best = -HUGE_VAL;
    for (int i = 0; i <= 60000; i++) {
        const double lambda = 1.4 + 1e-5 * i;
        double sum = 0.0;
        for (int k = 0; k < 4; k++) {
            sum += exp((logits[k] - logits[0] + (k == 0 ? 0.0 : 0.2)) / lambda) / 4.0;
        }
        const double d = lambda - 2.0;
        best = fmax(best, lambda * log(sum) - 1.5 * log(4.0) / 4.0 * d * d);
    }
    const fel_loss loss = loss_of("aldr_kl", "lambda=2,margin=0.2,alpha=1.5");
    CHECK_NEAR(loss_value(&loss, &batch), best, 1e-9);
}

/* Two outputs a sample count as twice as many samples of one; relative errors have a mean each. */
static void test_several_outputs_are_averaged(void)
{
    const fel_loss_batch batch = fel_loss_batch_of(2, o, 2, y, 2);
    fel_loss loss = loss_of("mse", "");
    CHECK_NEAR(loss_value(&loss, &batch), 6.5 / 4.0, 1e-15);
    loss = loss_of("rse", "");
    CHECK_NEAR(loss_value(&loss, &batch), 6.5 / (2.0 * 1.5 * 1.5 + 2.0 * 1.0), 1e-15);
}

static void test_weights_are_counts(void)
{
    const double w[] = {3.0, 1.0, 0.0, 2.0}, twice_y[] = {2.5, 2.5, 2.5, 1.5, 3.5, 3.5};
    const double twice_o[] = {2.0, 2.0, 2.0, 3.0, 1.5, 1.5};
    static const char *const names[] = {"mae",   "mse",   "rae",  "rse",   "rmse",     "nrmse",
                                        "rrmse", "huber", "msle", "rmsle", "quantile", "mape"};
    fel_loss_batch batch = fel_loss_batch_of(N, o, 1, y, 1);
    batch.weights = w;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const fel_loss loss = loss_of(names[i], "");
        CHECK_REL(loss_value(&loss, &batch), loss_of_pairs(names[i], "", twice_y, twice_o, 6),
                  1e-15);
    }
}

SUITE("losses/loss_values", TEST(test_errors_of_four_samples),
      TEST(test_relative_errors_are_relative_to_the_targets), TEST(test_directions_of_four_samples),
      TEST(test_binary_cross_entropy_of_two_samples), TEST(test_logits_do_not_overflow),
      TEST(test_classes_of_one_row), TEST(test_aldr_solves_for_lambda),
      TEST(test_several_outputs_are_averaged), TEST(test_weights_are_counts));
