/* engine/snapshot_feeds.c - how far each feed has come, as a number of rows: the run that goes on
 * takes its feeds from the first row again and leaves out as many. */
#include <string.h>

#include "engine/snapshot_internal.h"

/* A cursor between two instants, whether its rows are in lockstep or not. */
typedef struct feed_place {
    uint64_t n_taken;
    int64_t last_ns;                    /* of the last row taken */
    uint64_t last_row[FEL_BAR_COLUMNS]; /* bits of its first columns; 0 where not at hand */
    uint64_t is_open_next, is_over;
} feed_place;

static feed_place place_of(const cursor *c)
{
    feed_place p;
    memset(&p, 0, sizeof(p));
    const int is_bar = c->kind == FEL_DATA_BAR;
    const size_t row = is_bar ? cursor_row(c) : c->i;
    p.n_taken = c->n_before + row;
    p.last_ns = is_bar ? cursor_last_ns(c) : c->last_ns;
    p.is_open_next = (uint64_t)(is_bar && cursor_is_between(c));
    p.is_over = c->n == 0;
    for (size_t k = 0; k < FEL_BAR_COLUMNS; k++) {
        const int is_there = row > 0 && c->kind != FEL_DATA_SIGNAL && k < c->n_columns_all;
        if (is_there) {
            memcpy(&p.last_row[k], &c->column[k][row - 1], sizeof(p.last_row[k]));
        }
    }
    return p;
}

static fel_status check_row(const fel_engine *e, const cursor *c, const feed_place *was)
{
    const feed_place p = place_of(c);
    const char *symbol = e->instruments[c->instrument].symbol;
    if (p.n_taken != was->n_taken || p.is_over != was->is_over) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "snapshot: %llu rows of %s were taken%s; this run's data end at row %llu",
                         (unsigned long long)was->n_taken, symbol,
                         was->is_over ? ", all there were" : "", (unsigned long long)p.n_taken);
    }
    if (memcmp(p.last_row, was->last_row, sizeof(p.last_row)) != 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "snapshot: row %llu of %s is not what it was",
                         (unsigned long long)was->n_taken, symbol);
    }
    return FEL_OK;
}

static fel_status move_to(fel_engine *e, size_t k, const feed_place *p)
{
    merge *m = &e->merge;
    cursor *c = &m->cursors[k];
    c->i = 0;
    while (c->n > 0 && c->n_before + c->n <= p->n_taken) {
        FEL_TRY(cursor_refill(e, c));
    }
    c->i = c->n > 0 ? (size_t)(p->n_taken - c->n_before) : 0;
    c->last_ns = p->last_ns;
    FEL_TRY(check_row(e, c, p));
    if (c->n == 0) {
        c->is_open_next = 1;
        m->next_ns[k] = FEL_TIME_MAX;
        return FEL_OK;
    }
    if (c->kind == FEL_DATA_BAR) {
        merge_expect_open(m, k);
        c->is_open_next = (uint8_t)p->is_open_next;
    }
    if (!(c->kind == FEL_DATA_BAR && c->is_open_next)) {
        m->next_ns[k] = c->time_ns[c->i];
    }
    return FEL_OK;
}

fel_status snapshot_feeds(fel_engine *e, snapshot_tape *tape)
{
    merge *m = &e->merge;
    if (tape->is_reading) {
        m->panel.is_on = 0;
        m->panel.next_ns = FEL_TIME_MAX;
        m->panel.n_tries = 0;
    }
    for (size_t k = 0; k < m->n; k++) {
        feed_place p = place_of(&m->cursors[k]);
        FEL_TRY(tape_part(tape, "feed", &p, sizeof(p)));
        FEL_TRY(tape->is_reading ? move_to(e, k, &p) : FEL_OK);
    }
    for (size_t b = 0; b < m->n_blocks; b++) {
        m->block_min_ns[b] = FEL_TIME_MIN;
    }
    merge_settle(m, FEL_TIME_MIN);
    return FEL_OK;
}
