/* reports/report_monthly.c - returns compounded by month and by year. */
#include <math.h>
#include <stdlib.h>

#include "reports/report_model_internal.h"

static int year_of(const char *day)
{
    return (int)strtol(day, NULL, 10);
}
static size_t month_of(const char *day)
{
    return (size_t)strtol(day + 5, NULL, 10) - 1;
}

static fel_status allocate(fel_report *r, size_t n_years)
{
    report_monthly *m = &r->monthly;
    void *items;
    FEL_TRY(report_alloc(r, n_years, sizeof(int), &items));
    m->year = items;
    FEL_TRY(report_alloc(r, n_years, sizeof(*m->month), &items));
    m->month = items;
    FEL_TRY(report_alloc(r, n_years, sizeof(double), &items));
    m->year_return = items;
    if (r->equity.benchmark != NULL) {
        FEL_TRY(report_alloc(r, n_years, sizeof(double), &items));
        m->benchmark_year_return = items;
    }
    return FEL_OK;
}

static void compound(double *total, double r)
{
    if (!isnan(r)) {
        *total = isnan(*total) ? r : (1.0 + *total) * (1.0 + r) - 1.0;
    }
}

fel_status report_fill_monthly(fel_report *r)
{
    const report_equity *e = &r->equity;
    report_monthly *m = &r->monthly;
    if (e->n < 2) {
        return FEL_OK;
    }
    const int first = year_of(e->day[1]);
    m->n_years = (size_t)(year_of(e->day[e->n - 1]) - first) + 1;
    FEL_TRY(allocate(r, m->n_years));
    for (size_t y = 0; y < m->n_years; y++) {
        m->year[y] = first + (int)y;
        m->year_return[y] = (double)NAN;
        for (size_t k = 0; k < 12; k++) {
            m->month[y][k] = (double)NAN;
        }
        if (m->benchmark_year_return != NULL) {
            m->benchmark_year_return[y] = (double)NAN;
        }
    }
    for (size_t i = 1; i < e->n; i++) {
        const size_t y = (size_t)(year_of(e->day[i]) - first);
        compound(&m->month[y][month_of(e->day[i])], e->daily_return[i]);
        compound(&m->year_return[y], e->daily_return[i]);
        if (m->benchmark_year_return != NULL) {
            compound(&m->benchmark_year_return[y], e->benchmark_return[i]);
        }
    }
    return FEL_OK;
}
