/* tests/unit/losses/test_loss_ranking.c - pairs counted one by one, and a soft sort that becomes
 * the sort. */
#include <math.h>

#include <feller/loss.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

enum { N = 61 };
static double y[N], o[N], w[N];

/* Scores on a coarse grid, so that many tie. */
static fel_loss_batch draw_scores(uint64_t seed)
{
    rng_stream stream = rng_at(seed, 4);
    for (size_t i = 0; i < N; i++) {
        y[i] = rng_normal(&stream);
        o[i] = floor(3.0 * (0.5 * y[i] + rng_normal(&stream)));
        w[i] = rng_uniform(&stream) < 0.2 ? 0.0 : 0.5 + rng_uniform(&stream);
    }
    fel_loss_batch batch = fel_loss_batch_of(N, o, 1, y, 1);
    batch.weights = w;
    return batch;
}

static double auc_error_by_pairs(double threshold)
{
    double wrong = 0.0, all = 0.0;
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            if (y[i] > threshold && !(y[j] > threshold)) {
                all += w[i] * w[j];
                wrong += w[i] * w[j] * (o[i] < o[j] ? 1.0 : o[i] > o[j] ? 0.0 : 0.5);
            }
        }
    }
    return wrong / all;
}

static void test_auc_error_counts_wrong_pairs(void)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const fel_loss_batch batch = draw_scores(seed);
        const fel_loss loss = loss_of("auc_error", "threshold=0.31");
        CHECK_REL(loss_value(&loss, &batch), auc_error_by_pairs(0.31), 1e-13);
    }
}

/* log(1 + exp(-d)) / log 2 >= [d <= 0], so the logistic loss is a bound; steep, it is the count. */
static void test_logistic_loss_bounds_the_wrong_pairs(void)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const fel_loss_batch batch = draw_scores(seed);
        const fel_loss count = loss_of("auc_error", ""), loss = loss_of("pairwise_logistic", "");
        CHECK(loss_value(&loss, &batch) / log(2.0) >= loss_value(&count, &batch));
    }
}

/* By hand: 3 above 1 and 2, 2 above 1, in two groups. */
static void test_pairs_are_those_within_groups(void)
{
    const double grade[] = {1.0, 3.0, 2.0, 2.0, 2.0, 7.0},
                 score[] = {0.3, 0.1, -0.4, 5.0, 6.0, 7.0};
    const size_t starts[] = {0, 3, 5, 6};
    fel_loss_batch batch = fel_loss_batch_of(6, score, 1, grade, 1);
    batch.group_starts = starts;
    batch.n_groups = 3;
    const fel_loss loss = loss_of("pairwise_logistic", "pairs=ranks");
    CHECK_NEAR(loss_value(&loss, &batch),
               (log(1.0 + exp(0.2)) + log(1.0 + exp(-0.5)) + log(1.0 + exp(0.7))) / 3.0, 1e-15);
}

/* ---- NeuralNDCG ------------------------------------------------------------------------------ */

/* Grades by score: 1, 3, 0, 2. */
static void test_soft_sort_becomes_the_sort(void)
{
    const double grade[] = {3.0, 0.0, 2.0, 1.0}, score[] = {0.7, 0.1, -0.4, 1.9};
    const fel_loss_batch batch = fel_loss_batch_of(4, score, 1, grade, 1);
    const double ideal = 7.0 + 3.0 / log2(3.0) + 1.0 / 2.0;
    const double gain = 1.0 + 7.0 / log2(3.0) + 0.0 + 3.0 / log2(5.0);
    fel_loss loss = loss_of("neural_ndcg", "temperature=0.001");
    CHECK_NEAR(loss_value(&loss, &batch), -gain / ideal, 1e-12);
    loss = loss_of("neural_ndcg", "temperature=0.001,truncation=2,gain=linear");
    CHECK_NEAR(loss_value(&loss, &batch), -(1.0 + 3.0 / log2(3.0)) / (3.0 + 2.0 / log2(3.0)),
               1e-12);
    /* The best order: all of it. Equal scores: every place gets the mean gain. */
    loss = loss_of("neural_ndcg", "temperature=0.001");
    const double best[] = {5.0, -3.0, 2.0, 0.4}, equal[] = {0.3, 0.3, 0.3, 0.3};
    fel_loss_batch other = batch;
    other.outputs = best;
    CHECK_NEAR(loss_value(&loss, &other), -1.0, 1e-12);
    other.outputs = equal;
    const double places = 1.0 + 1.0 / log2(3.0) + 0.5 + 1.0 / log2(5.0);
    CHECK_NEAR(loss_value(&loss, &other), -11.0 / 4.0 * places / ideal, 1e-12);
}

/* A constant added to a cross-section changes nothing; scores and temperature together neither. */
static void test_ndcg_sees_differences_in_units_of_temperature(void)
{
    double moved[N];
    fel_loss_batch batch = draw_scores(3);
    for (size_t i = 0; i < N; i++) {
        y[i] = fmax(0.0, floor(2.0 + y[i]));
        moved[i] = 3.0 * o[i] - 17.0;
    }
    fel_loss loss = loss_of("neural_ndcg", "temperature=1.7");
    const double value = loss_value(&loss, &batch);
    loss = loss_of("neural_ndcg", "temperature=5.1");
    batch.outputs = moved;
    CHECK_REL(loss_value(&loss, &batch), value, 1e-11);
    CHECK(value < 0.0 && value > -1.0);
}

/* A group without a grade says nothing of its order. */
static void test_groups_without_gain_are_left_out(void)
{
    const double grade[] = {3.0, 0.0, 2.0, 0.0, 0.0}, score[] = {0.7, 0.1, -0.4, 1.9, 0.3};
    const size_t starts[] = {0, 3, 5};
    fel_loss_batch batch = fel_loss_batch_of(5, score, 1, grade, 1);
    const fel_loss loss = loss_of("neural_ndcg", "");
    double both = 0.0, g[5];
    batch.group_starts = starts;
    batch.n_groups = 2;
    CHECK_OK(fel_loss_eval(&loss, &batch, &both, g));
    CHECK_SAME(g[3], 0.0);
    CHECK_SAME(g[4], 0.0);
    batch.n = 3;
    batch.n_groups = 1;
    CHECK_SAME(loss_value(&loss, &batch), both);
}

SUITE("losses/loss_ranking", TEST(test_auc_error_counts_wrong_pairs),
      TEST(test_logistic_loss_bounds_the_wrong_pairs), TEST(test_pairs_are_those_within_groups),
      TEST(test_soft_sort_becomes_the_sort),
      TEST(test_ndcg_sees_differences_in_units_of_temperature),
      TEST(test_groups_without_gain_are_left_out));
