/* tests/unit/sim/chain_fixture.h - chains made from known parameters, in memory and as files. */
#ifndef FEL_TESTS_CHAIN_FIXTURE_H
#define FEL_TESTS_CHAIN_FIXTURE_H

#include <feller/calibrate.h>

enum { SURFACE_N = 8, SURFACE_QUOTES = SURFACE_N * SURFACE_N };

/* Eight maturities of 1 to 24 months, eight strikes of 80 to 120 % of a spot of 100; calls at
 * Heston's prices to 1e-12 by the adaptive method. Cleared by fel_chain_clear(). */
void surface_make(fel_chain *out, const fel_heston *heston);

/* Move each quote's volatility by a share of it that is -1, 0 or 1 times `size`, by a fixed
 * pattern; price and all. */
void surface_disturb(fel_chain *chain, double size);

/* Write a text to a file and read it as a chain, which must work; the caller clears it. NULL: the
 * default options. */
void chain_of_text(fel_chain *out, const char *text, const fel_chain_options *options);

/* Read a text that must fail; the message after "<path>: " must be this. */
#define CHECK_CHAIN_ERROR(text, size, options, expected)                                           \
    chain_error_at((text), (size), (options), (expected), __FILE__, __LINE__)
void chain_error_at(const char *text, long size, const fel_chain_options *options,
                    const char *expected, const char *file, int line);

#endif
