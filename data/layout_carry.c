/* data/layout_carry.c - layouts of what holding costs and pays: funding rates, splits and dividends
 * without prices.
 *
 * Source of the funding columns: Binance's monthly files (calc_time, funding_interval_hours,
 * last_funding_rate) and its fundingRate call (symbol, fundingTime, fundingRate, markPrice). */
#include "data/layout_arrange_internal.h"

int layout_is_funding(const layout_head *head)
{
    return layout_has_time_and(head, ROLE_FUNDING) && !layout_has_time_and(head, ROLE_OPEN);
}

fel_status layout_arrange_funding(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    return layout_take_funding(head, plan);
}

int layout_is_actions(const layout_head *head)
{
    return (layout_has_time_and(head, ROLE_DIVIDEND) || layout_has_time_and(head, ROLE_SPLIT)) &&
           !layout_has_time_and(head, ROLE_CLOSE) && !layout_has_time_and(head, ROLE_BID);
}

fel_status layout_arrange_actions(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    if (!layout_has_actions(plan)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row 1 names no column dividend or split", head->path);
    }
    return layout_take_actions_alone(plan);
}
