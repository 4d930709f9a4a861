/* feller/indicator_table.h - all streaming indicators by name, behind one interface.
 *
 * A row says what an indicator is called, what it reads, which parameters it has, what it gives and
 * after how many bars. The code behind is that of feller/indicator.h, which strategies and features
 * use directly; this is for programs that choose an indicator at run time. */
#ifndef FEL_INDICATOR_TABLE_H
#define FEL_INDICATOR_TABLE_H

#include <feller/market.h>

FEL_BEGIN_DECLS

enum { FEL_INDICATOR_MAX_PARAMS = 6, FEL_INDICATOR_MAX_OUTPUTS = 6 };

/* A row of the table; static storage. */
typedef struct fel_indicator_class {
    uint32_t struct_size;
    uint32_t inputs;     /* FEL_INPUT_OPEN .. FEL_INPUT_TIME: what of a bar it reads */
    const char *name;    /* "bollinger" */
    const char *summary; /* one line, no full stop */
    const char *formula; /* in letters that docs/indicators.md explains */
    const char *source;  /* who defined it, and whose numbers it gives */
    const fel_param_spec *params;
    size_t n_params;
    const char *const *outputs; /* names; all begin with the same bar */
    size_t n_outputs;
    int needs_positive; /* takes logarithms or divides: prices must be above 0 */
    /* What ranges cannot say; NULL: nothing. */
    fel_status (*check)(const double *params);
    /* Bars without outputs, from the first. */
    size_t (*warm_up)(const double *params);
    /* Bytes of state, to be aligned for doubles; it never grows. */
    size_t (*state_size)(const double *params);
    void (*start)(void *state, const double *params);
    /* One more bar. 1: out[n_outputs] was filled; 0: still warming up, out was left alone. */
    int (*push)(void *state, const fel_bar *bar, double *out);
    /* After a split: as if all prices seen had been multiplied by factor > 0, volumes divided. */
    void (*rescale)(void *state, double factor);
} fel_indicator_class;

/* All indicators. */
FEL_API const fel_indicator_class *const *fel_indicator_classes(size_t *n);

/* ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_indicator_find(const char *name,
                                                    const fel_indicator_class **out);

/* ERR_RANGE with the indicator, the parameter and what is allowed. */
FEL_API FEL_NODISCARD fel_status fel_indicator_check(const fel_indicator_class *code,
                                                     const double *params);

/* An indicator that runs. */
typedef struct fel_indicator fel_indicator;

/* params: values of code->params in their order; NULL: the defaults. ERR_RANGE, ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_indicator_create(fel_indicator **out,
                                                      const fel_indicator_class *code,
                                                      const double *params);
FEL_API void fel_indicator_destroy(fel_indicator *indicator); /* NULL is allowed */

FEL_API const fel_indicator_class *fel_indicator_class_of(const fel_indicator *indicator);

/* One more bar, later than all before: out[n_outputs], all NaN while warming up. ERR_RANGE with the
 * bar's number, the field and its value if something that is read is not finite, not above 0 where
 * that is needed, or a volume below 0, or the high is below the low; nothing has changed then, and
 * the next bar may be given. */
FEL_API FEL_NODISCARD fel_status fel_indicator_update(fel_indicator *indicator, const fel_bar *bar,
                                                      double *out);

/* After a split: prices from before are multiplied by factor > 0, volumes divided; else ERR_RANGE.
 */
FEL_API FEL_NODISCARD fel_status fel_indicator_rescale(fel_indicator *indicator, double factor);

FEL_END_DECLS
#endif
