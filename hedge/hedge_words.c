/* hedge/hedge_words.c - lines of text that say what a policy and a problem are. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "core/number.h"
#include "hedge/hedge_words_internal.h"

enum { QUOTE_SIZE = 100 };

/* ---- lines ----------------------------------------------------------------------------------- */

void hedge_say(hedge_words *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(w->text + w->n, sizeof(w->text) - w->n, format, args);
    va_end(args);
    const size_t room = sizeof(w->text) - w->n - 1;
    w->n += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
}

void hedge_say_number(hedge_words *w, const char *name, double value)
{
    char text[NUMBER_TEXT_SIZE];
    number_format(value, text, sizeof(text));
    hedge_say(w, " %s=%s", name, text);
}

void hedge_say_params(hedge_words *w, const fel_param_spec *specs, size_t n, const double *values)
{
    for (size_t i = 0; i < n; i++) {
        char text[64];
        fel_param_format(&specs[i], values[i], text, sizeof(text));
        hedge_say(w, " %s=%s", specs[i].name, text);
    }
    hedge_say(w, "\n");
}

/* How far into a line its first n words go. */
static size_t end_of_words(const char *line, size_t length, int n)
{
    size_t at = 0;
    for (; at < length && (line[at] != ' ' || --n > 0); at++) {
    }
    return at;
}

/* A line by its first two words and the one that holds character `at`. */
static void quote(const char *line, size_t length, size_t at, char text[QUOTE_SIZE])
{
    const size_t head = end_of_words(line, length, 2);
    size_t from = at < length ? at : length;
    while (from > 0 && line[from - 1] != ' ') {
        from--;
    }
    const size_t n = end_of_words(line + from, length - from, 1);
    if (from < head) {
        (void)snprintf(text, QUOTE_SIZE, "%.*s", (int)head, line);
    } else {
        (void)snprintf(text, QUOTE_SIZE, "%.*s %.*s", (int)head, line, (int)n, line + from);
    }
}

static fel_status raise_difference(const char *path, const char *what, const char *theirs,
                                   const char *ours)
{
    const size_t n = strcspn(theirs, "\n"), m = strcspn(ours, "\n");
    char a[QUOTE_SIZE], b[QUOTE_SIZE];
    size_t at = 0;
    while (at < n && at < m && theirs[at] == ours[at]) {
        at++;
    }
    quote(theirs, n, at, a);
    quote(ours, m, at, b);
    return FEL_RAISE(FEL_ERR_SHAPE, "%s: %s: it has \"%s\", this one \"%s\"", path, what, a, b);
}

fel_status hedge_words_compare(const char *path, const char *what, const char *theirs,
                               const char *ours)
{
    while (*theirs != '\0' || *ours != '\0') {
        const size_t n = strcspn(theirs, "\n"), m = strcspn(ours, "\n");
        if (n != m || memcmp(theirs, ours, n) != 0) {
            return raise_difference(path, what, theirs, ours);
        }
        theirs += n + (theirs[n] == '\n');
        ours += m + (ours[m] == '\n');
    }
    return FEL_OK;
}

/* ---- a policy -------------------------------------------------------------------------------- */

static void say_claim(hedge_words *w, const fel_hedge_claim *c)
{
    hedge_say(w, "claim %s", c->payoff.code->name);
    hedge_say_number(w, "quantity", c->quantity);
    hedge_say_params(w, c->payoff.code->params, c->payoff.code->n_params, c->payoff.params);
}

static void say_instrument(hedge_words *w, const fel_hedge_problem *p, size_t j)
{
    static const char *const kinds[] = {
        [FEL_HEDGE_SPOT] = "spot",
        [FEL_HEDGE_OPTION] = "option",
        [FEL_HEDGE_VARIANCE_SWAP] = "variance_swap",
    };
    const fel_hedge_instrument *i = &p->config.instruments[j];
    hedge_say(w, "instrument %s kind=%s", i->name, kinds[i->kind]);
    if (i->kind == FEL_HEDGE_OPTION) {
        hedge_say(w, " right=%d", (int)i->right);
        hedge_say_number(w, "strike", i->strike);
        hedge_say_number(w, "expiry_years", i->expiry_years);
    }
    hedge_say_number(w, "unit", p->unit[j]);
    hedge_say_number(w, "min_position", i->min_position);
    hedge_say_number(w, "max_position", i->max_position);
    hedge_say(w, "\n");
}

static void say_column(hedge_words *w, const fel_policy *policy, const hedge_column *c)
{
    const fel_hedge_feature_info *info = c->feature.info;
    hedge_say(w, "feature %s", info->name);
    if ((info->flags & FEL_HEDGE_FEATURE_EACH_INSTRUMENT) != 0) {
        hedge_say(w, " instrument=%zu", c->instrument);
    }
    if (hedge_feature_class_of(&c->feature) == &hedge_feature_running_pnl) {
        hedge_say_number(w, "unit", policy->pnl_scale);
    }
    hedge_say_number(w, "shift", c->shift);
    hedge_say_number(w, "scale", c->scale);
    hedge_say_params(w, info->params, info->n_params, c->feature.params);
}

