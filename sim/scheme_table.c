/* sim/scheme_table.c - the schemes, in the order of their numbers: names for people, and how to
 * make a step. */
#include <string.h>

#include "core/nearest.h"
#include "sim/paths_internal.h"

#define SCHEME_ROWS(X)                                                                             \
    X(EULER, euler, "full-truncation Euler, log price")                                            \
    X(MILSTEIN, milstein, "Milstein for the variance, truncated; log price")                       \
    X(QE, qe, "quadratic-exponential (Andersen)")                                                  \
    X(QE_M, qe_m, "quadratic-exponential with the martingale correction")                          \
    X(EXACT_VARIANCE, exact_variance, "variance from its exact law, trapezoid integral")           \
    X(EXACT, exact, "exact law of variance and log price (Broadie-Kaya, Glasserman-Kim)")

#define SCHEME_ROW(code, word, text)   {FEL_SCHEME_##code, #word, text},
#define SCHEME_CLASS(code, word, text) [FEL_SCHEME_##code] = &scheme_##word,

static const fel_scheme_row rows[] = {SCHEME_ROWS(SCHEME_ROW)};
static const scheme_class *const classes[] = {SCHEME_ROWS(SCHEME_CLASS)};

enum { N_SCHEMES = sizeof(rows) / sizeof(rows[0]) };

const fel_scheme_row *fel_schemes(size_t *n)
{
    *n = N_SCHEMES;
    return rows;
}

fel_status fel_scheme_find(const char *name, fel_scheme *out)
{
    const char *names[N_SCHEMES];
    for (size_t i = 0; i < N_SCHEMES; i++) {
        names[i] = rows[i].name;
        if (strcmp(name, names[i]) == 0) {
            *out = rows[i].scheme;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_SCHEMES);
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no scheme \"%.64s\"; did you mean \"%s\"?", name,
                     names[near < N_SCHEMES ? near : FEL_SCHEME_QE_M]);
}

const scheme_class *scheme_of(fel_scheme scheme)
{
    const size_t row = (size_t)scheme;
    return row < N_SCHEMES ? classes[row] : NULL;
}
