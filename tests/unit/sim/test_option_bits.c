/* tests/unit/sim/test_option_bits.c - a price has the same bits on any number of threads, in blocks
 * of any size and at every CPU level; what goes wrong is told. */
#include <math.h>
#include <string.h>

#include <feller/montecarlo.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"

static const fel_process bates = {.kind = FEL_PROCESS_BATES,
                                  .spot = 103.7,
                                  .rate_per_year = 0.031,
                                  .dividend_per_year = 0.012,
                                  .heston = {0.043, 1.37, 0.061, 0.58, -0.68},
                                  .jumps = {0.7, -0.08, 0.11}};

/* Five payoffs under five ways of drawing, so that all parts have their turn. */
enum { N_CASES = 5 };

static fel_montecarlo price_case(size_t i, int n_threads, size_t block_paths)
{
    static const char *const names[N_CASES] = {"barrier", "lookback_floating", "asian_geometric",
                                               "touch", "asian_arithmetic"};
    fel_montecarlo_config config = fel_montecarlo_config_default();
    fel_montecarlo result;
    fel_payoff payoff;
    memset(&result, 0, sizeof(result));
    CHECK_OK(fel_payoff_init(&payoff, names[i]));
    config.n_paths = 3 * 4096 + 1234;
    config.n_dates = 5;
    config.n_substeps = 2;
    config.antithetic = i % 2 == 1;
    config.moment_matching = i == 2;
    config.draws = i >= 3 ? FEL_DRAWS_SOBOL : FEL_DRAWS_PSEUDO;
    config.n_replicates = 3;
    config.controls = FEL_CONTROL_SPOT | FEL_CONTROL_EUROPEAN;
    config.n_threads = n_threads;
    config.block_paths = block_paths;
    CHECK_OK(fel_montecarlo_price(&result, &bates, 1, NULL, &payoff, &config));
    return result;
}

static void check_same(const fel_montecarlo *a, const fel_montecarlo *b)
{
    CHECK_SAME(a->price, b->price);
    CHECK_SAME(a->standard_error, b->standard_error);
    CHECK_SAME(a->plain_error, b->plain_error);
    CHECK_SAME(a->control_weight[0], b->control_weight[0]);
}

static void test_threads_and_blocks_do_not_matter(void)
{
    static const struct {
        int n_threads;
        size_t block_paths;
    } ways[] = {{2, 0}, {3, 64}, {7, 4096}, {1, 320}, {2, 1}};
    for (size_t i = 0; i < N_CASES; i++) {
        const fel_montecarlo first = price_case(i, 1, 0);
        CHECK(first.price > 0.0);
        for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
            const fel_montecarlo again = price_case(i, ways[w].n_threads, ways[w].block_paths);
            check_same(&again, &first);
        }
    }
}

static void test_cpu_levels_do_not_matter(void)
{
    static const char *const levels[] = {"x86-64", "x86-64-v3", "x86-64-v4"};
    const char *const best = fel_cpu_level();
    for (size_t i = 0; i < N_CASES; i++) {
        const fel_montecarlo first = price_case(i, 2, 0);
        for (size_t l = 0; l < 3; l++) {
            if (fel_cpu_level_set(levels[l]) == FEL_OK) {
                const fel_montecarlo again = price_case(i, 2, 0);
                check_same(&again, &first);
            }
        }
        CHECK_OK(fel_cpu_level_set(best));
    }
}

/* ---- what goes wrong ----------------------------------------------------------------------------
 */

static fel_status price_with(const fel_payoff *payoff, const fel_montecarlo_config *config)
{
    fel_montecarlo result = {.price = -1.0};
    const fel_status status = fel_montecarlo_price(&result, &bates, 1, NULL, payoff, config);
    CHECK_SAME(result.price < 0.0 ? 1.0 : 0.0, status != FEL_OK ? 1.0 : 0.0);
    return status;
}

