/* study/study_paths_internal.h - a study run on many paths: what is kept of each, and what is said
 * of all. */
#ifndef FEL_STUDY_PATHS_H
#define FEL_STUDY_PATHS_H

#ifndef FEL_MODULE_STUDY
#error "study/study_paths_internal.h belongs to study/"
#endif

#include "core/interval.h"
#include "study/study_run_internal.h"

/* Numbers kept of each path, computed as the report of a single run computes them. */
typedef enum path_score {
    PATH_FINAL_EQUITY = 0,
    PATH_TOTAL_RETURN,
    PATH_VOLATILITY,
    PATH_SHARPE,
    PATH_DRAWDOWN,
    PATH_TURNOVER,
    PATH_COSTS,
    PATH_TRADES,
    PATH_N_SCORES
} path_score;

/* How the scores of one result are worked out; shared by threads. */
typedef struct score_rules {
    double periods_per_year;
    fel_metric_options options;
    const fel_metric_class *metrics[PATH_N_SCORES]; /* NULL: not a metric of returns */
    int counts_trades;                              /* fills are recorded */
} score_rules;
fel_status path_rules_make(score_rules *out, const fel_study *study, double periods_per_year,
                           int counts_trades);
/* equity has room for all points of the result, returns too. scores[k x stride]. */
fel_status path_score_all(const score_rules *rules, const fel_result *result, double *equity,
                          double *returns, double *scores, size_t stride);
/* Name, label, convention and unit of a score; the convention may be made in `memory`. */
fel_status path_score_describe(path_score score, const score_rules *rules, arena *memory,
                               fel_report_distribution *out);

/* A strategy on all paths: the study's, and what it is compared with. */
typedef struct path_account {
    const fel_strategy *strategy;
    const double *params;
    double *scores; /* PATH_N_SCORES x n_asked */
    double *equity; /* n_times x n_asked; NULL: not kept */
} path_account;

enum { PATH_MOST_ACCOUNTS = 2 };

typedef struct path_runs {
    size_t n_asked, n_done; /* the first n_done paths ran to their end */
    path_account accounts[PATH_MOST_ACCOUNTS];
    size_t n_accounts;
    uint8_t *is_done;
    uint32_t *flags;                      /* FEL_FLAG_*, of the study's strategy */
    char (*order_hashes)[HASH_TEXT_SIZE]; /* of the same */
    int64_t *times;                       /* instants at which equity is kept */
    size_t n_times;
    score_rules rules;
    char order_hash[HASH_TEXT_SIZE]; /* of the order hashes of all that ran */
    arena memory;                    /* of the report */
    fel_montecarlo_report report;
} path_runs;

/* Run the study on its paths 0 .. n-1. ERR_STOPPED if the stop flag left none. */
fel_status path_runs_make(path_runs *out, const fel_study *study, const dataset *data,
                          const fel_run_options *options);
void path_runs_clear(path_runs *runs);

/* Distributions over the paths that ran, fans, notable paths: the numbers of the report. */
fel_status path_report_fill(path_runs *runs, const study_values *values);
/* A fan's quantiles and histograms, on threads. */
fel_status path_fans_fill(path_runs *runs, int n_threads);
/* Memory of the report; ERR_NOMEM. *out is a pointer of any type. */
fel_status path_room_for(path_runs *runs, size_t n, size_t size, void *out);

/* Levels of all quantiles, and the place of each in n sorted values with its interval. */
enum { PATH_N_LEVELS = 7 };
extern const double path_levels[PATH_N_LEVELS];
typedef struct path_ranks {
    quantile_places places[PATH_N_LEVELS];
    double confidence;
    size_t n;
} path_ranks;
path_ranks path_ranks_of(size_t n, double confidence);
/* Quantile of sorted values by linear interpolation between order statistics, as numpy's. */
double path_quantile(const double *sorted, size_t n, double level);
int path_by_value(const void *a, const void *b);

/* Instants of the fan chart: the start and at most so many days' ends. */
fel_status path_times_make(path_runs *runs, const dataset *data, size_t n_most);

#endif
