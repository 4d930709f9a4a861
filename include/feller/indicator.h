/* feller/indicator.h - streaming indicators for strategies: O(1) a bar, no library, no allocation.
 *
 * Header-only, so that a plug-in that uses them links nothing but libm. All have one shape:
 *
 *     bytes = fel_sma_size_bytes(n);              memory that it needs; not there if it needs none
 *     fel_sma_init(&sma, memory, n);              memory: from host->alloc() in on_start
 *     fel_sma_push(&sma, x);                      once a bar, oldest first
 *     if (fel_sma_is_ready(&sma)) ... fel_sma_value(&sma)
 *
 * Before an indicator is ready its value is NaN or, where that would cost time, meaningless: ask
 * first. Values pushed must be finite. Lengths are at least 1 and at most FEL_INDICATOR_MAX_LENGTH;
 * the caller checks, best by a parameter's range.
 *
 * Window sums are kept with the rounding error of each addition beside them, so they do not drift
 * however long the run is, and are exact for whole numbers: push fel_ticks() of an instrument on a
 * tick grid and averages that tie do tie. None of this survives -ffast-math.
 *
 * indicator_table.h has all of them by name, behind one interface, for programs that link the
 * library. docs/indicators.md has formulas, sources and warm-up. */
#ifndef FEL_INDICATOR_H
#define FEL_INDICATOR_H

#include <feller/indicator_average.h>
#include <feller/indicator_oscillator.h>
#include <feller/indicator_smooth.h>
#include <feller/indicator_sum.h>
#include <feller/indicator_trend.h>
#include <feller/indicator_volatility.h>
#include <feller/indicator_volume.h>
#include <feller/indicator_window.h>

#endif
