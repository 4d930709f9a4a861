/* feller/adjust.h - views of prices: adjusted for splits and dividends, joined over changes of
 * ticker, futures in one series. What is traded stays the raw price; a view is for signals,
 * features and charts. Each says from when on its numbers were known. */
#ifndef FEL_ADJUST_H
#define FEL_ADJUST_H

#include <feller/data.h>

FEL_BEGIN_DECLS

/* ---- splits and dividends ----------------------------------------------------------------------
 */

/* Bars of raw prices as SPLIT or TOTAL_RETURN by the actions (a series of them; NULL: none). A bar
 * is after an action when it opens at its instant or later. A split divides earlier prices by its
 * ratio and multiplies their volumes; a dividend multiplies earlier prices by 1 - dividend / last
 * close before it (the rule of CRSP and of most vendors).
 *
 * as_of_ns FEL_TIME_MIN: forward - the first bar stays what it was, later ones are scaled; each row
 * depends on earlier rows and actions alone, so that the view of a part is a part of the view. Else
 * backward - what was known at that instant: rows and actions up to it, its last bar as it was.
 *
 * The caller owns *out. ERR_ARG if the bars are not raw bars, ERR_FORMAT for a dividend that is not
 * less than the close before it. */
FEL_API FEL_NODISCARD fel_status fel_adjust(fel_series **out, const fel_series *bars,
                                            const fel_series *actions, fel_adjustment adjustment,
                                            int64_t as_of_ns);

/* ---- changes of ticker -------------------------------------------------------------------------
 */

/* Read a map of tickers as LEAN writes them: "20090804,wmi,N" - date, ticker, exchange - where a
 * row says what the ticker was up to and on that date; the first is the day of the listing. Take
 * the rows of each ticker's time from the list's series of that ticker (letters in any case) and
 * put them into one series with the last ticker's name. Series of tickers that are not in the list
 * are gaps. Times of dates are ends of days in the series' zone. ERR_IO, ERR_FORMAT with file and
 * row, ERR_NOTFOUND if the list has none of the tickers. The caller owns *out. */
FEL_API FEL_NODISCARD fel_status fel_join_tickers(fel_series **out, const fel_series_list *list,
                                                  const char *map_path);

/* ---- futures in one series ---------------------------------------------------------------------
 */

/* When a contract is left for the next; decided at a close, in force from the next bar on. */
typedef enum fel_roll_rule {
    FEL_ROLL_BEFORE_EXPIRY =
        0,                /* at the last close that is at least before_ns before the expiry; where
                                   a gap in the data follows that, at the first close after it */
    FEL_ROLL_VOLUME = 1,  /* at the first close where the next one's volume is larger */
    FEL_ROLL_LAST_BAR = 2 /* at its last bar */
} fel_roll_rule;

/* What hides the gap between the contracts' closes at a roll. */
typedef enum fel_roll_adjust {
    FEL_ROLL_RAW = 0,    /* nothing */
    FEL_ROLL_PANAMA = 1, /* prices are moved by the difference; they may become negative */
    FEL_ROLL_RATIO = 2   /* prices are multiplied by the quotient */
} fel_roll_adjust;

typedef struct fel_roll {
    fel_roll_rule rule;
    fel_roll_adjust adjust;
    int32_t is_backward; /* 1: the last contract's prices are its own; 0: the first one's are, and
                            every row depends on earlier rows alone */
    uint32_t reserved;
    int64_t before_ns; /* BEFORE_EXPIRY */
} fel_roll;

/* Bars of contracts in the order of their expiries as one series of that name. Contracts have bars
 * of one length and, for BEFORE_EXPIRY, expiries. A roll needs a close of both at one instant: it
 * waits for one. ERR_ARG, ERR_FORMAT if a contract ends before there was one. The caller owns *out.
 */
FEL_API FEL_NODISCARD fel_status fel_continuous(fel_series **out, const char *symbol,
                                                const fel_series *const *contracts, size_t n,
                                                const fel_roll *how);

FEL_END_DECLS
#endif
