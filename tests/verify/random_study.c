/* tests/verify/random_study.c - see random_study.h. */
#include "tests/verify/random_study.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

typedef struct writer {
    rng_stream numbers;
    char *text;
    size_t used;
} writer;

static void put(writer *w, const char *format, ...) FEL_PRINTF(2, 3);

static void put(writer *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(w->text + w->used, RANDOM_TEXT_SIZE - w->used, format, args);
    va_end(args);
    w->used += n > 0 ? (size_t)n : 0;
    w->used = w->used < RANDOM_TEXT_SIZE ? w->used : RANDOM_TEXT_SIZE - 1;
}

static size_t below(writer *w, size_t n)
{
    return (size_t)rng_below(&w->numbers, n);
}

static int chance(writer *w, double p)
{
    return rng_uniform(&w->numbers) < p;
}

/* ---- data ----------------------------------------------------------------------------------- */

void random_study_data(const char *folder)
{
    char name[32];
    for (int i = 0; i < RANDOM_SERIES; i++) {
        (void)snprintf(name, sizeof(name), "w%d.csv", i);
        put_bars(in_folder(folder, name), RANDOM_BARS, 0.7 * i);
    }
    FILE *file = fopen(in_folder(folder, "s0.csv"), "wb");
    CHECK(file != NULL);
    if (file == NULL) {
        return;
    }
    (void)fputs("date,forecast\n", file);
    for (int i = 0; i < RANDOM_BARS; i++) {
        char day[16];
        fel_day_format((INT64_C(14613) + i) * FEL_NS_PER_DAY + 1, day, sizeof(day));
        (void)fprintf(file, "%s,%.6f\n", day, 0.01 * sin(i / 7.3) + 0.003 * cos(i * 1.7));
    }
    CHECK(fclose(file) == 0);
}

/* ---- pieces of a study ---------------------------------------------------------------------- */

/* One of the words between bars, for a key, or nothing. */
static void put_choice(writer *w, const char *key, const char *words)
{
    if (chance(w, 0.5)) {
        return;
    }
    size_t n = 1;
    for (const char *c = words; *c != '\0'; c++) {
        n += *c == '|';
    }
    for (size_t skip = below(w, n); skip > 0; skip--) {
        words = strchr(words, '|') + 1;
    }
    put(w, "%s: %.*s\n", key, (int)strcspn(words, "|"), words);
}

static void put_data(writer *w, int wants_signals)
{
    const size_t n = 1 + below(w, RANDOM_SERIES);
    put(w, "data:\n");
    for (size_t i = 0; i < n; i++) {
        put(w, "  - {symbol: W%zu, file: w%zu.csv, frequency: 1d%s}\n", i, i,
            chance(w, 0.2) ? ", lot: 1" : "");
    }
    if (wants_signals) {
        put(w, "  - {symbol: W0, file: s0.csv, frequency: 1d, signals: [forecast]}\n");
    }
}

static void put_param(writer *w, const fel_param_spec *p)
{
    char text[64];
    double value = p->default_value;
    if (p->kind == FEL_PARAM_INTEGER) {
        const double room = fmin(p->max - p->min, 60.0);
        value = p->min + (double)below(w, (size_t)room + 1);
    } else if (p->kind == FEL_PARAM_REAL) {
        value = fmax(p->min, fmin(p->max, value * (0.4 + 1.2 * rng_uniform(&w->numbers))));
    } else {
        value = (double)below(w, 2);
    }
    fel_param_format(p, value, text, sizeof(text));
    put(w, ", %s: %s", p->name, text);
}

/* The first whole-number parameter, which a walk-forward searches over, is left out. */
static const char *put_strategy(writer *w, const fel_strategy *s)
{
    const char *searched = NULL;
    put(w, "strategy: {kind: %s", s->name);
    for (size_t i = 0; i < s->n_params; i++) {
        if (searched == NULL && s->params[i].kind == FEL_PARAM_INTEGER) {
            searched = s->params[i].name;
        } else if (chance(w, 0.5)) {
            put_param(w, &s->params[i]);
        }
    }
    put(w, "}\n");
    return searched;
}

static void put_rules(writer *w)
{
    put(w, "cash: %zu\n", 1000 + below(w, 5000000));
    put_choice(w, "fill", "next_open|same_close");
    put_choice(w, "path", "nearest|ohlc|olhc|pessimistic");
    put_choice(w, "limit", "through|touch");
    put_choice(w, "sizing", "at_fill|at_decision");
    put_choice(w, "trail", "prior|path");
    put_choice(w, "cash_short", "scale|reject|allow");
    put_choice(w, "off_grid", "round|reject");
    put_choice(w, "slip_range", "free|in_bar");
    put_choice(w, "volume_limit", "0.01|0.2");
    put_choice(w, "risk",
               "{max_gross: 0.5, max_orders_per_day: 1}|{max_drawdown: 0.05}|"
               "{max_day_loss: 0.01, on_drawdown: flatten}|"
               "{max_drawdown: 0.1, on_drawdown: flatten}");
    put_choice(w, "end_of_data", "close|hold");
    put_choice(w, "allow_short", "true|false");
    put_choice(w, "cash_rate", "0.02|0.005|-0.001");
    if (chance(w, 0.5)) {
        put(w, "start: %s\n", chance(w, 0.5) ? "2010-07-01" : "2011-01-03");
        put_choice(w, "warm_up", "20|6mo");
    }
    put_choice(w, "self_check", "true|false");
    put_choice(w, "report",
               "{record: event}|{benchmark: none}|{periods_per_year: 250}|{order_events: true}");
    if (chance(w, 0.7)) {
        put(w, "costs: {fee_bps: %.2f, slippage: {half_spread_bps: %zu}}\n",
            20.0 * rng_uniform(&w->numbers), below(w, 30));
    }
}

static void put_variants(writer *w, const char *searched)
{
    const size_t kind = below(w, 4);
    if (kind == 0) {
        put(w, "sweep:\n  cash_short: [scale, allow]\n  costs.fee_per_order: [0, %zu]\n",
            1 + below(w, 9));
        if (searched != NULL) {
            put(w, "  strategy.%s: [%zu, %zu]\n", searched, 2 + below(w, 20), 25 + below(w, 20));
        }
    } else if (kind == 1 && searched != NULL) {
        put(w, "walk_forward: {train: %zu, test: %zu, purge: %zu%s}\n", 150 + below(w, 100),
            60 + below(w, 100), below(w, 5), chance(w, 0.3) ? ", anchored: true" : "");
        put(w, "search:\n  strategy.%s: [%zu, %zu, %zu]\n", searched, 2 + below(w, 5),
            8 + below(w, 9), 20 + below(w, 30));
    }
}

void random_study_text(uint64_t seed, char text[RANDOM_TEXT_SIZE])
{
    size_t n = 0;
    writer w = {rng_at(seed, 11), text, 0};
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    const fel_strategy *s = all[below(&w, n)];
    while (strcmp(s->name, "hedge") == 0) { /* needs another study's problem */
        s = all[below(&w, n)];
    }
    put(&w, "name: random\nseed: %llu\n", (unsigned long long)seed);
    put_data(&w, strcmp(s->name, "signals") == 0 || strcmp(s->name, "forecast_sign") == 0);
    const char *searched = put_strategy(&w, s);
    put_rules(&w);
    put_variants(&w, searched);
}