static void test_bad_configurations_are_refused(void)
{
    const fel_montecarlo_config good = fel_montecarlo_config_default();
    fel_payoff payoff;
    CHECK_OK(fel_payoff_init(&payoff, "european"));
    fel_montecarlo_config config = good;
    config.n_paths = 1;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    config = good;
    config.t_years = (double)NAN;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    config = good;
    config.n_dates = 0;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    config = good;
    config.controls = FEL_CONTROL_GEOMETRIC;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "asian_arithmetic");
    config = good;
    config.controls = 8;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    config = good;
    config.draws = FEL_DRAWS_SOBOL;
    config.n_dates = 20000;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "21201");
    config = good;
    config.struct_size = 8;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_ABI);
}

static void test_bad_payoffs_are_refused(void)
{
    fel_montecarlo_config config = fel_montecarlo_config_default();
    fel_payoff payoff;
    CHECK_STATUS(fel_payoff_init(&payoff, "barier"), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "barrier");
    CHECK_OK(fel_payoff_init(&payoff, "forward_start"));
    CHECK_STATUS(fel_payoff_set(&payoff, "strike", 1.0), FEL_ERR_NOTFOUND);
    CHECK_STATUS(fel_payoff_set(&payoff, "moneyness", -1.0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_payoff_set_text(&payoff, "right", "straddle"), FEL_ERR_FORMAT);
    CHECK_OK(fel_payoff_set(&payoff, "start_years", 0.3));
    config.n_dates = 4;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "the nearest is 0.25");
    CHECK_OK(fel_payoff_set(&payoff, "start_years", 1.0));
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    payoff.params[1] = (double)NAN;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_RANGE);
    double price = 0.0;
    CHECK_OK(fel_payoff_init(&payoff, "asian_arithmetic"));
    CHECK_STATUS(fel_payoff_closed_form(&payoff, &bates, 1.0, 4, &price), FEL_ERR_NOTFOUND);
    const fel_payoff none = {.code = NULL};
    CHECK_STATUS(price_with(&none, &config), FEL_ERR_ARG);
}

static void stop_halfway(void *payload, const char *what, double done, double total)
{
    volatile int *stop = payload;
    (void)what;
    *stop = done >= 0.5 * total;
}

static void test_pricing_can_be_stopped(void)
{
    volatile int stop = 0;
    fel_montecarlo_config config = fel_montecarlo_config_default();
    fel_payoff payoff;
    CHECK_OK(fel_payoff_init(&payoff, "european"));
    config.n_threads = 1;
    config.stop_flag = &stop;
    config.progress = stop_halfway;
    config.progress_payload = (void *)(uintptr_t)&stop;
    CHECK_STATUS(price_with(&payoff, &config), FEL_ERR_STOPPED);
    CHECK_INT(stop, 1);
}

static fel_status price_small(void *payload, void **out)
{
    (void)out;
    const fel_payoff *payoff = payload;
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.n_paths = 256;
    config.n_dates = 2;
    config.n_threads = 1;
    config.draws = FEL_DRAWS_SOBOL;
    config.n_replicates = 2;
    config.controls = FEL_CONTROL_SPOT;
    fel_montecarlo result;
    return fel_montecarlo_price(&result, &bates, 1, NULL, payoff, &config);
}

/* Every allocation fails in turn: an error, nothing kept. */
static void test_memory_may_run_out(void)
{
    fel_payoff payoff;
    CHECK_OK(fel_payoff_init(&payoff, "barrier"));
    const failing_call call = {"fel_montecarlo_price", price_small, NULL, &payoff};
    CHECK(check_failing_call(&call) > 20);
}

SUITE("sim/option_bits", TEST(test_threads_and_blocks_do_not_matter),
      TEST(test_cpu_levels_do_not_matter), TEST(test_bad_configurations_are_refused),
      TEST(test_bad_payoffs_are_refused), TEST(test_pricing_can_be_stopped),
      TEST(test_memory_may_run_out));
