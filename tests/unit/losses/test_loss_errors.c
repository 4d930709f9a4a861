/* tests/unit/losses/test_loss_errors.c - batches and parameters that are wrong, memory that runs
 * out, and the table of losses itself. */
#include <math.h>
#include <string.h>

#include <feller/loss.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/losses/loss_cases.h"

static const double y[] = {0.5, 1.5, 2.0}, o[] = {1.0, 0.5, 3.0};
enum { N = 3 };

static fel_loss_batch good_batch(void)
{
    return fel_loss_batch_of(N, o, 1, y, 1);
}

/* The loss fails with this text; the value is left alone. */
static void check_fails(const char *name, const char *settings, const fel_loss_batch *batch,
                        fel_status status, const char *text)
{
    const fel_loss loss = loss_of(name, settings);
    double value = 37.5, gradient[64];
    CHECK_STATUS(fel_loss_eval(&loss, batch, &value, gradient), status);
    CHECK_HAS(fel_last_error()->message, text);
    CHECK_SAME(value, 37.5);
}

/* ---- batches --------------------------------------------------------------------------------- */

static void test_sizes_must_agree(void)
{
    fel_loss_batch batch = good_batch();
    batch.n = 0;
    check_fails("mse", "", &batch, FEL_ERR_SHAPE, "mse: 0 samples of 1 outputs");
    batch = good_batch();
    batch.n_targets = 2;
    check_fails("mse", "", &batch, FEL_ERR_SHAPE, "2 targets a sample; 1 outputs need 1");
    batch = good_batch();
    check_fails("cross_entropy", "", &batch, FEL_ERR_SHAPE, "at least 2");
    batch.n = 1;
    batch.n_outputs = 2;
    check_fails("mse", "", &batch, FEL_ERR_SHAPE, "2 outputs need 2");
    check_fails("pairwise_logistic", "", &batch, FEL_ERR_SHAPE, "it needs 1");
    const double first[] = {1.0};
    batch.targets = first;
    check_fails("z_loss", "", &batch, FEL_ERR_SHAPE, "3 classes or more");
    batch.n = SIZE_MAX / 4;
    check_fails("cross_entropy", "", &batch, FEL_ERR_SHAPE, "beyond any memory");
}

static void test_numbers_must_be_finite_where_they_count(void)
{
    const double bad[] = {1.0, (double)NAN, 3.0}, w[] = {1.0, 0.0, 2.0};
    fel_loss_batch batch = good_batch();
    batch.outputs = bad;
    check_fails("mse", "", &batch, FEL_ERR_RANGE, "mse: output 0 of sample 1 is nan");
    batch.weights = w;
    const fel_loss loss = loss_of("mse", "");
    CHECK_NEAR(loss_value(&loss, &batch), (0.25 + 2.0) / 3.0, 1e-15);
    batch = good_batch();
    batch.targets = bad;
    check_fails("rse", "", &batch, FEL_ERR_RANGE, "target 0 of sample 1 is nan");
    const double far[] = {1.0, HUGE_VAL, 3.0};
    batch.targets = far;
    check_fails("negative_sharpe", "", &batch, FEL_ERR_RANGE, "is inf");
    batch = good_batch();
    batch.positions_before = bad + 1;
    check_fails("negative_sharpe", "", &batch, FEL_ERR_RANGE, "position 0 before group 0 is nan");
}

static void test_weights_must_count_something(void)
{
    const double none[] = {0.0, 0.0, 0.0}, negative[] = {1.0, 1.0, -0.5};
    const double unknown[] = {1.0, (double)NAN, 1.0}, vast[] = {1e308, 1e308, 1e308};
    fel_loss_batch batch = good_batch();
    batch.weights = none;
    check_fails("mae", "", &batch, FEL_ERR_RANGE, "the weights add up to 0; no sample counts");
    batch.weights = negative;
    check_fails("mae", "", &batch, FEL_ERR_RANGE, "the weight of sample 2 is -0.5; 0 or more");
    batch.weights = unknown;
    check_fails("mae", "", &batch, FEL_ERR_RANGE, "the weight of sample 1 is nan");
    batch.weights = vast;
    check_fails("mae", "", &batch, FEL_ERR_RANGE, "add up to inf");
}

