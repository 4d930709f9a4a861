/* feller/feller.h - everything: simulate, load, trade, score. Include this, or the parts you need.
 */
#ifndef FEL_FELLER_H
#define FEL_FELLER_H

#include <feller/activity.h>
#include <feller/adjust.h>
#include <feller/base.h>
#include <feller/calibrate.h>
#include <feller/calibration_run.h>
#include <feller/cost.h>
#include <feller/data.h>
#include <feller/dataset.h>
#include <feller/engine.h>
#include <feller/feature.h>
#include <feller/hedge.h>
#include <feller/hedge_train.h>
#include <feller/indicator.h>
#include <feller/indicator_table.h>
#include <feller/inference.h>
#include <feller/kfac.h>
#include <feller/loss.h>
#include <feller/market.h>
#include <feller/metric.h>
#include <feller/model.h>
#include <feller/montecarlo.h>
#include <feller/optimizer.h>
#include <feller/pathfeed.h>
#include <feller/paths.h>
#include <feller/portfolio.h>
#include <feller/price.h>
#include <feller/process.h>
#include <feller/report.h>
#include <feller/report_forecast.h>
#include <feller/report_hedge.h>
#include <feller/report_simulation.h>
#include <feller/risk.h>
#include <feller/strategies.h>
#include <feller/strategy.h>
#include <feller/study.h>
#include <feller/unroll.h>

#endif
