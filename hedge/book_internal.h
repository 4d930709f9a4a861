/* hedge/book_internal.h - delta and gamma of a problem's book to somebody who believes in
 * Black-Scholes with a volatility that may differ from path to path.
 *
 * Every claim is a leg: made ready once, with rows of state for what it remembers of a path (an
 * extreme, the chance that a barrier has not been met, a strike set on the way). Formulas hold
 * between dates too; of claims that look at dates alone, extremes and barriers are moved by
 * exp(+-0.5826 vol sqrt(dt)), 0.5826 = -zeta(1/2) / sqrt(2 pi) (Broadie, Glasserman, Kou 1997,
 * 1999). */
#ifndef FEL_HEDGE_BOOK_INTERNAL_H
#define FEL_HEDGE_BOOK_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/book_internal.h belongs to hedge/"
#endif

#include "core/cpu.h"
#include "hedge/hedge_internal.h"

enum { BOOK_CHUNK = 256, BOOK_MAX_PIECES = 12 };

#define BOOK_DATE_SHIFT 0.58259715793901068

/* ---- kernels; arrays of n doubles; delta and gamma are added to ------------------------------ */

/* scale x yield (normal N(sign d1) + sign density phi(d1) / s), d1 = (ln(S / strike) + carry t +
 * s^2 / 2) / s, s = vol sqrt(t); density is by the strike if over_strike. A call is normal 1,
 * density 0; a put normal -1, sign -1; cash density cash / strike; the asset 1, 1. */
typedef struct vanilla_job {
    size_t n;
    const double *spot;
    const double *variance; /* a year, >= 0 */
    const double *strikes;  /* NULL: strike for all */
    double strike, t_years, carry_t, yield;
    double scale, sign, normal, density;
    const double *weight; /* times this; NULL: 1 */
    double *delta, *gamma;
} vanilla_job;

/* scale x d/dS E[max(M, level)] or (sign -1) E[min(m, level)]. */
typedef struct extreme_job {
    size_t n;
    const double *spot, *variance, *level;
    double t_years, carry_t;
    double shift; /* level further off by exp(shift sqrt(variance)), the mean smaller by it; or 0 */
    double scale, sign;
    double *delta, *gamma;
} extreme_job;

/* What barrier options are made of: amplitude x (H/S)^k times the normal function, see
 * book_piece_kernel.c. */
typedef enum piece_kind {
    PIECE_DIRECT = 0,
    PIECE_MIRROR = 1,
    PIECE_HIT_FAR = 2,
    PIECE_HIT_NEAR = 3
} piece_kind;

typedef struct piece {
    piece_kind kind;
    int is_asset;     /* pays S, else cash */
    double amplitude; /* discounts not included */
    double level, beyond;
    int level_is_barrier; /* moves with the barrier */
} piece;

typedef struct piece_job {
    size_t n;
    const double *spot, *variance;
    const double *weight;
    const piece *piece;
    double barrier, t_years, rate_t, carry_t;
    double shift; /* ln barrier moves by shift sqrt(variance) */
    double scale;
    double *delta, *gamma;
} piece_job;

/* alive x= 1 - the chance that the barrier was met between two dates: exp(-2 a b / (variance dt)),
 * a and b the log distances of both prices; on dates alone (dt 0): met or not. */
typedef struct alive_job {
    size_t n;
    const double *spot_before, *spot, *variance;
    double barrier, sign; /* +1: trouble below */
    double dt_years;
    double *alive;
} alive_job;

typedef void book_vanilla_fn(const vanilla_job *job);
typedef void book_extreme_fn(const extreme_job *job);
typedef void book_piece_fn(const piece_job *job);
typedef void book_alive_fn(const alive_job *job);
book_vanilla_fn *book_vanilla_of(cpu_level level);
book_extreme_fn *book_extreme_of(cpu_level level);
book_piece_fn *book_piece_of(cpu_level level);
book_alive_fn *book_alive_of(cpu_level level);

/* ---- legs ------------------------------------------------------------------------------------ */

typedef struct book_leg book_leg;

/* Some paths at a date: all rows begin at the first of them. */
typedef struct leg_args {
    const book_leg *leg;
    const hedge_view *view;
    cpu_level level;
    size_t n;
    const double *spot, *spot_before; /* the latter NULL at date 0 */
    const double *variance;
    double *state; /* rows of the view's stride */
    double *delta, *gamma;
} leg_args;

typedef struct leg_class {
    const char *payoff;
    /* ERR_ARG where there is no formula: says why. Sets leg's own fields and n_state. */
    fel_status (*prepare)(const fel_hedge_problem *problem, book_leg *leg);
    void (*update)(const leg_args *args); /* state with the date's price; NULL: no state */
    void (*greeks)(const leg_args *args);
} leg_class;

struct book_leg {
    const leg_class *code;
    const fel_payoff *payoff;
    double scale; /* side x quantity */
    size_t n_state;
    double sign; /* +1 call, -1 put */
    double strike, cash;
    double normal, density; /* as in vanilla_job */
    double level, side;     /* barrier; +1: it is below */
    double low, high;       /* cliquets: least and greatest sum of returns */
    int on_dates;           /* looked at on dates alone */
    size_t period_dates;    /* forward start: its date; cliquet: dates of a period */
    size_t n_alive, n_dead; /* pieces while nothing has happened, and after */
    piece alive[BOOK_MAX_PIECES], dead[BOOK_MAX_PIECES];
};

/* A parameter by name, its default where the payoff has none of this name: those of the payoffs
 * that a leg is for are there. */
double leg_param(const book_leg *leg, const char *name);
/* Discounts and times of a date. */
typedef struct leg_times {
    double t_years, rate, carry; /* carry = rate - yield, a year */
    double discount, yield;      /* exp(-rate t), exp(-yield t) */
} leg_times;
leg_times leg_times_of(const hedge_view *view);

extern const leg_class leg_european, leg_cash_digital, leg_asset_digital; /* book_vanilla.c */
extern const leg_class leg_forward_start, leg_cliquet;                    /* book_reset.c */
extern const leg_class leg_lookback_fixed, leg_lookback_floating;         /* book_extreme.c */
extern const leg_class leg_barrier, leg_touch;                            /* book_barrier.c */
extern const leg_class leg_asian_geometric, leg_asian_arithmetic;         /* book_average.c */

/* ---- the book: book.c ------------------------------------------------------------------------ */

typedef struct hedge_book {
    const fel_hedge_problem *problem;
    cpu_level level;
    size_t n_legs, n_state;
    book_leg legs[FEL_HEDGE_MAX_CLAIMS];
} hedge_book;

/* ERR_ARG naming the claim that has no formula, and for whom. */
fel_status hedge_book_make(hedge_book *out, const fel_hedge_problem *problem, const char *who);

typedef struct hedge_book_args {
    const hedge_book *book;
    const hedge_view *view;
    size_t first, n;        /* paths of the view, at most BOOK_CHUNK */
    const double *variance; /* a year, of those paths: [n] */
    double *state;          /* n_state rows of the view's stride, from path 0 */
    double *delta, *gamma;  /* [n]; set */
} hedge_book_args;

/* Brings state to this date: once a date, before greeks. */
void hedge_book_update(const hedge_book_args *args);
void hedge_book_greeks(const hedge_book_args *args);

#endif
