/* tests/unit/sim/test_payoff_values.c - what given paths pay, against the pricer on the same paths,
 * against hand, and in pieces. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/montecarlo.h>

#include "tests/support/check.h"

enum { N_DATES = 12, N_PATHS = 1237, STRIDE = 1240 };
static const double t_years = 0.7;

static fel_process heston_market(void)
{
    const fel_process process = {.kind = FEL_PROCESS_HESTON,
                                 .spot = 97.3,
                                 .rate_per_year = 0.031,
                                 .dividend_per_year = 0.012,
                                 .heston = {0.05, 1.7, 0.04, 0.5, -0.6}};
    return process;
}

typedef struct market {
    fel_process process;
    double *spot, *area;
} market;

static void market_open(market *m)
{
    fel_path_config config = fel_path_config_default();
    fel_paths *paths = NULL;
    m->process = heston_market();
    m->spot = malloc(sizeof(double) * (N_DATES + 1) * STRIDE);
    m->area = malloc(sizeof(double) * (N_DATES + 1) * STRIDE);
    config.horizon_years = t_years;
    config.n_dates = N_DATES;
    config.seed = 77;
    CHECK_OK(fel_paths_create(&paths, &m->process, 1, NULL, &config));
    const fel_path_block_f64 block = {
        .n_paths = N_PATHS,
        .path_stride = STRIDE,
        .values = {[FEL_PATH_SPOT] = m->spot, [FEL_PATH_INTEGRATED] = m->area}};
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    fel_paths_destroy(paths);
}

static void market_close(market *m)
{
    free(m->spot);
    free(m->area);
}

static fel_payoff_paths paths_of(const market *m, uint64_t first, size_t n)
{
    const fel_payoff_paths paths = {.process = &m->process,
                                    .t_years = t_years,
                                    .n_dates = N_DATES,
                                    .n_assets = 1,
                                    .seed = 77,
                                    .first_path = first,
                                    .n_paths = n,
                                    .path_stride = STRIDE,
                                    .spot = m->spot + first,
                                    .integrated = m->area + first};
    return paths;
}

/* Every payoff, with terms that are not the defaults. */
typedef struct terms {
    const char *payoff;
    struct {
        const char *param, *value;
    } set[6];
} terms;
static const terms book[] = {
    {"european", {{"right", "put"}, {"strike", "95.5"}}},
    {"cash_digital", {{"strike", "101"}, {"cash", "3.5"}}},
    {"asset_digital", {{"right", "put"}, {"strike", "101"}}},
    {"barrier", {{"type", "up_out"}, {"strike", "92"}, {"barrier", "118"}, {"rebate", "2.25"}}},
    {"barrier",
     {{"type", "down_in"}, {"strike", "99"}, {"barrier", "88"}, {"monitoring", "dates"}}},
    {"touch", {{"side", "up"}, {"level", "110"}, {"cash", "7"}}},
    {"touch", {{"level", "99"}, {"cash", "7"}}}, /* met before it begins */
    {"touch", {{"level", "85"}, {"pays", "asset"}, {"when", "expiry"}, {"knock", "out"}}},
    {"lookback_fixed", {{"strike", "103"}}},
    {"lookback_floating", {{"right", "put"}, {"monitoring", "dates"}}},
    {"asian_arithmetic", {{"strike", "96"}}},
    {"asian_geometric", {{"strike", "96"}, {"monitoring", "dates"}}},
    {"forward_start", {{"moneyness", "1.05"}, {"start_years", "0.35"}}},
    {"cliquet", {{"periods", "4"}, {"local_cap", "0.06"}, {"local_floor", "-0.04"}}},
};
enum { N_BOOK = sizeof(book) / sizeof(book[0]) };

static fel_payoff payoff_of(const terms *row)
{
    fel_payoff payoff;
    CHECK_OK(fel_payoff_init(&payoff, row->payoff));
    for (size_t i = 0; i < 6 && row->set[i].param != NULL; i++) {
        CHECK_OK(fel_payoff_set_text(&payoff, row->set[i].param, row->set[i].value));
    }
    return payoff;
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

static void test_discounted_mean_is_the_price_on_the_same_paths(void)
{
    market m;
    double values[N_PATHS];
    market_open(&m);
    for (size_t i = 0; i < N_BOOK; i++) {
        const fel_payoff payoff = payoff_of(&book[i]);
        const fel_payoff_paths paths = paths_of(&m, 0, N_PATHS);
        CHECK_OK(fel_payoff_values(&payoff, &paths, values));
        fel_montecarlo_config config = fel_montecarlo_config_default();
        config.t_years = t_years;
        config.n_dates = N_DATES;
        config.n_paths = N_PATHS;
        config.seed = 77;
        fel_montecarlo price;
        CHECK_OK(fel_montecarlo_price(&price, &m.process, 1, NULL, &payoff, &config));
        CHECK(price.price > 0.0);
        CHECK_REL(mean_of(values, N_PATHS) * exp(-m.process.rate_per_year * t_years), price.price,
                  1e-12);
    }
    market_close(&m);
}

static void test_pieces_of_any_size_have_the_same_bits(void)
{
    static const size_t sizes[] = {1, 63, 64, 100, 129, 880};
    market m;
    double whole[N_PATHS], piece[N_PATHS];
    market_open(&m);
    for (size_t i = 0; i < N_BOOK; i++) {
        const fel_payoff payoff = payoff_of(&book[i]);
        fel_payoff_paths paths = paths_of(&m, 0, N_PATHS);
        CHECK_OK(fel_payoff_values(&payoff, &paths, whole));
        size_t first = 0;
        for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
            paths = paths_of(&m, first, sizes[k]);
            CHECK_OK(fel_payoff_values(&payoff, &paths, piece + first));
            first += sizes[k];
        }
        CHECK_INT(first, N_PATHS);
        CHECK_INT(memcmp(whole, piece, sizeof(whole)), 0);
    }
    market_close(&m);
}

