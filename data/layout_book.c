/* data/layout_book.c - layouts of order books: trades one by one, levels of a book.
 *
 * Source of Binance's columns: binance-public-data's README (trades: id, price, qty, quote_qty,
 * time, is_buyer_maker, perhaps is_best_match; aggTrades: id, price, quantity, first and last
 * trade's id, time, is_buyer_maker, perhaps is_best_match). */
#include <string.h>

#include "data/layout_arrange_internal.h"

int layout_is_trades(const layout_head *head)
{
    return layout_has_time_and(head, ROLE_PRICE) && layout_has_time_and(head, ROLE_QUANTITY) &&
           (layout_has_time_and(head, ROLE_SIDE) || layout_has_time_and(head, ROLE_MAKER)) &&
           !layout_has_time_and(head, ROLE_OPEN);
}

fel_status layout_arrange_trades(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    return layout_take_trades(head, plan);
}

int layout_is_depth(const layout_head *head)
{
    return layout_is_trades(head) && layout_has_time_and(head, ROLE_FLAGS);
}

fel_status layout_arrange_depth(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    return layout_take_depth(head, plan);
}

/* "True", "false". */
static int is_truth(const csv_field *field)
{
    char text[8];
    layout_name_of(field, text, sizeof(text));
    return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

/* Where is_buyer_maker is, behind a time: column 5 of trades, 6 of aggregated ones; 0: neither. */
static size_t maker_column(const layout_head *head)
{
    const size_t width = layout_width(head, 0);
    for (size_t c = 5; c < width && c <= 6; c++) {
        const csv_field *time = layout_field(head, 0, c - 1);
        time_format format = {0};
        if (is_truth(layout_field(head, 0, c)) &&
            time_shape_of(time->text, time->size, &format) == TIME_SHAPE_EPOCH) {
            return c;
        }
    }
    return 0;
}

int layout_is_binance_trades(const layout_head *head)
{
    const size_t width = layout_width(head, 0);
    return width >= 6 && width <= 8 && maker_column(head) > 0;
}

fel_status layout_arrange_binance_trades(const layout_head *head, csv_plan *plan)
{
    const size_t maker = maker_column(head);
    if (maker == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: layout binance_trades has a time and then true or false in column 6 "
                         "or 7; with a header it is layout trades",
                         head->path);
    }
    plan->column_of[ROLE_PRICE] = 1;
    plan->column_of[ROLE_QUANTITY] = 2;
    plan->column_of[ROLE_TIME] = (int32_t)maker - 1;
    plan->column_of[ROLE_MAKER] = (int32_t)maker;
    return layout_take_trades(head, plan);
}
