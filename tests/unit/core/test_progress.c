/* tests/unit/core/test_progress.c - what the meter says; its clock is set back by hand. */
#include "core/progress.h"
#include "tests/support/check.h"

static const int64_t second_ns = 1000000000;

static progress_meter begun(double total, double seconds_ago)
{
    progress_meter m;
    progress_start(&m, total);
    m.start_ns -= (int64_t)(seconds_ago * (double)second_ns);
    m.last_shown_ns = m.start_ns;
    return m;
}

static void test_it_is_due_ten_times_a_second(void)
{
    progress_meter m;
    progress_start(&m, 100.0);
    CHECK(!progress_due(&m, 1.0));
    m.last_shown_ns -= second_ns;
    CHECK(!progress_due(&m, 0.0)); /* nothing new to show */
    CHECK(progress_due(&m, 1.0));
    CHECK(!progress_due(&m, 2.0));
}

static void test_percent_rate_and_time_left(void)
{
    char text[64];
    progress_meter m = begun(1e7, 2.0);
    progress_text(&m, 4.2e6, text, sizeof(text));
    CHECK_TEXT(text, "42 %  2.1 M/s  0:03 left");
    m = begun(1000.0, 100.0);
    progress_text(&m, 10.0, text, sizeof(text));
    CHECK_TEXT(text, "1 %  0/s  2:45:00 left");
    m = begun(3e5, 1000.0);
    progress_text(&m, 2e5, text, sizeof(text));
    CHECK_TEXT(text, "67 %  200/s  8:20 left");
    progress_text(&m, 3.1e5, text, sizeof(text));
    CHECK_TEXT(text, "100 %  310/s  0:00 left");
}

static void test_an_unknown_total_has_no_percent(void)
{
    char text[64];
    const progress_meter m = begun(0.0, 10.0);
    progress_text(&m, 31234567.0, text, sizeof(text));
    CHECK_TEXT(text, "31.2 M  3.1 M/s");
    progress_text(&m, 0.0, text, sizeof(text));
    CHECK_TEXT(text, "0  0/s");
}

static void test_nothing_done_has_no_time_left(void)
{
    char text[64];
    const progress_meter m = begun(50.0, 3.0);
    progress_text(&m, 0.0, text, sizeof(text));
    CHECK_TEXT(text, "0 %");
    char small[5];
    progress_text(&m, 25.0, small, sizeof(small));
    CHECK_TEXT(small, "50 %");
}

static void test_the_clock_goes_forward(void)
{
    const int64_t first = clock_monotonic_ns();
    CHECK(clock_monotonic_ns() >= first && first > 0);
}

SUITE("core/progress", TEST(test_it_is_due_ten_times_a_second),
      TEST(test_percent_rate_and_time_left), TEST(test_an_unknown_total_has_no_percent),
      TEST(test_nothing_done_has_no_time_left), TEST(test_the_clock_goes_forward));