static void test_money_of_maturity_by_hand(void)
{
    market m;
    double values[N_PATHS];
    market_open(&m);
    const fel_payoff_paths paths = paths_of(&m, 0, N_PATHS);
    fel_payoff put = payoff_of(&book[0]);
    CHECK_OK(fel_payoff_values(&put, &paths, values));
    for (size_t p = 0; p < N_PATHS; p++) {
        CHECK_SAME(values[p], fmax(95.5 - m.spot[(size_t)N_DATES * STRIDE + p], 0.0));
    }
    /* Paid today and grown until maturity. */
    fel_payoff touch = payoff_of(&book[6]);
    CHECK_OK(fel_payoff_values(&touch, &paths, values));
    CHECK_REL(values[5], 7.0 * exp(0.031 * 0.7), 1e-14);
    market_close(&m);
}

static fel_status last_of_second(void *payload, const fel_payoff_path *path, double *value)
{
    double *offset = payload;
    *value = path->spot[path->n_dates * path->n_assets + 1] + *offset * (double)path->path;
    return FEL_OK;
}

static void test_a_callback_sees_all_assets_and_the_index(void)
{
    enum { N = 70 };
    const fel_process process = heston_market();
    double spot[3 * 2 * 72], values[N], offset = 0.125;
    for (size_t i = 0; i < sizeof(spot) / sizeof(spot[0]); i++) {
        spot[i] = 1.0 + (double)i;
    }
    fel_payoff payoff;
    CHECK_OK(fel_payoff_init(&payoff, "callback"));
    payoff.callback = last_of_second;
    payoff.payload = &offset;
    const fel_payoff_paths paths = {.process = &process,
                                    .t_years = 1.0,
                                    .n_dates = 2,
                                    .n_assets = 2,
                                    .first_path = 1000,
                                    .n_paths = N,
                                    .path_stride = 72,
                                    .spot = spot};
    CHECK_OK(fel_payoff_values(&payoff, &paths, values));
    for (size_t p = 0; p < N; p++) {
        CHECK_SAME(values[p], spot[5 * 72 + p] + 0.125 * (1000.0 + (double)p));
    }
}

static void test_what_is_missing_is_said(void)
{
    market m;
    double values[N_PATHS];
    uint32_t outputs = 0;
    market_open(&m);
    fel_payoff_paths paths = paths_of(&m, 0, 10);
    paths.integrated = NULL;
    const fel_payoff barrier = payoff_of(&book[3]), on_dates = payoff_of(&book[4]);
    CHECK_STATUS(fel_payoff_values(&barrier, &paths, values), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "barrier looks between dates");
    CHECK_OK(fel_payoff_values(&on_dates, &paths, values));
    CHECK_OK(fel_payoff_check(&barrier, &m.process, t_years, N_DATES, &outputs));
    CHECK_INT(outputs, 1U << FEL_PATH_SPOT | 1U << FEL_PATH_INTEGRATED);
    CHECK_OK(fel_payoff_check(&on_dates, &m.process, t_years, N_DATES, &outputs));
    CHECK_INT(outputs, 1U << FEL_PATH_SPOT);
    const fel_payoff cliquet = payoff_of(&book[13]);
    CHECK_STATUS(fel_payoff_check(&cliquet, &m.process, t_years, 13, &outputs), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "periods = 4 does not divide the 13 dates");
    paths.path_stride = 9;
    CHECK_STATUS(fel_payoff_values(&on_dates, &paths, values), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "10 paths of 1 assets in rows of 9");
    market_close(&m);
}

SUITE("sim/payoff_values", TEST(test_discounted_mean_is_the_price_on_the_same_paths),
      TEST(test_pieces_of_any_size_have_the_same_bits), TEST(test_money_of_maturity_by_hand),
      TEST(test_a_callback_sees_all_assets_and_the_index), TEST(test_what_is_missing_is_said));
