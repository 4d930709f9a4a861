/* data/layout_headed.c - layouts whose first line names the columns: canonical, panel, quotes,
 * fred, signals. */
#include <stdio.h>
#include <string.h>

#include "data/layout_arrange_internal.h"

int layout_is_canonical(const layout_head *head)
{
    return layout_has_time_and(head, ROLE_CLOSE);
}

fel_status layout_arrange_canonical(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    plan->column_of[ROLE_SYMBOL] = NO_COLUMN;
    FEL_TRY(layout_take_bars(head, plan));
    layout_take_actions(plan);
    return FEL_OK;
}

int layout_is_panel(const layout_head *head)
{
    return layout_has_time_and(head, ROLE_CLOSE) && layout_has_time_and(head, ROLE_SYMBOL);
}

fel_status layout_arrange_panel(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    if (plan->column_of[ROLE_SYMBOL] == NO_COLUMN) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row 1 names no column symbol or ticker", head->path);
    }
    /* A close beside an adjusted close is Yahoo's: splits are in it. */
    if (plan->adjustment == FEL_ADJUST_RAW && layout_find_name(head, 0, "adj close") != NO_COLUMN) {
        plan->adjustment = FEL_ADJUST_SPLIT;
    }
    FEL_TRY(layout_take_bars(head, plan));
    layout_take_actions(plan);
    return FEL_OK;
}

int layout_is_quotes(const layout_head *head)
{
    return layout_has_time_and(head, ROLE_BID) && layout_has_time_and(head, ROLE_ASK) &&
           !layout_has_time_and(head, ROLE_CLOSE) &&
           layout_find_name(head, 0, "strike") == NO_COLUMN; /* not a chain of options */
}

fel_status layout_arrange_quotes(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    return layout_take_quotes(head, plan);
}

int layout_is_fred(const layout_head *head)
{
    int32_t column_of[ROLE_N];
    layout_find_roles(head, 0, column_of);
    return layout_width(head, 0) == 2 && column_of[ROLE_TIME] == 0;
}

fel_status layout_arrange_fred(const layout_head *head, csv_plan *plan)
{
    FEL_TRY(layout_take_header(head, plan));
    if (layout_width(head, 0) != 2 || plan->column_of[ROLE_TIME] != 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: layout fred is a date and one value, not %zu columns",
                         head->path, layout_width(head, 0));
    }
    for (int role = ROLE_CLOCK; role < ROLE_N; role++) {
        plan->column_of[role] = NO_COLUMN;
    }
    plan->column_of[ROLE_CLOSE] = 1;
    plan->missing = MISSING_DOT;
    return layout_take_bars(head, plan);
}

int layout_is_signals(const layout_head *head)
{
    return head->options->signal_columns != NULL && head->options->map[0] == '\0';
}

fel_status layout_arrange_signals(const layout_head *head, csv_plan *plan)
{
    if (head->options->signal_columns == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: layout signals needs the names of the signal columns",
                         head->path);
    }
    FEL_TRY(layout_take_header(head, plan));
    return layout_take_signals(head, 0, plan);
}
