/* tests/unit/sim/chain_fixture.c - chains made from known parameters, in memory and as files. */
#include "tests/unit/sim/chain_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"

static const double months[SURFACE_N] = {1, 2, 3, 6, 9, 12, 18, 24};
static const double rate = 0.0215;

static void make_maturity(fel_chain *out, size_t m, const fel_heston *heston)
{
    const double t = months[m] / 12.0;
    const double discount = exp(-rate * t), forward = 100.0 / discount;
    const fel_process process = {.kind = FEL_PROCESS_HESTON, .spot = forward, .heston = *heston};
    double strikes[SURFACE_N], prices[SURFACE_N];
    for (size_t k = 0; k < SURFACE_N; k++) {
        strikes[k] = 80.0 + 40.0 * (double)k / (SURFACE_N - 1);
    }
    CHECK_OK(fel_price_european(&process, t, strikes, NULL, SURFACE_N, FEL_PRICE_ADAPTIVE, prices));
    out->maturities[m] = (fel_chain_maturity){.t_years = t,
                                              .forward = forward,
                                              .discount = discount,
                                              .forward_error = (double)NAN,
                                              .first = m * SURFACE_N,
                                              .n = SURFACE_N};
    for (size_t k = 0; k < SURFACE_N; k++) {
        fel_quote_option *q = &out->quotes[m * SURFACE_N + k];
        *q = (fel_quote_option){.t_years = t,
                                .strike = strikes[k],
                                .forward = forward,
                                .discount = discount,
                                .price = discount * prices[k],
                                .bid = (double)NAN,
                                .ask = (double)NAN,
                                .right = FEL_CALL,
                                .row = (int32_t)(m * SURFACE_N + k + 2)};
        CHECK_OK(fel_implied_vol(FEL_CALL, q->price, forward, strikes[k], t, discount,
                                 &q->vol_per_year));
    }
}

void surface_make(fel_chain *out, const fel_heston *heston)
{
    memset(out, 0, sizeof(*out));
    out->quotes = calloc(SURFACE_QUOTES, sizeof(*out->quotes));
    out->maturities = calloc(SURFACE_N, sizeof(*out->maturities));
    out->n = SURFACE_QUOTES;
    out->n_rows = SURFACE_QUOTES;
    out->n_maturities = SURFACE_N;
    out->spot = 100.0;
    for (size_t m = 0; m < SURFACE_N; m++) {
        make_maturity(out, m, heston);
    }
}

void surface_disturb(fel_chain *chain, double size)
{
    for (size_t i = 0; i < chain->n; i++) {
        fel_quote_option *q = &chain->quotes[i];
        q->vol_per_year *= 1.0 + size * (double)((int)(i * i * 7 + i * 3) % 3 - 1);
        q->price =
            fel_black(q->right, q->forward, q->strike, q->t_years, q->vol_per_year, q->discount);
    }
}

void chain_of_text(fel_chain *out, const char *text, const fel_chain_options *options)
{
    memset(out, 0, sizeof(*out));
    CHECK_OK(fel_chain_read(out, csv_case_file("chain.csv", text, -1), options));
}

void chain_error_at(const char *text, long size, const fel_chain_options *options,
                    const char *expected, const char *file, int line)
{
    fel_chain chain;
    memset(&chain, 0, sizeof(chain));
    chain.n_rows = 77;
    const char *path = csv_case_file("bad.csv", text, size);
    const fel_status status = fel_chain_read(&chain, path, options);
    check_true_at(status != FEL_OK, expected, file, line);
    if (status == FEL_OK) {
        fel_chain_clear(&chain);
        return;
    }
    check_true_at(chain.n_rows == 77 && chain.quotes == NULL && chain.n == 0, "out is untouched",
                  file, line);
    const char *message = fel_last_error()->message;
    const size_t n = strlen(path);
    const int has_path = strncmp(message, path, n) == 0 && strncmp(message + n, ": ", 2) == 0;
    check_text_at(has_path ? message + n + 2 : message, expected, "the message", file, line);
}
