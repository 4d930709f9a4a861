/* data/layout_values.c - from named columns to the list of values that every row is read for. */
#include <stdio.h>
#include <string.h>

#include "data/layout_arrange_internal.h"

static void add_value(csv_plan *plan, int32_t column, uint32_t target, value_rule rule)
{
    plan->values[plan->n_values++] = (csv_value){(uint32_t)column, target, rule};
}

fel_status layout_take_bars(const layout_head *head, csv_plan *plan)
{
    static const csv_role prices[] = {ROLE_OPEN, ROLE_HIGH, ROLE_LOW, ROLE_CLOSE};
    static const char *const names[] = {"open", "high", "low", "close"};
    int n_prices = 0;
    const int32_t *column_of = plan->column_of;
    for (uint32_t i = 0; i < 3; i++) {
        n_prices += column_of[prices[i]] != NO_COLUMN ? 1 : 0;
    }
    plan->kind = FEL_DATA_BAR;
    plan->n_columns = FEL_BAR_COLUMNS;
    plan->one_price = n_prices == 0;
    for (uint32_t i = 0; i < 4; i++) {
        if (column_of[prices[i]] == NO_COLUMN && (n_prices > 0 || prices[i] == ROLE_CLOSE)) {
            return FEL_RAISE(FEL_ERR_FORMAT,
                             "%s: has no column %s; name the columns with a map such as "
                             "time=Date,close=Last",
                             head->path, names[i]);
        }
        if (column_of[prices[i]] != NO_COLUMN) {
            add_value(plan, column_of[prices[i]], i, VALUE_PRICE);
        }
    }
    if (column_of[ROLE_VOLUME] != NO_COLUMN) {
        add_value(plan, column_of[ROLE_VOLUME], 4, VALUE_AMOUNT);
    }
    return FEL_OK;
}

fel_status layout_take_quotes(const layout_head *head, csv_plan *plan)
{
    const int32_t *column_of = plan->column_of;
    if (column_of[ROLE_BID] == NO_COLUMN || column_of[ROLE_ASK] == NO_COLUMN) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: has no column %s; name the columns with a map such as "
                         "time=Date,bid=Bid,ask=Offer",
                         head->path, column_of[ROLE_BID] == NO_COLUMN ? "bid" : "ask");
    }
    plan->kind = FEL_DATA_QUOTE;
    plan->n_columns = FEL_QUOTE_COLUMNS;
    add_value(plan, column_of[ROLE_BID], 0, VALUE_PRICE);
    add_value(plan, column_of[ROLE_ASK], 1, VALUE_PRICE);
    if (column_of[ROLE_BID_SIZE] != NO_COLUMN) {
        add_value(plan, column_of[ROLE_BID_SIZE], 2, VALUE_AMOUNT);
    }
    if (column_of[ROLE_ASK_SIZE] != NO_COLUMN) {
        add_value(plan, column_of[ROLE_ASK_SIZE], 3, VALUE_AMOUNT);
    }
    return FEL_OK;
}

static fel_status need_columns(const layout_head *head, const csv_plan *plan, const csv_role *roles,
                               size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (plan->column_of[roles[i]] == NO_COLUMN) {
            return FEL_RAISE(FEL_ERR_FORMAT,
                             "%s: has no column %s; name the columns with a map such as "
                             "time=T,price=P,quantity=Q,side=S",
                             head->path, layout_role_names[roles[i]]);
        }
    }
    return FEL_OK;
}

fel_status layout_take_trades(const layout_head *head, csv_plan *plan)
{
    static const csv_role needed[] = {ROLE_PRICE, ROLE_QUANTITY};
    FEL_TRY(need_columns(head, plan, needed, 2));
    plan->kind = FEL_DATA_TRADE;
    plan->n_columns = FEL_TRADE_COLUMNS;
    add_value(plan, plan->column_of[ROLE_PRICE], 0, VALUE_PRICE);
    add_value(plan, plan->column_of[ROLE_QUANTITY], 1, VALUE_AMOUNT);
    if (plan->column_of[ROLE_MAKER] != NO_COLUMN) {
        add_value(plan, plan->column_of[ROLE_MAKER], 2, VALUE_MAKER);
    } else if (plan->column_of[ROLE_SIDE] != NO_COLUMN) {
        add_value(plan, plan->column_of[ROLE_SIDE], 2, VALUE_SIDE);
    }
    return FEL_OK;
}

