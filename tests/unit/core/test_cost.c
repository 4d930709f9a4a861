/* tests/unit/core/test_cost.c - every cost model: values by hand, derivatives against differences.
 */
#include <math.h>

#include <feller/cost.h>

#include "core/money.h"
#include "tests/support/check.h"

/* 238.5 units at 41.37, a contract of 1.75, on a tick of 0.01. */
static fel_cost_query query_of(double quantity)
{
    const double multiplier = 1.75, price = 41.37;
    const fel_cost_query q = {
        .side = 1,
        .is_entry = 1,
        .quantity = quantity,
        .price = price,
        .multiplier = multiplier,
        .notional = money_of_trade(quantity, price, 100.0, multiplier),
        .known_volume = 12345.0,
        .half_spread = 0.01,
        .equity_previous = 250000.0,
        .weight_before = 0.125,
        .weight_after = 0.125 + quantity * price * multiplier / 250000.0,
    };
    return q;
}

static fel_cost model(const char *name, double first, double second)
{
    fel_cost cost = {0};
    CHECK_OK(fel_cost_find(name, &cost));
    cost.params[0] = first;
    cost.params[1] = second;
    return cost;
}

/* Money that the model takes for that many units. */
static double cost_of(const fel_cost *c, double quantity)
{
    const fel_cost_query q = query_of(quantity);
    return c->code->fee != NULL ? fel_money_value(c->code->fee(c->params, &q))
                                : c->code->slip(c->params, &q) * quantity * q.multiplier;
}

static void check_cost(const char *name, double first, double second, double expected)
{
    const fel_cost c = model(name, first, second);
    CHECK_REL(cost_of(&c, 238.5), expected, 1e-15);
}

static void test_models_charge_what_they_say(void)
{
    const double notional = 238.5 * 41.37 * 1.75;
    check_cost("percent", 2.385, 0, notional * 2.385e-4);
    check_cost("percent", -1.5, 0, notional * -1.5e-4);
    check_cost("per_share", 0.0035, 0, 238.5 * 0.0035);
    check_cost("fixed", 6.95, 0, 6.95);
    check_cost("weight_change", 5.0, 0, 250000.0 * 5e-4 * (notional / 250000.0));
    check_cost("half_spread", 1.25, 0, notional * 1.25e-4);
    check_cost("bps", 3.75, 0, notional * 3.75e-4);
    const double share = 238.5 / 12345.0;
    check_cost("volume_share", 0.1, 0.025, notional * 0.1 * share * share);
    check_cost("volume_share", 0.1, 0.01, notional * 0.1 * 1e-4); /* capped */
}

static void test_the_percentage_of_an_exact_notional_is_exact(void)
{
    const fel_cost c = model("percent", 10.0, 0);
    fel_cost_query q = query_of(3.0);
    q.notional = money_of_trade(100.0, 99.742093, 1e6, 1.0);
    char text[64];
    money_format(c.code->fee(c.params, &q), 12, text, sizeof(text));
    CHECK_TEXT(text, "9.974209300000");
    q.notional = money_neg(q.notional); /* negative prices pay as much */
    money_format(c.code->fee(c.params, &q), 12, text, sizeof(text));
    CHECK_TEXT(text, "9.974209300000");
}

/* 400 at 100, volatility 0.02, volume 10,000: the root of the share is 0.2, the move 0.40. In two
 * halves the second pays what it adds to the first, together the same. */
static void test_the_square_root_of_the_share_moves_the_price(void)
{
    fel_cost c = {0};
    CHECK_OK(fel_cost_find("square_root", &c));
    fel_cost_query q = query_of(400.0);
    q.price = 100.0;
    q.known_volume = 10000.0;
    CHECK_REL(c.code->slip(c.params, &q), 0.40, 1e-15);
    q.quantity = 200.0;
    const double first = c.code->slip(c.params, &q);
    CHECK_REL(first, 2.0 * sqrt(0.02), 1e-15);
    q.filled_before = 200.0;
    CHECK_REL(0.5 * (first + c.code->slip(c.params, &q)), 0.40, 1e-14);
    q.known_volume = (double)NAN; /* taken for a hundredth of it */
    CHECK_REL(c.code->slip(c.params, &q), 0.20, 1e-15);
    c.params[2] = 4.0; /* quarters of a day */
    q.known_volume = 2500.0;
    q.filled_before = 0.0;
    CHECK_REL(c.code->slip(c.params, &q), first, 1e-15);
}

