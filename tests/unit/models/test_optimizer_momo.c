/* tests/unit/models/test_optimizer_momo.c - MoMo and MoMo-Adam against a second writing of the
 * published algorithms: dense vectors, one global weight decay, running sums kept as lists of all
 * past losses and gradients; and against what the theory says of a quadratic. */
#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"

enum { N = 6, STEPS = 25 };

/* A bowl with a tilted axis and its bottom at `low`: f = low + sum_i h_i (x_i - a_i)^2 / 2. */
static const double stiffness[N] = {0.31, 4.7, 1.3, 0.071, 2.9, 11.3};
static const double centre[N] = {1.37, -0.73, 0.0, 2.9, -1.1, 0.31};

static double bowl(const double *x, double low, double *gradient)
{
    double f = low;
    for (int i = 0; i < N; i++) {
        gradient[i] = stiffness[i] * (x[i] - centre[i]);
        f += 0.5 * gradient[i] * (x[i] - centre[i]);
    }
    return f;
}

/* ---- a second writing ------------------------------------------------------------------------ */

typedef struct settings {
    double alpha, beta, lambda, beta2, eps, f_star;
    int adam, zero_start, learns;
} settings;

typedef struct history {
    double f[STEPS], g[STEPS][N], gx[STEPS];
    int n;
    double floor; /* f* as learnt */
} history;

/* Weight of step j of those so far: (1 - beta) beta^(k - j), the first one beta^k unless the
 * averages begin at zero. */
static double weight(const settings *s, int j, int k)
{
    return j == 0 && !s->zero_start ? pow(s->beta, k) : (1.0 - s->beta) * pow(s->beta, k - j);
}

static void second_writing(const settings *s, history *h, double *x)
{
    const int k = h->n - 1;
    double f_bar = 0, gamma = 0, rho = 0, d[N] = {0}, v[N] = {0}, metric[N], dx = 0, dd = 0;
    for (int j = 0; j <= k; j++) {
        const double w = weight(s, j, k);
        rho += w;
        f_bar += w * h->f[j];
        gamma += w * h->gx[j];
        for (int i = 0; i < N; i++) {
            d[i] += w * h->g[j][i];
            v[i] += (1.0 - s->beta2) * pow(s->beta2, k - j) * h->g[j][i] * h->g[j][i];
        }
    }
    for (int i = 0; i < N; i++) {
        metric[i] = s->adam ? s->eps + sqrt(v[i] / (1.0 - pow(s->beta2, k + 1))) : 1.0;
        dx += d[i] * x[i];
        dd += d[i] * d[i] / metric[i];
    }
    const double one = 1.0 + s->alpha * s->lambda;
    const double cap = one * f_bar + dx - one * gamma;
    if (s->learns && cap < one * rho * h->floor) {
        h->floor = fmax(cap / (2.0 * one * rho), s->f_star);
    }
    const double above = one * (f_bar - rho * h->floor) + dx - one * gamma;
    const double tau = fmin(s->alpha / rho, fmax(above, 0.0) / dd);
    if (s->learns) {
        h->floor = fmax((f_bar + dx - gamma - 0.5 * tau * dd) / rho, s->f_star);
    }
    for (int i = 0; i < N; i++) {
        x[i] = (x[i] - tau * d[i] / metric[i]) / one;
    }
}

static void check_against(const char *name, const char *text, const settings *s, double low)
{
    fel_optimizer_config config = optimizer_of(name, text);
    config.decay_all = 1;
    fel_optimizer *optimizer = fixture_f64(&config, N);
    double x[N] = {0.7, 0.3, -1.9, 0.0, 0.41, -0.37}, y[N];
    history h = {.floor = s->f_star};
    memcpy(y, x, sizeof(y));
    for (int step = 0; step < STEPS; step++) {
        double gradient[N];
        fel_optimizer_input input = input_of(bowl(x, low, gradient));
        input.loss_bound = s->f_star;
        CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL));
        h.f[h.n] = bowl(y, low, h.g[h.n]);
        h.gx[h.n] = 0.0;
        for (int i = 0; i < N; i++) {
            h.gx[h.n] += h.g[h.n][i] * y[i];
        }
        h.n++;
        second_writing(s, &h, y);
        for (int i = 0; i < N; i++) {
            CHECK_NEAR(x[i], y[i], 1e-9);
        }
    }
    fel_optimizer_destroy(optimizer);
}

static void test_momo_is_the_published_algorithm(void)
{
    const settings plain = {1.0, 0.9, 0.0, 0.999, 1e-8, 0.0, 0, 0, 0};
    check_against("momo", "", &plain, 0.37);
    const settings decay = {0.31, 0.83, 0.17, 0.999, 1e-8, -0.41, 0, 0, 0};
    check_against("momo", "learning_rate=0.31,beta=0.83,weight_decay=0.17", &decay, -0.4);
    const settings zero = {2.3, 0.71, 0.03, 0.999, 1e-8, -3.0, 0, 1, 0};
    check_against("momo", "learning_rate=2.3,beta=0.71,weight_decay=0.03,bias_correction=true",
                  &zero, -0.4);
    const settings learns = {1.7, 0.9, 0.03, 0.999, 1e-8, -20.0, 0, 0, 1};
    check_against("momo", "learning_rate=1.7,weight_decay=0.03,estimate=true", &learns, 1.1);
}

