/* reports/report_equity.c - the daily equity line: the last recorded point of each trading day (the
 * UTC day, or that of the result's offset, of the nanosecond before it), after the initial cash. */
#include <math.h>
#include <string.h>

#include "reports/report_model_internal.h"

static int64_t day_number_of(const fel_result *result, size_t point)
{
    const int64_t before = result->equity[point].time_ns - 1 + result->day_offset_ns;
    const int64_t day = before / FEL_NS_PER_DAY;
    return before % FEL_NS_PER_DAY < 0 ? day - 1 : day;
}

static void day_text(int64_t day_number, char text[DAY_TEXT_SIZE])
{
    fel_day_format((day_number + 1) * FEL_NS_PER_DAY, text, DAY_TEXT_SIZE);
}

/* Room for every recorded point: at least as many as there are days. */
static fel_status allocate(fel_report *r, size_t most)
{
    report_equity *e = &r->equity;
    double **const columns[] = {
        &e->equity,   &e->cash,  &e->gross_exposure, &e->net_exposure,
        &e->turnover, &e->costs, &e->daily_return,   &e->drawdown,
    };
    void *items;
    FEL_TRY(report_alloc(r, most, sizeof(*e->day), &items));
    e->day = items;
    FEL_TRY(report_alloc(r, most, sizeof(int64_t), &items));
    e->day_number = items;
    FEL_TRY(report_alloc(r, most, sizeof(int64_t), &items));
    e->time_ns = items;
    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++) {
        FEL_TRY(report_alloc(r, most, sizeof(double), &items));
        *columns[c] = items;
    }
    return FEL_OK;
}

static size_t count_days(const fel_result *result)
{
    size_t n = 1;
    for (size_t i = 1; i < result->n_equity; i++) {
        n += i == 1 || day_number_of(result, i) != day_number_of(result, i - 1);
    }
    return n;
}

/* Point k of the line; flows since the day's point before add up, the rest is as at the end. */
static void put_point(report_equity *e, size_t k, const fel_result *result, size_t point)
{
    const fel_equity_point *p = &result->equity[point];
    e->time_ns[k] = p->time_ns;
    e->day_number[k] = day_number_of(result, point);
    e->equity[k] = p->equity;
    e->cash[k] = p->cash;
    e->gross_exposure[k] = p->gross_exposure;
    e->net_exposure[k] = p->net_exposure;
    e->turnover[k] += p->turnover;
    e->costs[k] += p->costs;
}

void report_drawdown_line(const double *line, size_t n, double *out)
{
    double peak = n > 0 ? line[0] : 0.0;
    for (size_t i = 0; i < n; i++) {
        peak = fmax(peak, line[i]);
        out[i] = (line[i] - peak) / peak;
    }
}

fel_status report_fill_equity(fel_report *r)
{
    report_equity *e = &r->equity;
    const fel_result *result = &r->result;
    FEL_TRY(allocate(r, count_days(result)));
    put_point(e, e->n++, result, 0);
    for (size_t i = 1; i < result->n_equity; i++) {
        const int64_t day = day_number_of(result, i);
        if (e->n == 1 || day != e->day_number[e->n - 1]) {
            e->n++;
        }
        put_point(e, e->n - 1, result, i);
    }
    /* The initial point stands before the first day, also where both fall on one day. */
    if (e->n > 1 && e->day_number[0] >= e->day_number[1]) {
        e->day_number[0] = e->day_number[1] - 1;
    }
    e->daily_return[0] = (double)NAN;
    for (size_t k = 0; k < e->n; k++) {
        day_text(e->day_number[k], e->day[k]);
        if (k > 0) {
            e->daily_return[k] = e->equity[k] / e->equity[k - 1] - 1.0;
        }
    }
    report_drawdown_line(e->equity, e->n, e->drawdown);
    return FEL_OK;
}

fel_cvec report_returns(const fel_report *r)
{
    const fel_cvec returns = {r->equity.daily_return + 1, r->equity.n - 1};
    return returns;
}
