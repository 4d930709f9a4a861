/* feller/metric.h - numbers that score a series of returns; one table, each row with its convention.
 *
 * Shared by reports and by trainers. Formulas and conventions: empyrical's where it has the metric
 * (daily = 252 unless told otherwise, ddof 1 for volatilities), the MADL papers' for aRC to IR***. */
#ifndef FEL_METRIC_H
#define FEL_METRIC_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* What the formulas need beside the returns. */
typedef struct fel_metric_options {
    uint32_t struct_size;
    uint32_t reserved;
    double periods_per_year;     /* 252 */
    double risk_free_per_period; /* 0; subtracted from each return */
    double required_return;      /* 0; a period: Sortino, omega */
    double tail;                 /* 0.05; value at risk, conditional value at risk, tail ratio */
} fel_metric_options;

static inline fel_metric_options fel_metric_options_default(void)
{
    const fel_metric_options options = {
        (uint32_t)sizeof(fel_metric_options), 0, 252.0, 0.0, 0.0, 0.05};
    return options;
}

typedef enum fel_metric_unit {
    FEL_UNIT_FRACTION = 0, /* printed as percent */
    FEL_UNIT_RATIO = 1,
    FEL_UNIT_YEARS = 2,
    FEL_UNIT_COUNT = 3,
    FEL_UNIT_MONEY = 4
} fel_metric_unit;

typedef struct fel_metric_class {
    uint32_t struct_size;
    fel_metric_unit unit;
    const char *name;       /* "sharpe_ratio" */
    const char *label;      /* "Sharpe ratio" */
    const char *convention; /* "mean excess return / sd (ddof 1) x sqrt(periods a year)" */
    int needs_factor;       /* compares with a benchmark's returns */
    int higher_is_better;   /* 1, 0: lower, -1: neither */
    /* Simple returns as fractions. NaN in returns is dropped as empyrical does; NaN where the metric
     * is not defined. factor is empty unless needs_factor. */
    double (*eval)(fel_cvec returns, fel_cvec factor, const fel_metric_options *options);
} fel_metric_class;

/* All metrics, static storage. */
FEL_API const fel_metric_class *fel_metric_classes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_metric_find(const char *name, const fel_metric_class **out);

/* Standard error of an annualised Sharpe ratio: iid normal-free (Mertens) form and one robust to
 * autocorrelation (Newey-West); papers.md 11 names the formulas' sources. NaN below three returns. */
FEL_API double fel_sharpe_error(fel_cvec returns, const fel_metric_options *options);
FEL_API double fel_sharpe_error_robust(fel_cvec returns, const fel_metric_options *options);

FEL_END_DECLS
#endif
