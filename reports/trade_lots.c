/* reports/trade_lots.c - the open lots of one instrument, first in, first out. */
#include <stdlib.h>

#include "core/core.h"
#include "reports/trade_internal.h"

void lot_book_clear(lot_book *book)
{
    free(book->items);
    free(book->high.items);
    free(book->low.items);
}

fel_status lot_book_open(lot_book *book, const lot *entry, int32_t direction)
{
    if (book->head == book->n) {
        book->head = 0;
        book->n = 0;
    }
    book->direction = direction;
    lot added = *entry;
    added.first_segment = book->n_segments;
    return ARRAY_PUSH(book, added);
}

void lot_book_split(lot_book *book, double ratio)
{
    for (size_t i = book->head; i < book->n; i++) {
        book->items[i].quantity *= ratio;
        book->items[i].price /= ratio;
    }
    extreme_scale(&book->high, 1.0 / ratio);
    extreme_scale(&book->low, 1.0 / ratio);
}

fel_status lot_book_segment(lot_book *book, double high, double low)
{
    const size_t segment = book->n_segments++;
    book->high.sign = 1.0;
    book->low.sign = -1.0;
    FEL_TRY(extreme_push(&book->high, segment, high));
    return extreme_push(&book->low, segment, low);
}

fel_money money_share(fel_money amount, double part, double whole)
{
    return part >= whole ? amount : money_divide(money_scale(amount, part), whole);
}
