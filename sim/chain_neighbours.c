/* sim/chain_neighbours.c - quotes that contradict those of neighbouring strikes.
 *
 * A call's price falls with the strike, by at most the discounted step, and is convex; a put's
 * rises. Two or three neighbours contradict each other if even the best of their bids and asks
 * would be an arbitrage. Of those in a contradiction the one goes whose absence leaves the fewest
 * others; that is repeated until none is left. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "sim/chain_internal.h"

enum { REACH = 2, WINDOW = 2 * REACH + 1, MAX_ROUNDS = 64 };

/* ---- contradictions -------------------------------------------------------------------------- */

/* Would selling the one that should cost less and buying the other pay? a below b. */
static int is_pair_bad(const chain_quote *a, const chain_quote *b)
{
    const chain_quote *dear = a->right == FEL_CALL ? a : b, *cheap = a->right == FEL_CALL ? b : a;
    return dear->high < cheap->low ||
           dear->low - cheap->high > a->discount * (b->strike - a->strike);
}

/* Would a butterfly be paid for? */
static int is_triple_bad(const chain_quote *a, const chain_quote *b, const chain_quote *c)
{
    const double share = (c->strike - b->strike) / (c->strike - a->strike);
    return b->low > share * a->high + (1.0 - share) * c->high;
}

static int count_bad(chain_quote *const *quotes, size_t n)
{
    int count = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        count += is_pair_bad(quotes[i], quotes[i + 1]);
        count += i + 2 < n ? is_triple_bad(quotes[i], quotes[i + 1], quotes[i + 2]) : 0;
    }
    return count;
}

/* ---- who goes -------------------------------------------------------------------------------- */

typedef struct neighbours {
    chain_quote **items; /* in order of strike */
    int *gains;          /* contradictions that each one's absence would end */
    size_t n;
} neighbours;

static int gain_of(const neighbours *list, size_t at)
{
    chain_quote *window[WINDOW];
    const size_t first = at > REACH ? at - REACH : 0;
    const size_t last = at + REACH < list->n ? at + REACH : list->n - 1;
    size_t n = 0;
    const int before = count_bad(list->items + first, last - first + 1);
    for (size_t i = first; i <= last && before > 0; i++) {
        if (i != at) {
            window[n++] = list->items[i];
        }
    }
    return before > 0 ? before - count_bad(window, n) : 0;
}

static double width_of(const chain_quote *q)
{
    return (q->high - q->low) / q->price;
}

/* Should a go rather than b? */
static int is_worse(const neighbours *list, size_t a, size_t b)
{
    const chain_quote *x = list->items[a], *y = list->items[b];
    if (list->gains[a] != list->gains[b]) {
        return list->gains[a] > list->gains[b];
    }
    if (width_of(x) < width_of(y) || width_of(x) > width_of(y)) {
        return width_of(x) > width_of(y);
    }
    return x->row > y->row;
}

static int is_worst_around(const neighbours *list, size_t at)
{
    const size_t first = at > REACH ? at - REACH : 0;
    for (size_t i = first; i <= at + REACH && i < list->n; i++) {
        if (i != at && is_worse(list, i, at)) {
            return 0;
        }
    }
    return 1;
}

static const char *quote_word(const chain_quote *q)
{
    return q->bid <= q->ask ? "bid" : "price";
}

/* The first contradiction that it is part of, in words. */
static void refuse_at(const neighbours *list, size_t at)
{
    chain_quote *q = list->items[at];
    const chain_quote *below = at > 0 ? list->items[at - 1] : NULL;
    const chain_quote *above = at + 1 < list->n ? list->items[at + 1] : NULL;
    const chain_quote *other = below != NULL && is_pair_bad(below, q) ? below : above;
    const int is_pair =
        (below != NULL && is_pair_bad(below, q)) || (above != NULL && is_pair_bad(q, above));
    if (is_pair && other != NULL) {
        chain_refuse(q, FEL_FAULT_ARBITRAGE,
                     "%g .. %g is not monotone with %g .. %g at strike %g (row %d)", q->low,
                     q->high, other->low, other->high, other->strike, other->row);
    } else if (below != NULL && above != NULL && is_triple_bad(below, q, above)) {
        chain_refuse(q, FEL_FAULT_ARBITRAGE,
                     "%s %g is above the line between strikes %g and %g: not convex", quote_word(q),
                     q->low, below->strike, above->strike);
    } else {
        chain_refuse(q, FEL_FAULT_ARBITRAGE, "%g .. %g is not convex with the strikes beside it",
                     q->low, q->high);
    }
}

/* All that are the worst around them, which do not touch each other. 0 if none was. */
static size_t drop_worst(neighbours *list)
{
    size_t n_dropped = 0, kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        list->gains[i] = gain_of(list, i);
    }
    for (size_t i = 0; i < list->n; i++) {
        if (list->gains[i] > 0 && is_worst_around(list, i)) {
            refuse_at(list, i);
            n_dropped++;
        }
    }
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i]->fault == FEL_FAULT_NONE) {
            list->items[kept++] = list->items[i];
        }
    }
    list->n = kept;
    return n_dropped;
}

static void check_side(neighbours *list, chain_quote *quotes, size_t n, int right)
{
    list->n = 0;
    for (size_t i = 0; i < n; i++) {
        if (quotes[i].fault == FEL_FAULT_NONE && quotes[i].right == right) {
            list->items[list->n++] = &quotes[i];
        }
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
        if (drop_worst(list) == 0) {
            return;
        }
    }
}

fel_status chain_check_neighbours(chain_quote *quotes, size_t n)
{
    neighbours list = {calloc(n + 1, sizeof(chain_quote *)), calloc(n + 1, sizeof(int)), 0};
    fel_status status = FEL_OK;
    if (list.items == NULL || list.gains == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu quotes", n);
    } else {
        check_side(&list, quotes, n, FEL_CALL);
        check_side(&list, quotes, n, FEL_PUT);
    }
    free(list.items);
    free(list.gains);
    return status;
}
