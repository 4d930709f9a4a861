/* tests/unit/models/test_schedule.c - schedules at their corners; test_optimizer_torch.c has their
 * courses. */
#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"

static void test_the_warm_up_rises_to_one_and_hands_over(void)
{
    const fel_schedule s = schedule_of("constant:warmup_epochs=2.5,warmup_from=0.2");
    CHECK_SAME(fel_schedule_factor(&s, 0, 4, 10), 0.2);
    CHECK_NEAR(fel_schedule_factor(&s, 5, 4, 10), 0.6, 1e-15);
    CHECK_NEAR(fel_schedule_factor(&s, 9, 4, 10), 0.92, 1e-15);
    CHECK_SAME(fel_schedule_factor(&s, 10, 4, 10), 1.0);
    CHECK_SAME(fel_schedule_factor(&s, 1000000, 4, 10), 1.0);
}

static void test_steps_fall_at_the_first_step_of_their_epoch(void)
{
    const fel_schedule s = schedule_of("step:every_epochs=3,gamma=0.5,warmup_epochs=1");
    CHECK_SAME(fel_schedule_factor(&s, 27, 7, 10), 1.0);
    CHECK_SAME(fel_schedule_factor(&s, 28, 7, 10), 0.5); /* epoch 1 + 3 */
    CHECK_SAME(fel_schedule_factor(&s, 48, 7, 10), 0.5);
    CHECK_SAME(fel_schedule_factor(&s, 49, 7, 10), 0.25);
}

static void test_a_cosine_ends_at_its_final_factor_and_stays_there(void)
{
    const fel_schedule s = schedule_of("cosine:final=0.1,warmup_epochs=2,warmup_from=0");
    CHECK_SAME(fel_schedule_factor(&s, 0, 5, 12), 0.0);
    CHECK_SAME(fel_schedule_factor(&s, 10, 5, 12), 1.0);
    CHECK_NEAR(fel_schedule_factor(&s, 35, 5, 12), 0.55, 1e-15);
    CHECK_NEAR(fel_schedule_factor(&s, 60, 5, 12), 0.1, 1e-15);
    CHECK_NEAR(fel_schedule_factor(&s, 61, 5, 12), 0.1, 1e-15);
    /* A warm-up as long as training leaves nothing to fall in. */
    CHECK_NEAR(fel_schedule_factor(&s, 11, 5, 2), 0.1, 1e-15);
}

static void test_cosine_cycles_begin_anew(void)
{
    const fel_schedule s = schedule_of("cosine:cycle_epochs=3,cycle_growth=2");
    CHECK_SAME(fel_schedule_factor(&s, 3, 1, 100), 1.0);
    CHECK_NEAR(fel_schedule_factor(&s, 6, 1, 100), 0.5, 1e-15);
    CHECK_SAME(fel_schedule_factor(&s, 9, 1, 100), 1.0);
    CHECK_NEAR(fel_schedule_factor(&s, 15, 1, 100), 0.5, 1e-15);
    CHECK_SAME(fel_schedule_factor(&s, 21, 1, 100), 1.0);
}

static void test_factors_lie_between_nothing_and_one(void)
{
    size_t n = 0;
    const fel_schedule_class *const *all = fel_schedule_classes(&n);
    CHECK_INT(n, 3);
    for (size_t i = 0; i < n; i++) {
        const fel_schedule s = schedule_of(all[i]->name);
        for (uint64_t step = 0; step < 300; step++) {
            const double factor = fel_schedule_factor(&s, step, 17, 16);
            CHECK(factor >= 0.0 && factor <= 1.0);
        }
    }
    fel_schedule none;
    CHECK_STATUS(fel_schedule_find("cosinus", &none), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"cosine\"");
}

SUITE("models/schedule", TEST(test_the_warm_up_rises_to_one_and_hands_over),
      TEST(test_steps_fall_at_the_first_step_of_their_epoch),
      TEST(test_a_cosine_ends_at_its_final_factor_and_stays_there),
      TEST(test_cosine_cycles_begin_anew), TEST(test_factors_lie_between_nothing_and_one));
