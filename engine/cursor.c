/* engine/cursor.c - many feeds, one order of events.
 *
 * Each feed has a cursor with the instant of its next event. The next instant of the run is the
 * smallest of them, found by a scan over the smallest of each block of 64: for a few feeds that is
 * a handful of compares, for thousands it stays in cache and vectorises, and a panel whose rows
 * share instants costs one scan for all of them. */
#include <stdlib.h>
#include <string.h>

#include "engine/engine_internal.h"

void merge_settle(merge *m, int64_t t)
{
    for (size_t block = 0; block < m->n_blocks; block++) {
        if (m->block_min_ns[block] > t) {
            continue;
        }
        const size_t first = block * MERGE_BLOCK;
        const size_t last = first + MERGE_BLOCK < m->n ? first + MERGE_BLOCK : m->n;
        int64_t smallest = m->next_ns[first];
        for (size_t i = first + 1; i < last; i++) {
            smallest = m->next_ns[i] < smallest ? m->next_ns[i] : smallest;
        }
        m->block_min_ns[block] = smallest;
    }
}

fel_status cursor_refill(fel_engine *e, cursor *c)
{
    const fel_source *source = &e->sources[c->source];
    fel_block block = {0};
    FEL_TRY(source->feed.code->next(source->feed.self, &block));
    c->n_before += c->n;
    c->i = 0;
    c->n = block.n;
    if (block.n == 0) {
        return FEL_OK;
    }
    if (block.n_columns != source->info->n_columns) {
        return FEL_RAISE(FEL_ERR_SHAPE, "feed of %s gave %zu columns, not %u",
                         source->info->instrument.symbol, block.n_columns, source->info->n_columns);
    }
    if (block.time_ns[0] < c->last_ns) {
        return FEL_RAISE(FEL_ERR_FORMAT, "feed of %s goes back in time",
                         source->info->instrument.symbol);
    }
    c->time_ns = block.time_ns;
    c->open_ns = block.open_ns;
    c->columns = block.columns;
    for (size_t i = 0; i < FEL_BAR_COLUMNS && i < block.n_columns; i++) {
        c->column[i] = block.columns[i];
    }
    return FEL_OK;
}

static fel_status cursor_end(fel_engine *e, const cursor *c)
{
    if (!fel_gives_prices(c->kind)) {
        return FEL_OK;
    }
    instrument_state *s = &e->inst[c->instrument];
    s->n_price_feeds--;
    e->n_price_feeds--;
    return s->n_price_feeds == 0 ? ARRAY_PUSH(&e->ended, c->instrument) : FEL_OK;
}

fel_status merge_refill(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    if (c->kind == FEL_DATA_BAR && c->n > 0) {
        c->state->known_volume = c->column[4][c->n - 1];
    }
    FEL_TRY(cursor_refill(e, c));
    if (c->n == 0) {
        c->is_open_next = 1;
        e->merge.next_ns[k] = FEL_TIME_MAX;
        return cursor_end(e, c);
    }
    if (c->kind == FEL_DATA_BAR) {
        merge_expect_open(&e->merge, k);
    } else {
        e->merge.next_ns[k] = c->time_ns[0];
    }
    return FEL_OK;
}

fel_status merge_start(fel_engine *e)
{
    merge *m = &e->merge;
    m->panel.is_on = 0;
    m->panel.next_ns = FEL_TIME_MAX;
    for (size_t k = 0; k < m->n; k++) {
        cursor *c = &m->cursors[k];
        const fel_feed *feed = &e->sources[c->source].feed;
        c->last_ns = FEL_TIME_MIN;
        c->is_open_next = 0;
        c->i = c->n = c->n_before = 0;
        c->n_columns_all = e->sources[c->source].info->n_columns;
        c->panel = &m->panel;
        c->place = k - m->first_bar;
        c->state = &e->inst[c->instrument];
        c->position = &e->position[c->instrument];
        c->last_price = &e->last_price[c->instrument];
        if (c->kind == FEL_DATA_BAR) {
            c->state->bars = c;
        }
        FEL_TRY(feed->code->rewind(feed->self));
        FEL_TRY(merge_refill(e, k));
    }
    for (size_t b = 0; b < m->n_blocks; b++) {
        m->block_min_ns[b] = FEL_TIME_MIN;
    }
    merge_settle(m, FEL_TIME_MIN);
    panel_load(e);
    return FEL_OK;
}

/* Signals, quotes, trades, depth, bars, actions, funding; each by instrument, then by place in the
 * list of sources.
 */
static int rank_of(fel_data_kind kind)
{
    static const int ranks[] = {
        [FEL_DATA_SIGNAL] = 0, [FEL_DATA_QUOTE] = 1,  [FEL_DATA_TRADE] = 2,  [FEL_DATA_DEPTH] = 3,
        [FEL_DATA_BAR] = 4,    [FEL_DATA_ACTION] = 5, [FEL_DATA_FUNDING] = 6};
    return ranks[kind];
}

static int cursor_compare(const void *left, const void *right)
{
    const cursor *a = left, *b = right;
    const int ra = rank_of(a->kind), rb = rank_of(b->kind);
    if (ra != rb) {
        return ra < rb ? -1 : 1;
    }
    if (a->instrument != b->instrument) {
        return a->instrument < b->instrument ? -1 : 1;
    }
    return a->source < b->source ? -1 : 1;
}

static size_t count_below(const merge *m, int rank)
{
    size_t n = 0;
    for (size_t k = 0; k < m->n; k++) {
        n += rank_of(m->cursors[k].kind) < rank ? 1 : 0;
    }
    return n;
}

/* Is every price a bar of a day or more? */
static int has_days_only(const merge *m)
{
    int64_t shortest_ns = INT64_MAX;
    for (size_t k = m->first_bar; k < m->first_action; k++) {
        const int64_t length_ns = m->cursors[k].length_ns;
        shortest_ns = length_ns < shortest_ns ? length_ns : shortest_ns;
    }
    return m->first_quote == m->first_bar && m->first_bar < m->first_action &&
           shortest_ns >= FEL_NS_PER_DAY;
}

/* cursors[].instrument, kind, source, length_ns, signal_columns are set: put them in order. */
fel_status merge_create(fel_engine *e)
{
    merge *m = &e->merge;
    m->n_blocks = (m->n + MERGE_BLOCK - 1) / MERGE_BLOCK;
    m->next_ns = arena_array(&e->fixed, m->n_blocks * MERGE_BLOCK, sizeof(int64_t));
    m->block_min_ns = arena_array(&e->fixed, m->n_blocks, sizeof(int64_t));
    if (m->next_ns == NULL || m->block_min_ns == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu feeds", m->n);
    }
    qsort(m->cursors, m->n, sizeof(cursor), cursor_compare);
    m->first_quote = count_below(m, 1);
    m->first_bar = count_below(m, 4);
    m->first_action = count_below(m, 5);
    m->is_daily = has_days_only(m);
    return panel_create(e);
}
