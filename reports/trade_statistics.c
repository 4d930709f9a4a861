/* reports/trade_statistics.c - what the closed trades have in common: win rate, profit factor,
 * streaks. */
#include <math.h>

#include "core/core.h"
#include "reports/trade_internal.h"

/* Sums over the trades of one direction, or of both. */
typedef struct trade_sums {
    double n, n_won, n_lost;
    fel_money pnl, fees, gained, lost;
    running_sum returns, days, bars, mae, mfe;
    double best, worst;
    size_t win_streak, loss_streak, longest_wins, longest_losses;
} trade_sums;

static void add_streak(trade_sums *s, double pnl)
{
    s->win_streak = pnl > 0.0 ? s->win_streak + 1 : 0;
    s->loss_streak = pnl < 0.0 ? s->loss_streak + 1 : 0;
    s->longest_wins = s->win_streak > s->longest_wins ? s->win_streak : s->longest_wins;
    s->longest_losses = s->loss_streak > s->longest_losses ? s->loss_streak : s->longest_losses;
}

static void add_trade(trade_sums *s, const fel_trade *t)
{
    const double pnl = fel_money_value(t->pnl);
    s->n += 1.0;
    s->pnl = money_add(s->pnl, t->pnl);
    s->fees = money_add(s->fees, t->fees);
    if (pnl > 0.0) {
        s->n_won += 1.0;
        s->gained = money_add(s->gained, t->pnl);
    } else if (pnl < 0.0) {
        s->n_lost += 1.0;
        s->lost = money_sub(s->lost, t->pnl);
    }
    running_add(&s->returns, t->return_fraction);
    running_add(&s->days, (double)(t->exit_time_ns - t->entry_time_ns) / (double)FEL_NS_PER_DAY);
    running_add(&s->bars, (double)t->exit_bar - (double)t->entry_bar);
    running_add(&s->mae, t->mae);
    running_add(&s->mfe, t->mfe);
    s->best = s->n > 1.0 ? fmax(s->best, pnl) : pnl;
    s->worst = s->n > 1.0 ? fmin(s->worst, pnl) : pnl;
    add_streak(s, pnl);
}

static double ratio(double a, double b)
{
    return b != 0.0 ? a / b : (double)NAN;
}
static double per_trade(const trade_sums *s, const running_sum *sum)
{
    return ratio(running_value(sum), s->n);
}

static double count_of(const trade_sums *s)
{
    return s->n;
}
static double win_rate_of(const trade_sums *s)
{
    return ratio(s->n_won, s->n);
}
static double profit_factor_of(const trade_sums *s)
{
    return ratio(fel_money_value(s->gained), fel_money_value(s->lost));
}
static double expectancy_of(const trade_sums *s)
{
    return ratio(fel_money_value(s->pnl), s->n);
}
static double total_of(const trade_sums *s)
{
    return fel_money_value(s->pnl);
}
static double fees_of(const trade_sums *s)
{
    return fel_money_value(s->fees);
}
static double average_win_of(const trade_sums *s)
{
    return ratio(fel_money_value(s->gained), s->n_won);
}
static double average_loss_of(const trade_sums *s)
{
    return ratio(-fel_money_value(s->lost), s->n_lost);
}
static double payoff_of(const trade_sums *s)
{
    return ratio(average_win_of(s), -average_loss_of(s));
}
static double best_of(const trade_sums *s)
{
    return s->n > 0.0 ? s->best : (double)NAN;
}
static double worst_of(const trade_sums *s)
{
    return s->n > 0.0 ? s->worst : (double)NAN;
}
static double average_return_of(const trade_sums *s)
{
    return per_trade(s, &s->returns);
}
static double days_of(const trade_sums *s)
{
    return per_trade(s, &s->days);
}
static double bars_of(const trade_sums *s)
{
    return per_trade(s, &s->bars);
}
static double mae_of(const trade_sums *s)
{
    return per_trade(s, &s->mae);
}
static double mfe_of(const trade_sums *s)
{
    return per_trade(s, &s->mfe);
}
static double wins_in_a_row_of(const trade_sums *s)
{
    return (double)s->longest_wins;
}
static double losses_in_a_row_of(const trade_sums *s)
{
    return (double)s->longest_losses;
}

static const struct {
    const char *name, *label, *convention;
    fel_metric_unit unit;
    double (*value)(const trade_sums *sums);
} rows[N_TRADE_STATS] = {
    {"n_trades", "Closed trades", "FIFO round trips, flips split at zero", FEL_UNIT_COUNT,
     count_of},
    {"win_rate", "Win rate", "trades with pnl > 0 / closed trades, fees included",
     FEL_UNIT_FRACTION, win_rate_of},
    {"profit_factor", "Profit factor", "sum of gains / sum of losses", FEL_UNIT_RATIO,
     profit_factor_of},
    {"expectancy", "Expectancy", "mean pnl a closed trade", FEL_UNIT_MONEY, expectancy_of},
    {"total_pnl", "Total P&L", "of closed trades, net of fees", FEL_UNIT_MONEY, total_of},
    {"total_fees", "Fees", "of closed trades, entry and exit pro rata by quantity", FEL_UNIT_MONEY,
     fees_of},
    {"average_win", "Average win", "mean pnl of trades with pnl > 0", FEL_UNIT_MONEY,
     average_win_of},
    {"average_loss", "Average loss", "mean pnl of trades with pnl < 0", FEL_UNIT_MONEY,
     average_loss_of},
    {"payoff_ratio", "Payoff ratio", "average win / |average loss|", FEL_UNIT_RATIO, payoff_of},
    {"best_trade", "Best trade", "largest pnl", FEL_UNIT_MONEY, best_of},
    {"worst_trade", "Worst trade", "smallest pnl", FEL_UNIT_MONEY, worst_of},
    {"average_return", "Average return", "mean of pnl / entry value", FEL_UNIT_FRACTION,
     average_return_of},
    {"average_days", "Average days held", "calendar days from entry to exit", FEL_UNIT_RATIO,
     days_of},
    {"average_bars", "Average bars held", "exit bar - entry bar", FEL_UNIT_RATIO, bars_of},
    {"average_mae", "Average MAE", "mean of the worst unrealised pnl while held, before fees",
     FEL_UNIT_MONEY, mae_of},
    {"average_mfe", "Average MFE", "mean of the best unrealised pnl while held, before fees",
     FEL_UNIT_MONEY, mfe_of},
    {"longest_wins", "Longest winning streak", "closed trades with pnl > 0 in a row, by exit",
     FEL_UNIT_COUNT, wins_in_a_row_of},
    {"longest_losses", "Longest losing streak", "closed trades with pnl < 0 in a row, by exit",
     FEL_UNIT_COUNT, losses_in_a_row_of},
};

void trade_statistics(const fel_trade *trades, size_t n, trade_stat out[N_TRADE_STATS])
{
    trade_sums all = {0}, of_long = {0}, of_short = {0};
    for (size_t i = 0; i < n; i++) {
        if (!trades[i].is_open) {
            add_trade(&all, &trades[i]);
            add_trade(trades[i].direction > 0 ? &of_long : &of_short, &trades[i]);
        }
    }
    for (size_t k = 0; k < N_TRADE_STATS; k++) {
        const trade_stat row = {
            rows[k].name,        rows[k].label,           rows[k].convention,       rows[k].unit,
            rows[k].value(&all), rows[k].value(&of_long), rows[k].value(&of_short),
        };
        out[k] = row;
    }
}