static void test_order_and_groups_must_cover_the_batch(void)
{
    const size_t twice[] = {0, 2, 2}, beyond[] = {0, 1, 3};
    fel_loss_batch batch = good_batch();
    batch.order = twice;
    check_fails("negative_sharpe", "", &batch, FEL_ERR_SHAPE, "order[2] = 2");
    batch.order = beyond;
    check_fails("negative_sharpe", "", &batch, FEL_ERR_SHAPE, "order[2] = 3");
    batch = good_batch();
    const size_t late[] = {1, 3}, early[] = {0, 2}, back[] = {0, 3, 2, 3};
    batch.group_starts = late;
    batch.n_groups = 1;
    check_fails("neural_ndcg", "", &batch, FEL_ERR_SHAPE, "the last ends at 3");
    batch.group_starts = early;
    check_fails("neural_ndcg", "", &batch, FEL_ERR_SHAPE, "the last ends at 3");
    batch.n_groups = 0;
    check_fails("neural_ndcg", "", &batch, FEL_ERR_SHAPE, "0 groups");
    batch.group_starts = back;
    batch.n_groups = 3;
    check_fails("neural_ndcg", "", &batch, FEL_ERR_SHAPE, "group 1 begins at 3 and ends at 2");
}

/* ---- what a loss divides by, or needs -------------------------------------------------------- */

static void test_targets_that_do_not_vary_are_told(void)
{
    /* 0.1 three times: its rounded mean is not 0.1. */
    const double same[] = {0.1, 0.1, 0.1}, zero[] = {0.0, 0.0, 0.0};
    fel_loss_batch batch = good_batch();
    batch.targets = same;
    check_fails("rse", "", &batch, FEL_ERR_RANGE, "rse: the targets do not vary");
    check_fails("rae", "", &batch, FEL_ERR_RANGE, "rae: the targets do not vary");
    check_fails("nrmse", "", &batch, FEL_ERR_RANGE, "nrmse: the targets do not vary");
    check_fails("nrmse", "by=range", &batch, FEL_ERR_RANGE, "divides by their range");
    check_fails("pairwise_logistic", "", &batch, FEL_ERR_RANGE, "there are no pairs");
    check_fails("pairwise_logistic", "pairs=ranks", &batch, FEL_ERR_RANGE, "there are no pairs");
    check_fails("auc_error", "", &batch, FEL_ERR_RANGE, "there are no pairs");
    batch.targets = zero;
    check_fails("nrmse", "by=mean", &batch, FEL_ERR_RANGE, "the targets' mean is 0");
    check_fails("rrmse", "", &batch, FEL_ERR_RANGE, "all targets are 0");
    check_fails("neural_ndcg", "", &batch, FEL_ERR_RANGE, "nothing to rank");
    check_fails("mape", "", &batch, FEL_ERR_RANGE, "it needs targets other than 0");
    batch = good_batch();
    batch.outputs = zero;
    check_fails("rrmse", "by=outputs", &batch, FEL_ERR_RANGE, "all outputs are 0");
}

static void test_targets_outside_their_domain_are_told(void)
{
    const double low[] = {0.5, -1.0, 2.0}, half[] = {0.5, 1.5, 2.0};
    fel_loss_batch batch = good_batch();
    batch.targets = low;
    check_fails("msle", "", &batch, FEL_ERR_RANGE, "msle of sample 1 is nan (target -1");
    check_fails("rmsle", "", &batch, FEL_ERR_RANGE, "ReLU or softplus");
    check_fails("neural_ndcg", "", &batch, FEL_ERR_RANGE, "the target of sample 1 is -1; grades");
    batch.targets = half;
    check_fails("binary_cross_entropy", "", &batch, FEL_ERR_RANGE, "targets in [0, 1]");
    batch = good_batch();
    batch.outputs = low;
    check_fails("msle", "", &batch, FEL_ERR_RANGE, "output -1");
    const double logits[] = {0.1, 0.2, 0.3, 0.7, 0.7, 0.7}, classes[] = {2.0, 3.0};
    const double whole[] = {2.0, 0.0}, part[] = {0.5, 1.0}, minus[] = {1.0, -1.0};
    batch = fel_loss_batch_of(2, logits, 3, classes, 1);
    check_fails("cross_entropy", "", &batch, FEL_ERR_RANGE, "the class of sample 1 is 3; 0 .. 2");
    batch.targets = part;
    check_fails("ldr_kl", "", &batch, FEL_ERR_RANGE, "the class of sample 0 is 0.5");
    batch.targets = minus;
    check_fails("aldr_kl", "", &batch, FEL_ERR_RANGE, "the class of sample 1 is -1");
    batch.targets = whole;
    check_fails("z_loss", "", &batch, FEL_ERR_RANGE, "all outputs of sample 1 are 0.7");
}

static void test_overflow_is_told(void)
{
    const double far[] = {1e200, 0.5, 3.0};
    fel_loss_batch batch = good_batch();
    batch.outputs = far;
    check_fails("mse", "", &batch, FEL_ERR_RANGE, "mse of sample 0 is inf");
    check_fails("rmse", "", &batch, FEL_ERR_RANGE, "not as large");
    check_fails("negative_mean_variance", "position=linear", &batch, FEL_ERR_RANGE,
                "the outputs are too large");
}

