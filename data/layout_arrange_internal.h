/* data/layout_arrange_internal.h - the pieces that layouts are put together from. */
#ifndef FEL_MODULE_DATA
#error "data/layout_arrange_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_LAYOUT_ARRANGE_INTERNAL_H
#define FEL_DATA_LAYOUT_ARRANGE_INTERNAL_H

#include "data/layout_internal.h"

/* From column_of to the values that rows are read for. ERR_FORMAT if a needed column is missing. */
fel_status layout_take_bars(const layout_head *head, csv_plan *plan);
fel_status layout_take_quotes(const layout_head *head, csv_plan *plan);
fel_status layout_take_trades(const layout_head *head, csv_plan *plan);
fel_status layout_take_depth(const layout_head *head, csv_plan *plan);
fel_status layout_take_signals(const layout_head *head, size_t row, csv_plan *plan);
fel_status layout_take_funding(const layout_head *head, csv_plan *plan);
void layout_take_actions(csv_plan *plan);
/* Splits and dividends without prices. */
fel_status layout_take_actions_alone(csv_plan *plan);
int layout_has_actions(const csv_plan *plan);

/* One class each: detect and arrange. */
int layout_is_map(const layout_head *head);
fel_status layout_arrange_map(const layout_head *head, csv_plan *plan);
int layout_is_signals(const layout_head *head);
fel_status layout_arrange_signals(const layout_head *head, csv_plan *plan);
int layout_is_binance(const layout_head *head);
fel_status layout_arrange_binance(const layout_head *head, csv_plan *plan);
int layout_is_histdata(const layout_head *head);
fel_status layout_arrange_histdata(const layout_head *head, csv_plan *plan);
int layout_is_lean(const layout_head *head);
fel_status layout_arrange_lean(const layout_head *head, csv_plan *plan);
int layout_is_yahoo(const layout_head *head);
fel_status layout_arrange_yahoo(const layout_head *head, csv_plan *plan);
int layout_is_quotes(const layout_head *head);
fel_status layout_arrange_quotes(const layout_head *head, csv_plan *plan);
int layout_is_trades(const layout_head *head);
fel_status layout_arrange_trades(const layout_head *head, csv_plan *plan);
int layout_is_depth(const layout_head *head);
fel_status layout_arrange_depth(const layout_head *head, csv_plan *plan);
int layout_is_binance_trades(const layout_head *head);
fel_status layout_arrange_binance_trades(const layout_head *head, csv_plan *plan);
int layout_is_funding(const layout_head *head);
fel_status layout_arrange_funding(const layout_head *head, csv_plan *plan);
int layout_is_actions(const layout_head *head);
fel_status layout_arrange_actions(const layout_head *head, csv_plan *plan);
int layout_is_lean_factors(const layout_head *head);
fel_status layout_arrange_lean_factors(const layout_head *head, csv_plan *plan);
int layout_is_panel(const layout_head *head);
fel_status layout_arrange_panel(const layout_head *head, csv_plan *plan);
int layout_is_fred(const layout_head *head);
fel_status layout_arrange_fred(const layout_head *head, csv_plan *plan);
int layout_is_canonical(const layout_head *head);
fel_status layout_arrange_canonical(const layout_head *head, csv_plan *plan);

#endif