static void test_volume_that_is_not_known_counts_as_the_limit(void)
{
    const fel_cost c = model("volume_share", 0.1, 0.02);
    static const double volumes[] = {(double)NAN, 0.0, 1.0};
    for (size_t i = 0; i < 3; i++) {
        fel_cost_query q = query_of(238.5);
        q.known_volume = volumes[i];
        CHECK_REL(c.code->slip(c.params, &q), 41.37 * 0.1 * 0.02 * 0.02, 1e-15);
    }
}

/* dcost is the derivative of what is charged, by central differences, away from the cap. */
static void check_derivative(const fel_cost *c, double quantity)
{
    const double h = 1e-3;
    const double difference = (cost_of(c, quantity + h) - cost_of(c, quantity - h)) / (2.0 * h);
    const fel_cost_query q = query_of(quantity);
    CHECK_NEAR(c->code->dcost(c->params, &q), difference, 1e-7 * (1.0 + fabs(difference)));
}

static void test_derivatives_agree_with_differences(void)
{
    size_t n = 0;
    const fel_cost_class *const *classes = fel_cost_classes(&n);
    CHECK_INT(n, 9);
    for (size_t i = 0; i < n; i++) {
        const fel_cost c = model(classes[i]->name, 2.385, 0.025);
        check_derivative(&c, 238.5);
        check_derivative(&c, 17.25);
        check_derivative(&c, 5000.0); /* above the cap of volume_share */
    }
}

static void test_tables_are_whole(void)
{
    size_t n = 0;
    const fel_cost_class *const *classes = fel_cost_classes(&n);
    int is_past_fees = 0;
    for (size_t i = 0; i < n; i++) {
        const fel_cost_class *c = classes[i];
        CHECK_INT(c->struct_size, sizeof(fel_cost_class));
        CHECK((c->fee == NULL) != (c->slip == NULL));
        CHECK(c->dcost != NULL && c->summary != NULL && c->n_params <= FEL_COST_MAX_PARAMS);
        CHECK_INT(c->line == FEL_COST_FEE, c->fee != NULL);
        CHECK(c->fee == NULL || !is_past_fees);
        is_past_fees |= c->slip != NULL;
        fel_cost found = {0};
        CHECK_OK(fel_cost_find(c->name, &found));
        CHECK(found.code == c);
        for (size_t p = 0; p < c->n_params; p++) {
            CHECK_SAME(found.params[p], c->params[p].default_value);
            CHECK_OK(fel_param_check(&c->params[p], found.params[p]));
        }
    }
}

static void test_an_unknown_name_gets_the_nearest(void)
{
    fel_cost cost = {0};
    CHECK_STATUS(fel_cost_find("percentt", &cost), FEL_ERR_NOTFOUND);
    CHECK_TEXT(fel_last_error()->message, "no cost model 'percentt'; did you mean 'percent'");
    CHECK_STATUS(fel_cost_find("square_root_of_volume", &cost), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no cost model 'square_root_of_volume'");
    CHECK(cost.code == NULL);
}

SUITE("core/cost", TEST(test_models_charge_what_they_say),
      TEST(test_the_percentage_of_an_exact_notional_is_exact),
      TEST(test_the_square_root_of_the_share_moves_the_price),
      TEST(test_volume_that_is_not_known_counts_as_the_limit),
      TEST(test_derivatives_agree_with_differences), TEST(test_tables_are_whole),
      TEST(test_an_unknown_name_gets_the_nearest));
