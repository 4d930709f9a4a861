/* engine/order_book.c - levels of an order book, two sorted arrays with the best price at the end.
 *
 * Nearly all changes are a few levels from the best price: they are found by steps from the end,
 * and move as few levels. Far ones are found by halves. */
#include <math.h>
#include <string.h>

#include "engine/order_book_internal.h"

/* Prices of a side in the order of the array: ascending bids, descending asks. */
static inline int is_before(int side, double a, double b)
{
    return side == BOOK_BID ? a < b : a > b;
}

/* Index of the first level that is not before the price; n if all are. */
static size_t find(const book_side *s, int side, double price)
{
    enum { STEPS = 16 };
    size_t i = s->n;
    for (int step = 0; step < STEPS; step++) {
        if (i == 0 || is_before(side, s->items[i - 1].price, price)) {
            return i;
        }
        i--;
    }
    size_t low = 0;
    while (low < i) {
        const size_t middle = low + (i - low) / 2;
        if (is_before(side, s->items[middle].price, price)) {
            low = middle + 1;
        } else {
            i = middle;
        }
    }
    return low;
}

fel_status book_put(order_book *b, int side, double price, double quantity)
{
    book_side *s = &b->sides[side];
    const size_t at = find(s, side, price);
    const int is_there = at < s->n && s->items[at].price == price;
    b->n_rows++;
    if (quantity == 0.0) {
        if (is_there) {
            s->n--;
            memmove(&s->items[at], &s->items[at + 1], (s->n - at) * sizeof(s->items[0]));
        }
        return FEL_OK;
    }
    if (!is_there) {
        if (s->n == s->capacity) {
            FEL_TRY(array_reserve((void **)&s->items, &s->capacity, s->n, sizeof(s->items[0])));
        }
        memmove(&s->items[at + 1], &s->items[at], (s->n - at) * sizeof(s->items[0]));
        s->n++;
    }
    const book_level level = {.price = price, .quantity = quantity, .stamp = b->n_rows};
    s->items[at] = level;
    return FEL_OK;
}

double book_quantity(const order_book *b, int side, double price)
{
    const book_side *s = &b->sides[side];
    const size_t at = find(s, side, price);
    return at < s->n && s->items[at].price == price ? s->items[at].quantity : 0.0;
}

void book_clear(order_book *b)
{
    b->sides[BOOK_BID].n = b->sides[BOOK_ASK].n = 0;
}

void book_uncross(order_book *b)
{
    book_side *bids = &b->sides[BOOK_BID], *asks = &b->sides[BOOK_ASK];
    while (bids->n > 0 && asks->n > 0 &&
           bids->items[bids->n - 1].price >= asks->items[asks->n - 1].price) {
        book_side *stale =
            bids->items[bids->n - 1].stamp < asks->items[asks->n - 1].stamp ? bids : asks;
        stale->n--;
    }
}

double book_available(const order_book *b, int side, double limit)
{
    const book_side *s = &b->sides[side];
    double sum = 0.0;
    for (size_t i = s->n; i > 0 && book_is_within(side, s->items[i - 1].price, limit); i--) {
        sum += fmax(s->items[i - 1].quantity - s->items[i - 1].taken, 0.0);
    }
    return sum;
}

size_t book_levels(const order_book *b, fel_side side, fel_level *out, size_t n)
{
    const book_side *s = &b->sides[side == FEL_BUY ? BOOK_BID : BOOK_ASK];
    const size_t n_out = n < s->n ? n : s->n;
    for (size_t i = 0; i < n_out; i++) {
        const book_level *level = &s->items[s->n - 1 - i];
        out[i] = (fel_level){level->price, level->quantity};
    }
    return n_out;
}
