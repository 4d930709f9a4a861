/* data/layout_table.c - the kinds of files that are known, in the order in which they are tried. */
#include "data/layout_arrange_internal.h"

const layout_class layout_classes[] = {
    {{"signals", "a time and the named number columns (--signals), known at their instants"},
     layout_is_signals,
     layout_arrange_signals},
    {{"map", "any columns, named by a map such as time=Date,close=Last"},
     layout_is_map,
     layout_arrange_map},
    {{"binance", "klines of 12 columns, with or without header, milli- or microseconds"},
     layout_is_binance,
     layout_arrange_binance},
    {{"binance_trades", "trades and aggTrades of 6 to 8 columns without header"},
     layout_is_binance_trades,
     layout_arrange_binance_trades},
    {{"histdata", "20170102 020000;o;h;l;c;v without header, EST without daylight saving"},
     layout_is_histdata,
     layout_arrange_histdata},
    {{"lean", "LEAN daily, hour and minute files: prices x 10000, times of New York"},
     layout_is_lean,
     layout_arrange_lean},
    {{"yahoo", "Yahoo Finance: Adj Close, Dividends, Stock Splits, also under a three-line header"},
     layout_is_yahoo,
     layout_arrange_yahoo},
    {{"quotes", "a time, bid and ask, perhaps their sizes"},
     layout_is_quotes,
     layout_arrange_quotes},
    {{"depth", "levels of a book after each change: a time, side, price, quantity and flags"},
     layout_is_depth,
     layout_arrange_depth},
    {{"trades", "a time, price, quantity and the taker's side, or is_buyer_maker"},
     layout_is_trades,
     layout_arrange_trades},
    {{"panel", "many instruments in one file: date, symbol, open, high, low, close, volume"},
     layout_is_panel,
     layout_arrange_panel},
    {{"fred", "a date and one value, where \".\" or nothing is a missing day"},
     layout_is_fred,
     layout_arrange_fred},
    {{"canonical", "a header with date or ts, open, high, low, close and perhaps volume"},
     layout_is_canonical,
     layout_arrange_canonical},
};
const size_t n_layout_classes = sizeof(layout_classes) / sizeof(layout_classes[0]);

const fel_layout_row *fel_layout_at(size_t index)
{
    return index < n_layout_classes ? &layout_classes[index].row : NULL;
}