static void test_momo_adam_is_the_published_algorithm(void)
{
    const settings plain = {0.01, 0.9, 0.0, 0.999, 1e-8, 0.0, 1, 1, 0};
    check_against("momo_adam", "", &plain, 0.0);
    const settings decay = {0.83, 0.71, 0.13, 0.93, 1e-4, -0.41, 1, 1, 0};
    check_against("momo_adam",
                  "learning_rate=0.83,beta1=0.71,beta2=0.93,epsilon=0.0001,weight_decay=0.13",
                  &decay, -0.4);
    const settings learns = {0.83, 0.9, 0.01, 0.97, 1e-8, -20.0, 1, 1, 1};
    check_against("momo_adam", "learning_rate=0.83,beta2=0.97,weight_decay=0.01,estimate=true",
                  &learns, 1.1);
}

/* ---- closed forms ---------------------------------------------------------------------------- */

/* Without momentum and decay, MoMo with a long learning rate is Polyak's step
 * (f - f*) / |g|^2: on one quadratic direction it halves the distance exactly, each time. */
static void test_momo_halves_the_distance_on_a_quadratic(void)
{
    const fel_optimizer_config config = optimizer_of("momo", "learning_rate=1000000,beta=0");
    fel_optimizer *optimizer = fixture_f64(&config, 4);
    double x[4] = {5.3, 0.0, 0.0, 0.0};
    for (int step = 0; step < 10; step++) {
        const double gradient[4] = {1.7 * (x[0] - 2.1), 0.0, 0.0, 0.0};
        fel_optimizer_input input = input_of(0.5 * 1.7 * (x[0] - 2.1) * (x[0] - 2.1) - 3.3);
        input.loss_bound = -3.3;
        fel_optimizer_report report;
        CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, &report));
        CHECK_NEAR(x[0] - 2.1, 3.2 * pow(0.5, step + 1), 2e-12);
        CHECK_REL(report.step_size, 0.5 / 1.7, 1e-6);
    }
    fel_optimizer_destroy(optimizer);
}

/* The learnt floor ends at the bottom of the bowl although the bound is far below. */
static void test_momo_learns_how_low_the_loss_goes(void)
{
    const fel_optimizer_config config = optimizer_of(
        "momo", "learning_rate=0.05,beta=0.5,estimate=true,bound=given,lower_bound=-50");
    fel_optimizer *optimizer = fixture_f64(&config, N);
    double x[N] = {0.7, 0.3, -1.9, 0.0, 0.41, -0.37}, gradient[N];
    for (int step = 0; step < 4000; step++) {
        fel_optimizer_input input = input_of(bowl(x, 1.1, gradient));
        input.loss_bound = (double)NAN; /* not read */
        CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL));
    }
    CHECK_NEAR(bowl(x, 1.1, gradient), 1.1, 1e-6);
    const fel_optimizer_array floor = fel_optimizer_array_at(optimizer, 4);
    CHECK_TEXT(floor.name, "loss_floor");
    CHECK_NEAR(*(const double *)floor.values, 1.1, 1e-6);
    fel_optimizer_destroy(optimizer);
}

/* Weight decay on weights alone is the exact minimum of the truncated model with that proximal
 * term: no other point is better. */
static double model_at(const double *x, const double *from, const double *g, double f, double alpha,
                       double lambda)
{
    double linear = f, distance = 0.0, size = 0.0;
    for (int i = 0; i < N; i++) {
        linear += g[i] * (x[i] - from[i]);
        distance += (x[i] - from[i]) * (x[i] - from[i]);
        size += i < N - 3 ? x[i] * x[i] : 0.0;
    }
    return fmax(linear, 0.0) + distance / (2.0 * alpha) + 0.5 * lambda * size;
}

static void test_momo_decays_weights_alone_as_the_model_says(void)
{
    static const double alphas[] = {0.02, 0.173, 3.1};
    for (size_t a = 0; a < 3; a++) {
        fel_optimizer_config config = optimizer_of("momo", "beta=0,weight_decay=0.37");
        config.params[0] = alphas[a];
        fel_optimizer *optimizer = fixture_f64(&config, N);
        const double from[N] = {0.7, 0.3, -1.9, 0.0, 0.41, -0.37};
        double x[N], gradient[N];
        const double f = bowl(from, 0.2, gradient);
        memcpy(x, from, sizeof(x));
        const fel_optimizer_input input = input_of(f);
        CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL));
        const double best = model_at(x, from, gradient, f, alphas[a], 0.37);
        rng_stream random = rng_at(19, a);
        for (int trial = 0; trial < 500; trial++) {
            double y[N];
            for (int i = 0; i < N; i++) {
                y[i] = x[i] + pow(10.0, -1.0 - trial % 4) * rng_normal(&random);
            }
            CHECK(model_at(y, from, gradient, f, alphas[a], 0.37) >= best - 1e-13);
        }
        fel_optimizer_destroy(optimizer);
    }
}

static void test_momo_needs_a_bound(void)
{
    const fel_optimizer_config config = optimizer_of("momo_adam", "");
    fel_optimizer *optimizer = fixture_f64(&config, N);
    double x[N] = {0.7}, gradient[N] = {1.0};
    fel_optimizer_input input = input_of(1.0);
    input.loss_bound = -HUGE_VAL;
    CHECK_STATUS(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "lower_bound");
    input = input_of((double)NAN);
    CHECK_STATUS(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL), FEL_ERR_RANGE);
    CHECK_SAME(x[0], 0.7);
    CHECK_SAME(*(const double *)fel_optimizer_array_at(optimizer, 0).values, 0.0);
    fel_optimizer_destroy(optimizer);
}

SUITE("models/optimizer_momo", TEST(test_momo_is_the_published_algorithm),
      TEST(test_momo_adam_is_the_published_algorithm),
      TEST(test_momo_halves_the_distance_on_a_quadratic),
      TEST(test_momo_learns_how_low_the_loss_goes),
      TEST(test_momo_decays_weights_alone_as_the_model_says), TEST(test_momo_needs_a_bound));
