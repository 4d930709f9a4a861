/* hedge/hedge_words_internal.h - what a policy, a problem and a training are, in words: a line for
 * each thing, so that two can be compared and the first difference be said. */
#ifndef FEL_HEDGE_WORDS_INTERNAL_H
#define FEL_HEDGE_WORDS_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedge_words_internal.h belongs to hedge/"
#endif

#include "hedge/pass_internal.h"

typedef struct hedge_words {
    size_t n;
    char text[32768];
} hedge_words;

void hedge_say(hedge_words *w, const char *format, ...) FEL_PRINTF(2, 3);
/* " name=value" in the shortest digits that read back as the same number. */
void hedge_say_number(hedge_words *w, const char *name, double value);
/* " name=value ..." of a table, and the end of the line. */
void hedge_say_params(hedge_words *w, const fel_param_spec *specs, size_t n, const double *values);

/* What a policy's parameters have their meaning from. */
void hedge_say_policy(hedge_words *w, const fel_policy *policy);
/* The rest: market, costs, premium. ERR_NOMEM. */
fel_status hedge_say_problem(hedge_words *w, const fel_hedge_problem *problem);

/* ERR_SHAPE with the first line that differs: "PATH: WHAT: it has "...", this one "..."". */
fel_status hedge_words_compare(const char *path, const char *what, const char *theirs,
                               const char *ours);

#endif
