/* data/validate_row.c - the values of one row and the rules that need no other row. */
#include <math.h>
#include <string.h>

#include "data/csv_table_internal.h"

enum { OPEN = 0, HIGH, LOW, CLOSE, VOLUME };

static const char *fault_rule(decimal_fault fault)
{
    static const char *const rules[] = {
        [DECIMAL_OK] = "",
        [DECIMAL_EMPTY] = "is empty",
        [DECIMAL_NOT_A_NUMBER] = "is not a number",
        [DECIMAL_NOT_FINITE] = "is not a finite number",
        [DECIMAL_OVERFLOW] = "is too large for a number",
    };
    return rules[fault];
}

/* Empty, null, nan, none. */
static int is_nothing(const csv_field *field)
{
    double value = 0.0;
    if (field->size > 0 && (field->text[0] | 0x20) != 'n') {
        return 0;
    }
    return decimal_read(field->text, field->size, 0, &value) != DECIMAL_NOT_A_NUMBER;
}

static int is_dot(const csv_field *field)
{
    return field->size == 0 || (field->size == 1 && field->text[0] == '.');
}

/* Does the layout say that there is nothing on this row? All prices must be absent for that; of a
 * quote one side is enough. */
static int is_missing(const csv_plan *plan, const csv_field *fields)
{
    for (uint32_t i = 0; i < plan->n_values; i++) {
        if (plan->values[i].rule != VALUE_PRICE) {
            continue;
        }
        const csv_field *field = &fields[plan->values[i].column];
        const int absent = plan->missing == MISSING_ALL_EMPTY ? is_nothing(field) : is_dot(field);
        if (absent == (plan->missing == MISSING_ONE_SIDE)) {
            return absent;
        }
    }
    return plan->missing != MISSING_ONE_SIDE;
}

static fel_status check_price(csv_table *t, const csv_plan *plan, const csv_value *value,
                              const csv_field *field, size_t row)
{
    double *price = &t->values[value->target][row];
    if (plan->divisor != 1.0) {
        *price /= plan->divisor;
    }
    if (*price <= 0.0 && !plan->allow_negative) {
        return csv_table_blame(t, row, (int32_t)value->column, field->text, field->size,
                               "is not positive (allow negative prices if that is right)");
    }
    if (plan->ticks_per_unit > 0.0 &&
        rint(*price * plan->ticks_per_unit) / plan->ticks_per_unit != *price) {
        return csv_table_blame(t, row, (int32_t)value->column, field->text, field->size,
                               "is not a whole number of ticks of 1/%.15g", plan->ticks_per_unit);
    }
    return FEL_OK;
}

/* Words for a side, in lower case; the first letters do. */
static fel_status take_side(csv_table *t, const csv_value *value, const csv_field *field,
                            size_t row)
{
    static const struct {
        const char *word;
        double side;
    } words[] = {{"buy", 1.0},     {"b", 1.0},     {"bid", 1.0},   {"bids", 1.0},   {"1", 1.0},
                 {"+1", 1.0},      {"sell", -1.0}, {"s", -1.0},    {"ask", -1.0},   {"asks", -1.0},
                 {"a", -1.0},      {"-1", -1.0},   {"0", 0.0},     {"", 0.0},       {"1.0", 1.0},
                 {"-1.0", -1.0},   {"true", 1.0},  {"t", 1.0},     {"false", -1.0}, {"f", -1.0},
                 {"unknown", 0.0}, {"n", 0.0},     {"buyer", 1.0}, {"seller", -1.0}};
    char text[16];
    const csv_field clipped = {field->text, field->size < 15 ? field->size : 15, 0};
    layout_name_of(&clipped, text, sizeof(text));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i].word) == 0) {
            const double side = value->rule == VALUE_MAKER ? -words[i].side : words[i].side;
            t->values[value->target][row] = side + 0.0;
            return FEL_OK;
        }
    }
    return csv_table_blame(t, row, (int32_t)value->column, field->text, field->size,
                           "is not a side");
}