fel_status layout_take_depth(const layout_head *head, csv_plan *plan)
{
    static const csv_role needed[] = {ROLE_SIDE, ROLE_PRICE, ROLE_QUANTITY};
    FEL_TRY(need_columns(head, plan, needed, 3));
    plan->kind = FEL_DATA_DEPTH;
    plan->n_columns = FEL_DEPTH_COLUMNS;
    add_value(plan, plan->column_of[ROLE_SIDE], 0, VALUE_SIDE);
    add_value(plan, plan->column_of[ROLE_PRICE], 1, VALUE_PRICE);
    add_value(plan, plan->column_of[ROLE_QUANTITY], 2, VALUE_AMOUNT);
    if (plan->column_of[ROLE_FLAGS] != NO_COLUMN) {
        add_value(plan, plan->column_of[ROLE_FLAGS], 3, VALUE_AMOUNT);
    }
    return FEL_OK;
}

fel_status layout_take_funding(const layout_head *head, csv_plan *plan)
{
    static const csv_role needed[] = {ROLE_FUNDING};
    FEL_TRY(need_columns(head, plan, needed, 1));
    plan->kind = FEL_DATA_FUNDING;
    plan->n_columns = FEL_FUNDING_COLUMNS;
    add_value(plan, plan->column_of[ROLE_FUNDING], 0, VALUE_RATE);
    if (plan->column_of[ROLE_MARK] != NO_COLUMN) {
        add_value(plan, plan->column_of[ROLE_MARK], 1, VALUE_AMOUNT);
    }
    return FEL_OK;
}

int layout_has_actions(const csv_plan *plan)
{
    return plan->column_of[ROLE_DIVIDEND] != NO_COLUMN || plan->column_of[ROLE_SPLIT] != NO_COLUMN;
}

fel_status layout_take_actions_alone(csv_plan *plan)
{
    plan->kind = FEL_DATA_ACTION;
    plan->n_columns = FEL_ACTION_COLUMNS;
    layout_take_actions(plan);
    return FEL_OK;
}

void layout_take_actions(csv_plan *plan)
{
    static const struct {
        csv_role role;
        uint32_t target;
    } actions[] = {{ROLE_DIVIDEND, CSV_DIVIDEND}, {ROLE_SPLIT, CSV_SPLIT}, {ROLE_GAIN, CSV_GAIN}};
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        if (plan->column_of[actions[i].role] != NO_COLUMN) {
            add_value(plan, plan->column_of[actions[i].role], actions[i].target, VALUE_ACTION);
        }
    }
}

/* The next name of a list between commas, in lower case; 0 at the end. */
static int next_name(const char **at, char *name, size_t size)
{
    if (*at == NULL || **at == '\0') {
        return 0;
    }
    const size_t n = strcspn(*at, ",");
    const csv_field field = {*at, (uint32_t)n, 0};
    layout_name_of(&field, name, size);
    *at += n + ((*at)[n] == ',' ? 1 : 0);
    return 1;
}

fel_status layout_take_signals(const layout_head *head, size_t row, csv_plan *plan)
{
    const char *at = head->options->signal_columns, *start = at;
    char name[64];
    plan->kind = FEL_DATA_SIGNAL;
    for (; next_name(&at, name, sizeof(name)); start = at) {
        const int32_t column = layout_find_name(head, row, name);
        if (column == NO_COLUMN) {
            return FEL_RAISE(FEL_ERR_FORMAT, "%s: has no column \"%s\" for a signal", head->path,
                             name);
        }
        if (plan->n_columns == FEL_MAX_COLUMNS) {
            return FEL_RAISE(FEL_ERR_ARG, "more than %d signal columns", (int)FEL_MAX_COLUMNS);
        }
        add_value(plan, column, plan->n_columns, VALUE_SIGNAL);
        (void)snprintf(plan->columns[plan->n_columns++], FEL_COLUMN_NAME_SIZE, "%.*s",
                       (int)strcspn(start, ","), start);
    }
    return plan->n_columns > 0 ? FEL_OK
                               : FEL_RAISE(FEL_ERR_ARG, "the list of signal columns is empty");
}
