/* data/csv_batch.c - the accepted rows of a batch as parts of series.
 *
 * A file of one series hands out the pieces as they are. A panel's rows are grouped by series
 * first, by counting, which keeps their order. */
#include <stdlib.h>
#include <string.h>

#include "data/csv_reader_internal.h"

enum { PRICES = 4 };

/* Close the gaps that rejected rows leave. */
static void compact(csv_table *t, const csv_plan *plan)
{
    size_t n = 0;
    while (n < t->n && t->state[n] == ROW_OK) {
        n++;
    }
    for (size_t i = n; i < t->n; i++) {
        if (t->state[i] == ROW_OK) {
            csv_table_copy_row(t, n++, t, i, plan);
        }
    }
    t->n = n;
}

static fel_status push_part(csv_reader *r, size_t series, size_t n)
{
    FEL_TRY(
        array_reserve((void **)&r->parts.items, &r->parts.capacity, r->parts.n, sizeof(csv_part)));
    r->parts.items[r->parts.n++] = (csv_part){.series = series, .rows = {.n = n}};
    return FEL_OK;
}

/* Let a part show rows [first, first + n) of a table; `columns` has room for their addresses. */
static void show_rows(const csv_reader *r, csv_part *part, const csv_table *t, size_t first,
                      const double **columns)
{
    for (uint32_t c = 0; c < r->plan.n_columns; c++) {
        columns[c] = t->values[c] + first;
    }
    part->rows.n_columns = r->plan.n_columns;
    part->rows.time_ns = t->close_ns + first;
    part->rows.open_ns = r->plan.place.varies ? t->open_ns + first : NULL;
    part->rows.columns = columns;
}

static fel_status reserve_columns(csv_reader *r, size_t n)
{
    if (n > r->part_columns_capacity) {
        const double **grown = realloc(r->part_columns, n * sizeof(grown[0]));
        if (grown == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu columns", n);
        }
        r->part_columns = grown;
        r->part_columns_capacity = n;
    }
    return FEL_OK;
}

static fel_status make_single(csv_reader *r)
{
    const size_t width = r->plan.n_columns;
    FEL_TRY(reserve_columns(r, r->n_tables * width));
    for (size_t i = 0; i < r->n_tables; i++) {
        csv_table *t = &r->tables[i];
        compact(t, &r->plan);
        if (t->n > 0) {
            FEL_TRY(push_part(r, 0, t->n));
            show_rows(r, &r->parts.items[r->parts.n - 1], t, 0, r->part_columns + i * width);
        }
    }
    return FEL_OK;
}

/* After this, starts[s] is where the rows of series s begin in the grouped table. */
static size_t count_rows(const csv_reader *r, size_t *starts)
{
    for (size_t i = 0; i < r->n_tables; i++) {
        const csv_table *t = &r->tables[i];
        for (size_t row = 0; row < t->n; row++) {
            starts[t->state[row] == ROW_OK ? t->symbol[row] + 1 : 0]++;
        }
    }
    starts[0] = 0;
    for (size_t s = 0; s < r->series.n; s++) {
        starts[s + 1] += starts[s];
    }
    return starts[r->series.n];
}

static fel_status group_rows(csv_reader *r, size_t *starts)
{
    const size_t width = r->plan.n_columns, total = count_rows(r, starts);
    FEL_TRY(csv_table_reserve(&r->grouped, &r->plan, total + 1));
    FEL_TRY(reserve_columns(r, r->series.n * width));
    for (size_t s = 0; s < r->series.n; s++) {
        const size_t n = starts[s + 1] - starts[s];
        if (n > 0) {
            FEL_TRY(push_part(r, s, n));
            show_rows(r, &r->parts.items[r->parts.n - 1], &r->grouped, starts[s],
                      r->part_columns + (r->parts.n - 1) * width);
        }
    }
    for (size_t i = 0; i < r->n_tables; i++) {
        const csv_table *t = &r->tables[i];
        for (size_t row = 0; row < t->n; row++) {
            if (t->state[row] == ROW_OK) {
                csv_table_copy_row(&r->grouped, starts[t->symbol[row]]++, t, row, &r->plan);
            }
        }
    }
    return FEL_OK;
}

static fel_status make_panel(csv_reader *r)
{
    size_t *starts = calloc(r->series.n + 2, sizeof(*starts));
    if (starts == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu series", r->series.n);
    }
    const fel_status status = group_rows(r, starts);
    free(starts);
    return status;
}

static fel_status make_actions(csv_reader *r)
{
    for (size_t i = 0; i < r->actions.n; i++) {
        csv_action *action = &r->actions.items[i];
        action->columns[0] = &action->kind;
        action->columns[1] = &action->value;
        FEL_TRY(push_part(r, action->series, 1));
        r->parts.items[r->parts.n - 1].rows = (fel_block){.n = 1,
                                                          .n_columns = FEL_ACTION_COLUMNS,
                                                          .time_ns = &action->time_ns,
                                                          .columns = action->columns};
    }
    return FEL_OK;
}

/* ---- tick grids
 * ---------------------------------------------------------------------------------- */

typedef struct grid_work {
    const csv_reader *reader;
    tick_grid *grids;
} grid_work;

/* Which columns are prices? */
static uint32_t prices_of(const csv_plan *plan, uint32_t *n)
{
    static const struct {
        uint8_t first, n;
    } places[] = {[FEL_DATA_BAR] = {0, PRICES},
                  [FEL_DATA_QUOTE] = {0, 2},
                  [FEL_DATA_TRADE] = {0, 1},
                  [FEL_DATA_DEPTH] = {1, 1},
                  [FEL_DATA_FUNDING] = {0, 0}};
    *n = plan->one_price ? 1 : places[plan->kind].n;
    return plan->one_price ? PRICES - 1 : places[plan->kind].first;
}

static fel_status find_grid(void *payload, size_t index, int thread)
{
    const grid_work *work = payload;
    const csv_part *part = &work->reader->parts.items[index];
    const csv_plan *plan = &work->reader->plan;
    (void)thread;
    tick_grid grid = work->reader->series.items[part->series].grid;
    uint32_t n_prices = 0;
    const uint32_t first = prices_of(plan, &n_prices);
    for (uint32_t c = first; c < first + n_prices; c++) {
        tick_grid_add(&grid, part->rows.columns[c], part->rows.n);
    }
    work->grids[index] = grid;
    return FEL_OK;
}

static fel_status join_grids(csv_reader *r, size_t n)
{
    tick_grid *grids = calloc(n + 1, sizeof(*grids));
    if (grids == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu grids", n);
    }
    grid_work work = {r, grids};
    const fel_status status = threads_run(r->n_threads, n, find_grid, &work);
    for (size_t i = 0; i < n; i++) {
        tick_grid_join(&r->series.items[r->parts.items[i].series].grid, &grids[i]);
    }
    free(grids);
    return status;
}

fel_status csv_batch_make(csv_reader *r)
{
    const int is_panel = r->plan.column_of[ROLE_SYMBOL] != NO_COLUMN;
    r->parts.n = 0;
    FEL_TRY(is_panel ? make_panel(r) : make_single(r));
    const int has_prices = fel_gives_prices(r->plan.kind);
    if (has_prices && !(r->plan.ticks_per_unit > 0.0)) {
        FEL_TRY(join_grids(r, r->parts.n));
    }
    return make_actions(r);
}