static fel_status take_value(csv_table *t, const csv_plan *plan, const csv_value *value,
                             const csv_field *field, size_t row)
{
    if (value->rule == VALUE_SIDE || value->rule == VALUE_MAKER) {
        return take_side(t, value, field, row);
    }
    double *number = &t->values[value->target][row];
    const decimal_fault fault =
        decimal_read(field->text, field->size, plan->delimiter == ',', number);
    if (fault == DECIMAL_OK) {
        if (value->rule == VALUE_PRICE) {
            return check_price(t, plan, value, field, row);
        }
        if (*number < 0.0 && value->rule != VALUE_SIGNAL && value->rule != VALUE_RATE) {
            return csv_table_blame(t, row, (int32_t)value->column, field->text, field->size,
                                   "is negative");
        }
        return FEL_OK;
    }
    /* Only prices and rates must be there; NaN stays where the source has nothing. */
    if (value->rule != VALUE_PRICE && value->rule != VALUE_RATE &&
        (fault == DECIMAL_EMPTY ||
         (fault == DECIMAL_NOT_FINITE && (field->text[0] | 0x20) == 'n'))) {
        *number = value->rule == VALUE_ACTION ? 0.0 : (double)NAN;
        return FEL_OK;
    }
    return csv_table_blame(t, row, (int32_t)value->column, field->text, field->size, "%s",
                           fault_rule(fault));
}

/* Corporate actions count on a row without prices too. */
static fel_status take_values(csv_table *t, const csv_plan *plan, const csv_field *fields,
                              size_t row, int only_actions)
{
    for (uint32_t i = 0; i < plan->n_values; i++) {
        const csv_value *value = &plan->values[i];
        if (!only_actions || value->rule == VALUE_ACTION) {
            FEL_TRY(take_value(t, plan, value, &fields[value->column], row));
            if (t->state[row] == ROW_BAD) {
                return FEL_OK;
            }
        }
    }
    return FEL_OK;
}

static fel_status check_bounds(csv_table *t, const csv_plan *plan, const csv_field *fields,
                               size_t row)
{
    const double open = t->values[OPEN][row], high = t->values[HIGH][row];
    const double low = t->values[LOW][row], close = t->values[CLOSE][row];
    const char *rule = NULL;
    csv_role role = ROLE_HIGH;
    if (high < low) {
        rule = "is below the low";
    } else if (high < open || high < close) {
        rule = high < open ? "is below the open" : "is below the close";
    } else if (low > open || low > close) {
        role = ROLE_LOW;
        rule = low > open ? "is above the open" : "is above the close";
    }
    if (rule == NULL) {
        return FEL_OK;
    }
    const int32_t column = plan->column_of[role];
    return csv_table_blame(t, row, column, fields[column].text, fields[column].size, "%s", rule);
}

/* Columns of the series that the file does not have. */
static void fill_absent(csv_table *t, const csv_plan *plan, size_t row)
{
    const int32_t *column_of = plan->column_of;
    if (plan->kind == FEL_DATA_QUOTE) {
        for (uint32_t c = 2; c < FEL_QUOTE_COLUMNS; c++) {
            if (column_of[c == 2 ? ROLE_BID_SIZE : ROLE_ASK_SIZE] == NO_COLUMN) {
                t->values[c][row] = (double)NAN;
            }
        }
    }
    if (plan->kind == FEL_DATA_TRADE && column_of[ROLE_SIDE] == NO_COLUMN &&
        column_of[ROLE_MAKER] == NO_COLUMN) {
        t->values[2][row] = 0.0;
    }
    if (plan->kind == FEL_DATA_FUNDING && column_of[ROLE_MARK] == NO_COLUMN) {
        t->values[1][row] = (double)NAN;
    }
    if (plan->kind == FEL_DATA_DEPTH && column_of[ROLE_FLAGS] == NO_COLUMN) {
        t->values[3][row] = 0.0;
    }
}

fel_status csv_row_validate(csv_table *t, const csv_plan *plan, const csv_field *fields, size_t row)
{
    const int missing = plan->missing != MISSING_IS_BAD && is_missing(plan, fields);
    if (missing) {
        t->state[row] = ROW_MISSING;
    }
    FEL_TRY(take_values(t, plan, fields, row, missing));
    if (t->state[row] != ROW_OK) {
        return FEL_OK;
    }
    fill_absent(t, plan, row);
    if (plan->kind == FEL_DATA_ACTION) {
        t->state[row] = ROW_MISSING; /* its values become rows of their own */
    }
    if (plan->kind != FEL_DATA_BAR) {
        return FEL_OK;
    }
    if (plan->column_of[ROLE_VOLUME] == NO_COLUMN) {
        t->values[VOLUME][row] = (double)NAN;
    }
    if (plan->one_price) {
        const double price = t->values[CLOSE][row];
        t->values[OPEN][row] = t->values[HIGH][row] = t->values[LOW][row] = price;
        return FEL_OK;
    }
    return check_bounds(t, plan, fields, row);
}
