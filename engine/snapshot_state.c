/* engine/snapshot_state.c - the tables of what a run knows: a row for each list, array and number.
 *
 * What a run is made of (settings, instruments, parameters) is not put down but compared. Lists
 * that are empty between two instants are left out. */
#include <stddef.h>
#include <string.h>

#include "engine/order_book_internal.h"
#include "engine/snapshot_internal.h"

typedef struct place {
    const char *name;
    size_t offset, size;
} place;

#define FIELD(member)                                                                              \
    {                                                                                              \
#member, offsetof(fel_engine, member), sizeof(((fel_engine *)NULL)->member)                \
    }

/* Plain members. */
static const place members[] = {
    FIELD(ctx.now_ns),
    FIELD(ledger),
    FIELD(rate_from_ns),
    FIELD(n_rate),
    FIELD(has_risk_limits),
    FIELD(has_risk_limits),
    FIELD(next_option),
    FIELD(start_ns),
    FIELD(day_end_ns),
    FIELD(first_ns),
    FIELD(last_ns),
    FIELD(n_bars),
    FIELD(n_others),
    FIELD(n_fills),
    FIELD(next_order_id),
    FIELD(flags),
    FIELD(n_price_feeds),
    FIELD(next_expiry_ns),
    FIELD(attention_ns),
    FIELD(is_ruined),
    FIELD(pool.free_head),
    FIELD(live.n),
    FIELD(account.is_called),
    FIELD(account.n_forced),
    FIELD(stop),
    FIELD(quote_taken),
    FIELD(clock.n_set),
    FIELD(clock.n_struck),
    FIELD(clock.first_row_ns),
    FIELD(clock.next_ns),
};

/* Arrays with one item for each instrument. */
#define EACH(member)                                                                               \
    {                                                                                              \
#member, offsetof(fel_engine, member), sizeof(*((fel_engine *)NULL)->member)               \
    }
static const place arrays[] = {
    EACH(position),   EACH(last_price), EACH(multiplier),
    EACH(high_since), EACH(low_since),  EACH(account.legs),
};

/* Lists: items, n, capacity. */
#define LIST(member)                                                                               \
    {                                                                                              \
#member, offsetof(fel_engine, member), sizeof(*((fel_engine *)NULL)->member.items)         \
    }
static const place lists[] = {
    LIST(pool),          LIST(slot_of),      LIST(pending),      LIST(linked),
    LIST(ended),         LIST(orders),       LIST(fills),        LIST(equity),
    LIST(account.calls), LIST(order_events), LIST(clock.timers), LIST(clock.messages),
};

/* What all lists begin with. */
typedef struct any_list {
    void *items;
    size_t n, capacity;
} any_list;

_Static_assert(offsetof(order_pool, n) == offsetof(any_list, n) &&
                   offsetof(order_list, n) == offsetof(any_list, n) &&
                   offsetof(fill_list, capacity) == offsetof(any_list, capacity),
               "lists begin alike");

static fel_status walk_list(any_list *list, const place *p, snapshot_tape *tape)
{
    if (tape->is_reading) {
        size_t size = 0;
        FEL_TRY(tape_peek(tape, p->name, &size));
        const size_t n = size / p->size;
        if (n > list->capacity) {
            FEL_TRY(array_reserve(&list->items, &list->capacity, n - 1, p->size));
        }
        while (n > list->capacity) {
            FEL_TRY(array_reserve(&list->items, &list->capacity, list->capacity, p->size));
        }
        list->n = n;
    }
    return tape_part(tape, p->name, list->items, list->n * p->size);
}

static fel_status walk_lists(fel_engine *e, snapshot_tape *tape)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        any_list *list = (any_list *)(void *)((unsigned char *)e + lists[i].offset);
        FEL_TRY(walk_list(list, &lists[i], tape));
    }
    return FEL_OK;
}

static fel_status walk_arrays(fel_engine *e, snapshot_tape *tape)
{
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        void *items = NULL;
        memcpy(&items, (unsigned char *)e + arrays[i].offset, sizeof(items));
        FEL_TRY(tape_part(tape, arrays[i].name, items, e->n_instruments * arrays[i].size));
    }
    return tape_part(tape, "signal", e->signal, e->n_instruments * e->n_signals * sizeof(double));
}

/* What is made again from the orders is left out. */
static fel_status walk_book(order_book *b, snapshot_tape *tape)
{
    static const place side = {"book", 0, sizeof(book_level)};
    for (int k = 0; k < 2; k++) {
        FEL_TRY(walk_list((any_list *)(void *)&b->sides[k], &side, tape));
    }
    b->is_dirty = tape->is_reading ? 1 : b->is_dirty;
    return tape_part(tape, "book_rows", &b->n_rows, sizeof(b->n_rows));
}

/* Bars of rows in lockstep count as taken; the cursor is the run's own. */
static fel_status walk_instruments(fel_engine *e, snapshot_tape *tape)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        instrument_state s = e->inst[i];
        const cursor *bars = s.bars;
        s.n_bars = inst_n_bars(&s);
        s.bars = NULL;
        order_book *book_here = s.book;
        s.book = NULL;
        FEL_TRY(tape_part(tape, "instrument", &s, sizeof(s)));
        if (tape->is_reading) {
            e->inst[i] = s;
            e->inst[i].bars = bars;
            e->inst[i].book = book_here;
        }
        if (book_here != NULL) {
            FEL_TRY(walk_book(book_here, tape));
        }
    }
    return FEL_OK;
}

static fel_status walk_hash(fel_engine *e, snapshot_tape *tape)
{
    unsigned char bytes[HASH_STATE_SIZE] = {0};
    if (!tape->is_reading) {
        hasher_save(e->hash, bytes);
    }
    FEL_TRY(tape_part(tape, "hash", bytes, sizeof(bytes)));
    if (tape->is_reading) {
        hasher_load(e->hash, bytes);
    }
    FEL_TRY(tape_part(tape, "hash_buffer", e->hash_buffer, sizeof(e->hash_buffer)));
    return tape_part(tape, "hash_used", &e->hash_used, sizeof(e->hash_used));
}

fel_status snapshot_state(fel_engine *e, snapshot_tape *tape)
{
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        FEL_TRY(tape_part(tape, members[i].name, (unsigned char *)e + members[i].offset,
                          members[i].size));
    }
    FEL_TRY(walk_arrays(e, tape));
    FEL_TRY(walk_instruments(e, tape));
    FEL_TRY(tape_part(tape, "live", e->live.words, (e->n_instruments / 64 + 1) * sizeof(uint64_t)));
    FEL_TRY(walk_lists(e, tape));
    return walk_hash(e, tape);
}