/* Perfect forecasts: the root's slope is 0 by convention, never 0 / 0. */
static void test_no_error_at_all_has_slope_0(void)
{
    static const char *const names[] = {"rmse",     "nrmse", "rrmse",    "rmsle", "mae",
                                        "quantile", "huber", "log_cosh", "rse"};
    fel_loss_batch batch = good_batch();
    batch.outputs = y;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const fel_loss loss = loss_of(names[i], "");
        double value = 1.0, g[N] = {1.0, 1.0, 1.0};
        CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
        CHECK_NEAR(value, 0.0, 0.0);
        CHECK_NEAR(fabs(g[0]) + fabs(g[1]) + fabs(g[2]), 0.0, 0.0);
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static void test_names_are_found_and_near_ones_told(void)
{
    fel_loss loss;
    memset(&loss, 0, sizeof(loss));
    CHECK_OK(fel_loss_find("gmadl", &loss));
    CHECK_TEXT(loss.code->name, "gmadl");
    CHECK_SAME(loss.params[0], 1000.0);
    CHECK_STATUS(fel_loss_find("gmald", &loss), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"gmadl\"?");
    CHECK_TEXT(loss.code->name, "gmadl");
    CHECK_STATUS(fel_loss_find("something_else_entirely", &loss), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list losses");
}

static void test_parameters_are_checked(void)
{
    const fel_loss_batch batch = good_batch();
    fel_loss loss = loss_of("quantile", "");
    double value = 37.5, bound = 37.5;
    loss.params[0] = 1.5;
    CHECK_STATUS(fel_loss_eval(&loss, &batch, &value, NULL), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "quantile = 1.5 is not in [1e-06, 0.999999]");
    loss.params[0] = (double)NAN;
    CHECK_STATUS(fel_loss_bound(&loss, &batch, &bound), FEL_ERR_RANGE);
    CHECK_SAME(value, 37.5);
    CHECK_SAME(bound, 37.5);
}

static void test_rows_of_the_table_are_complete(void)
{
    size_t n = 0;
    const fel_loss_class *const *all = fel_loss_classes(&n);
    CHECK_INT(n, 28);
    for (size_t i = 0; i < n; i++) {
        const fel_loss_class *code = all[i];
        CHECK_INT(code->struct_size, sizeof(fel_loss_class));
        CHECK(code->name != NULL && code->summary != NULL && code->formula != NULL);
        CHECK((code->term != NULL) != (code->whole != NULL));
        CHECK(code->n_params <= FEL_LOSS_MAX_PARAMS);
        CHECK(code->kind < FEL_LOSS_N_KINDS);
        CHECK(code->term == NULL || code->shape == FEL_LOSS_EACH);
        for (size_t k = 0; k < code->n_params; k++) {
            CHECK_OK(fel_param_check(&code->params[k], code->params[k].default_value));
        }
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(all[k]->name, code->name) != 0);
        }
    }
}

/* ---- memory ---------------------------------------------------------------------------------- */

typedef struct evaluation {
    fel_loss loss;
    case_batch b;
    double gradient[CASE_ROWS * CASE_OUTPUTS];
} evaluation;

static fel_status evaluate(void *payload, void **out)
{
    evaluation *e = payload;
    double value = 0.0;
    (void)out;
    return fel_loss_eval(&e->loss, &e->b.batch, &value, e->gradient);
}

static void test_memory_that_runs_out_is_told(void)
{
    static evaluation e;
    for (size_t i = 0; i < n_loss_cases; i++) {
        e.loss = loss_of(loss_cases[i].name, loss_cases[i].settings);
        case_fill(&e.b, &loss_cases[i], case_outputs(e.loss.code, 2), 3);
        const failing_call call = {loss_cases[i].name, evaluate, NULL, &e};
        CHECK(check_failing_call(&call) >= 1);
    }
}

SUITE("losses/loss_errors", TEST(test_sizes_must_agree),
      TEST(test_numbers_must_be_finite_where_they_count), TEST(test_weights_must_count_something),
      TEST(test_order_and_groups_must_cover_the_batch),
      TEST(test_targets_that_do_not_vary_are_told),
      TEST(test_targets_outside_their_domain_are_told), TEST(test_overflow_is_told),
      TEST(test_no_error_at_all_has_slope_0), TEST(test_names_are_found_and_near_ones_told),
      TEST(test_parameters_are_checked), TEST(test_rows_of_the_table_are_complete),
      TEST(test_memory_that_runs_out_is_told));
