/* tests/unit/sim/test_process.c - the tables of processes, their checks, and the closed forms about
 * Heston's variance. */
#include <math.h>
#include <string.h>

#include <feller/process.h>

#include "tests/support/check.h"

static void test_every_row_reaches_its_field(void)
{
    size_t n = 0;
    const fel_process_class *const *all = fel_process_classes(&n);
    CHECK_INT(n, FEL_PROCESS_N_KINDS);
    for (size_t i = 0; i < n; i++) {
        double params[FEL_PROCESS_MAX_PARAMS];
        fel_process process;
        CHECK_INT(all[i]->kind, i);
        CHECK(all[i]->n_params <= FEL_PROCESS_MAX_PARAMS);
        fel_param_defaults(all[i]->params, all[i]->n_params, params);
        CHECK_OK(fel_process_make(&process, all[i], params));
        CHECK_OK(fel_process_check(&process));
        /* A value out of range is refused by make and, once in the field, by check: by name. */
        for (uint32_t j = 0; j < all[i]->n_params; j++) {
            const double kept = params[j];
            params[j] = all[i]->params[j].max * 1.25 + 1.0;
            CHECK_STATUS(fel_process_make(&process, all[i], params), FEL_ERR_RANGE);
            CHECK_HAS(fel_last_error()->message, all[i]->params[j].name);
            params[j] = kept;
        }
    }
}

static void test_values_land_where_the_table_says(void)
{
    const fel_process_class *bates = NULL;
    CHECK_OK(fel_process_find("bates", &bates));
    const double params[] = {97.3,  0.0213, 0.0117, 0.0437, 1.311, 0.0619,
                             0.583, -0.713, 0.271,  -0.143, 0.117};
    fel_process p;
    CHECK_OK(fel_process_make(&p, bates, params));
    const double fields[] = {p.spot,       p.rate_per_year, p.dividend_per_year,
                             p.heston.v0,  p.heston.kappa,  p.heston.theta,
                             p.heston.xi,  p.heston.rho,    p.jumps.intensity_per_year,
                             p.jumps.mean, p.jumps.vol};
    CHECK_INT(bates->n_params, sizeof(fields) / sizeof(fields[0]));
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        CHECK_SAME(fields[i], params[i]);
    }
    CHECK(fel_process_has_variance(&p) && fel_process_has_jumps(&p));
}

static void test_names_are_found_or_suggested(void)
{
    const fel_process_class *code = NULL;
    CHECK_OK(fel_process_find("heston", &code));
    CHECK_TEXT(code->name, "heston");
    CHECK_STATUS(fel_process_find("hestn", &code), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"heston\"");
    CHECK_STATUS(fel_process_find("garch", &code), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "merton");
}

static fel_process base(void)
{
    const fel_process p = {
        .kind = FEL_PROCESS_HESTON,
        .spot = 97.3,
        .heston = {.v0 = 0.0437, .kappa = 1.311, .theta = 0.0619, .xi = 0.583, .rho = -0.713}};
    return p;
}

static void refuses(fel_process p, const char *name)
{
    CHECK_STATUS(fel_process_check(&p), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, name);
}

static void test_bad_processes_are_refused_by_name(void)
{
    fel_process p = base();
    p.spot = 0.0;
    refuses(p, "spot");
    p = base();
    p.heston.v0 = -0.01;
    refuses(p, "v0");
    p = base();
    p.heston.rho = -1.0000001;
    refuses(p, "rho");
    p = base();
    p.heston.xi = (double)NAN;
    refuses(p, "xi");
    p = base();
    p.kind = FEL_PROCESS_BATES;
    p.jumps.intensity_per_year = -1.0;
    refuses(p, "jump_intensity_per_year");
    p.kind = (fel_process_kind)7;
    CHECK_STATUS(fel_process_check(&p), FEL_ERR_ARG);
}

static void test_edges_and_unused_fields_are_legal(void)
{
    fel_process p = base();
    p.heston.xi = p.heston.kappa = 0.0;
    p.heston.rho = -1.0;
    p.vol_per_year = (double)NAN; /* Heston has none */
    p.jumps.vol = -3.0;
    CHECK_OK(fel_process_check(&p));
}

static void test_feller_margin_and_degrees(void)
{
    const fel_heston deep = {.v0 = 0.04, .kappa = 1.0, .theta = 0.04, .xi = 2.0, .rho = -0.7};
    CHECK_NEAR(fel_feller_margin(&deep), -3.92, 1e-15);
    CHECK_NEAR(fel_variance_degrees(&deep), 0.04, 1e-17);
}

/* The mean solves m' = kappa (theta - m); its integral is Simpson's of it. */
static void test_means_of_the_variance(void)
{
    const fel_heston h = {.v0 = 0.0231, .kappa = 2.385, .theta = 0.0619, .xi = 0.583, .rho = -0.7};
    const double t = 1.37;
    enum { N = 2000 };
    double sum = 0.0;
    for (int i = 0; i <= N; i++) {
        const double at = fel_forward_variance(&h, t * i / N);
        sum += at * (i == 0 || i == N ? 1.0 : i % 2 == 1 ? 4.0 : 2.0);
    }
    CHECK_REL(fel_total_variance(&h, t), sum * t / (3.0 * N), 1e-13);
    const double eps = 1e-5;
    const double slope =
        (fel_forward_variance(&h, t + eps) - fel_forward_variance(&h, t - eps)) / (2.0 * eps);
    CHECK_REL(slope, h.kappa * (h.theta - fel_forward_variance(&h, t)), 1e-8);
}

/* kappa -> 0: v0 t + kappa (theta - v0) t^2 / 2 without loss, and across the series' end. */
static void test_slow_reversion_has_its_limit(void)
{
    fel_heston h = {.v0 = 0.0231, .kappa = 0.0, .theta = 0.0619, .xi = 0.583, .rho = -0.7};
    CHECK_SAME(fel_forward_variance(&h, 2.385), 0.0231);
    CHECK_REL(fel_total_variance(&h, 2.385), 0.0231 * 2.385, 1e-16);
    h.kappa = 1e-9;
    CHECK_REL(fel_total_variance(&h, 2.385) / 2.385 - 0.0231, 0.0388 * 1e-9 * 2.385 / 2.0, 1e-6);
    h.kappa = 0.4999 / 2.385;
    const double below = fel_total_variance(&h, 2.385);
    h.kappa = 0.5001 / 2.385;
    const double above = fel_total_variance(&h, 2.385);
    const double slope = 2.385 * 0.0388 * 0.375; /* about: weight is x/2 - x^2/6 */
    CHECK_NEAR(above - below, 2e-4 * slope, 1e-5 * slope);
}

SUITE("sim/process", TEST(test_every_row_reaches_its_field),
      TEST(test_values_land_where_the_table_says), TEST(test_names_are_found_or_suggested),
      TEST(test_bad_processes_are_refused_by_name), TEST(test_edges_and_unused_fields_are_legal),
      TEST(test_feller_margin_and_degrees), TEST(test_means_of_the_variance),
      TEST(test_slow_reversion_has_its_limit));