static void say_network(hedge_words *w, const fel_policy_config *c)
{
    static const char *const heads[] = {
        [FEL_HEDGE_DIRECT] = "direct",
        [FEL_HEDGE_RESIDUAL] = "residual",
        [FEL_HEDGE_BAND] = "band",
    };
    static const char *const bounds[] = {
        [FEL_HEDGE_FREE] = "free",
        [FEL_HEDGE_TANH] = "tanh",
        [FEL_HEDGE_LOGISTIC] = "logistic",
    };
    const fel_network_info *info = fel_network_class_info(c->network);
    hedge_say(w, "head %s bound=%s\n", heads[c->head], bounds[c->bound]);
    if (c->head != FEL_HEDGE_DIRECT) {
        hedge_say(w, "base %s", c->base.info->name);
        hedge_say_params(w, c->base.info->params, c->base.info->n_params, c->base.params);
    }
    hedge_say(w, "network %s per_date=%d", info->name, c->per_date != 0);
    hedge_say_params(w, info->params, info->n_params, c->params);
    hedge_say(w, "hidden");
    for (uint32_t i = 0; i < c->n_hidden; i++) {
        hedge_say(w, " %zu", c->hidden[i]);
    }
    hedge_say(w, "\n");
}

void hedge_say_policy(hedge_words *w, const fel_policy *policy)
{
    const fel_hedge_problem *p = policy->problem;
    hedge_say(w, "dates %zu\nhorizon_years", p->config.n_dates);
    hedge_say_number(w, "of_last", p->config.horizon_years);
    hedge_say(w, "\nside %d\nspot", (int)p->config.side);
    hedge_say_number(w, "at_first", p->config.market.process.spot);
    hedge_say(w, "\n");
    for (size_t k = 0; k < p->config.n_claims; k++) {
        say_claim(w, &p->config.claims[k]);
    }
    for (size_t j = 0; j < p->config.n_instruments; j++) {
        say_instrument(w, p, j);
    }
    for (size_t k = 0; k < policy->n_columns; k++) {
        say_column(w, policy, &policy->columns[k]);
    }
    say_network(w, &policy->config);
}

/* ---- a problem ------------------------------------------------------------------------------- */

typedef struct counted {
    const double *values;
    size_t n;
} counted;

/* " name=CHECKSUM" of numbers that are too many to say. */
static fel_status say_checksum(hedge_words *w, const char *name, counted numbers)
{
    hasher *h = NULL;
    char text[HASH_TEXT_SIZE];
    if (numbers.values == NULL) {
        return FEL_OK;
    }
    FEL_TRY(hasher_create(&h));
    hasher_add(h, numbers.values, numbers.n * sizeof(double));
    hasher_text(h, text);
    hasher_destroy(h);
    hedge_say(w, " %s=%s", name, text);
    return FEL_OK;
}

static void say_simulated(hedge_words *w, const fel_hedge_market *m)
{
    size_t n = 0;
    const fel_process_class *c = fel_process_classes(&n)[m->process.kind];
    double params[FEL_PROCESS_MAX_PARAMS];
    fel_process_params(&m->process, params);
    hedge_say(w, "market simulated scheme=%s substeps=%zu\n", fel_schemes(&n)[m->scheme].name,
              m->n_substeps);
    hedge_say(w, "process %s", c->name);
    hedge_say_params(w, c->params, c->n_params, params);
}

static fel_status say_bootstrap(hedge_words *w, const fel_hedge_market *m)
{
    hedge_say(w, "market bootstrap method=%d", (int)m->method);
    hedge_say_number(w, "block_dates", m->block_dates);
    FEL_TRY(say_checksum(w, "closes", (counted){m->closes, m->n_closes}));
    hedge_say(w, "\n");
    return FEL_OK;
}

static fel_status say_stored(hedge_words *w, const fel_hedge_market *m, size_t n_dates)
{
    const size_t n = (size_t)m->n_paths * (n_dates + 1);
    hedge_say(w, "market stored paths=%llu", (unsigned long long)m->n_paths);
    FEL_TRY(say_checksum(w, "spot", (counted){m->spot, n}));
    FEL_TRY(say_checksum(w, "variance", (counted){m->variance, n}));
    hedge_say(w, "\n");
    return FEL_OK;
}

static fel_status say_market(hedge_words *w, const fel_hedge_config *c)
{
    const fel_hedge_market *m = &c->market;
    hedge_say(w, "paths seed=%llu", (unsigned long long)m->seed);
    if (m->has_drift) {
        hedge_say_number(w, "drift_per_year", m->drift_per_year);
    }
    hedge_say(w, "\n");
    if (m->kind == FEL_HEDGE_SIMULATED) {
        say_simulated(w, m);
        return FEL_OK;
    }
    return m->kind == FEL_HEDGE_BOOTSTRAP ? say_bootstrap(w, m) : say_stored(w, m, c->n_dates);
}

static void say_cost(hedge_words *w, const fel_hedge_instrument *i)
{
    hedge_say(w, "cost %s", i->name);
    hedge_say_number(w, "proportional_bps", i->cost.proportional_bps);
    hedge_say_number(w, "per_unit", i->cost.per_unit);
    hedge_say_number(w, "fixed", i->cost.fixed);
    hedge_say_number(w, "fixed_width", i->cost.fixed_width);
    hedge_say_number(w, "quadratic_bps", i->cost.quadratic_bps);
    hedge_say_number(w, "vol_per_year", i->vol_per_year);
    hedge_say(w, "\n");
}

fel_status hedge_say_problem(hedge_words *w, const fel_hedge_problem *problem)
{
    const fel_hedge_config *c = &problem->config;
    FEL_TRY(say_market(w, c));
    for (size_t j = 0; j < c->n_instruments; j++) {
        say_cost(w, &c->instruments[j]);
    }
    hedge_say(w, "money unwinding=%d", c->is_unwinding != 0);
    hedge_say_number(w, "premium", c->premium);
    hedge_say_number(w, "rate_per_year", c->rate_per_year);
    hedge_say_number(w, "reference_vol", c->reference_vol);
    hedge_say(w, "\n");
    return FEL_OK;
}
