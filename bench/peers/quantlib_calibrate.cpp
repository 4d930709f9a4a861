// bench/peers/quantlib_calibrate.cpp - QuantLib's Levenberg-Marquardt on the surface of
// bench/bench_calibrate.c: a line in, one calibration, its seconds out; "values" prints kappa,
// theta, xi, rho, v0.
//
// usage: quantlib_calibrate SET START, SET mild or hard, START 0, 1 or 2. The engine is Andersen
// and Piterbarg's control variate with 64 Laguerre nodes; errors are price differences.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/math/optimization/levenbergmarquardt.hpp>
#include <ql/models/equity/hestonmodel.hpp>
#include <ql/models/equity/hestonmodelhelper.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/analytichestonengine.hpp>
#include <ql/processes/hestonprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>
#include <string>
#include <vector>

using namespace QuantLib;

namespace
{

struct Parameters {
    Real v0, kappa, theta, xi, rho;
};
const Parameters targets[] = {{0.04, 1.5, 0.06, 0.4, -0.7}, {0.03, 1.0, 0.04, 1.0, -0.8}};
const Parameters starts[] = {
    {0.1, 1.0, 0.1, 1.0, 0.0}, {0.02, 3.0, 0.02, 0.3, -0.3}, {0.2, 0.3, 0.2, 0.6, -0.9}};
const int days[] = {30, 61, 91, 183, 274, 365, 548, 730};

struct Market {
    Date today;
    Handle<YieldTermStructure> rate, yield;
    Handle<Quote> spot;
};

Market make_market()
{
    const Date today(15, January, 2024);
    Settings::instance().evaluationDate() = today;
    return {
        today,
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, 0.02, Actual365Fixed())),
        Handle<YieldTermStructure>(ext::make_shared<FlatForward>(today, 0.0, Actual365Fixed())),
        Handle<Quote>(ext::make_shared<SimpleQuote>(100.0))};
}

ext::shared_ptr<HestonModel> make_model(const Market &m, const Parameters &p)
{
    return ext::make_shared<HestonModel>(ext::make_shared<HestonProcess>(
        m.rate, m.yield, m.spot, p.v0, p.kappa, p.theta, p.xi, p.rho));
}

ext::shared_ptr<CalibrationHelper> make_helper(const Market &m, int d, Real strike, Real price,
                                               const ext::shared_ptr<PricingEngine> &engine)
{
    const Real t = d / 365.0, discount = m.rate->discount(t);
    const Real deviation = blackFormulaImpliedStdDev(Option::Call, strike, 100.0 / discount, price,
                                                     discount, 0.0, Null<Real>(), 1e-14, 200);
    const Handle<Quote> vol(ext::make_shared<SimpleQuote>(deviation / std::sqrt(t)));
    const auto helper =
        ext::make_shared<HestonModelHelper>(Period(d, Days), NullCalendar(), 100.0, strike, vol,
                                            m.rate, m.yield, BlackCalibrationHelper::PriceError);
    helper->setPricingEngine(engine);
    return helper;
}

/* Volatilities of the target's prices by adaptive integration, for an engine to be fitted. */
std::vector<ext::shared_ptr<CalibrationHelper>>
make_helpers(const Market &m, const Parameters &target,
             const ext::shared_ptr<PricingEngine> &engine)
{
    const auto exact = ext::make_shared<AnalyticHestonEngine>(
        make_model(m, target), AnalyticHestonEngine::AndersenPiterbarg,
        AnalyticHestonEngine::Integration::gaussLobatto(Null<Real>(), 1e-12, 1000000));
    std::vector<ext::shared_ptr<CalibrationHelper>> helpers;
    for (const int d : days) {
        for (int k = 0; k < 8; k++) {
            const Real strike = 80.0 + 40.0 * k / 7.0;
            VanillaOption option(ext::make_shared<PlainVanillaPayoff>(Option::Call, strike),
                                 ext::make_shared<EuropeanExercise>(m.today + d));
            option.setPricingEngine(exact);
            helpers.push_back(make_helper(m, d, strike, option.NPV(), engine));
        }
    }
    return helpers;
}

/* Seconds of one calibration from the initial point. */
double calibrate(HestonModel &model, const Array &initial,
                 const std::vector<ext::shared_ptr<CalibrationHelper>> &helpers)
{
    LevenbergMarquardt method(1e-8, 1e-8, 1e-8);
    model.setParams(initial);
    const auto before = std::chrono::steady_clock::now();
    model.calibrate(helpers, method, EndCriteria(400, 40, 1e-8, 1e-8, 1e-8));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
    return took.count();
}

const int passes = 5;

} // namespace

int main(int argc, char **argv)
{
    const int start = argc == 3 ? std::atoi(argv[2]) : -1;
    if (start < 0 || start > 2) {
        std::fprintf(stderr, "usage: quantlib_calibrate mild|hard 0|1|2\n");
        return 2;
    }
    const Market market = make_market();
    const Parameters &target = targets[std::strcmp(argv[1], "hard") == 0 ? 1 : 0];
    const auto model = make_model(market, starts[start]);
    const auto engine = ext::make_shared<AnalyticHestonEngine>(
        model, AnalyticHestonEngine::AndersenPiterbarg,
        AnalyticHestonEngine::Integration::gaussLaguerre(64));
    const auto helpers = make_helpers(market, target, engine);
    const Array initial = model->params();
    std::printf("ready\n");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "values") {
            const Real values[] = {model->kappa(), model->theta(), model->sigma(), model->rho(),
                                   model->v0()};
            for (const Real value : values) {
                std::printf("%.17g\n", value);
            }
            std::fflush(stdout);
            continue;
        }
        double best = HUGE_VAL;
        for (int i = 0; i < passes; i++) {
            best = std::min(best, calibrate(*model, initial, helpers));
        }
        std::printf("%.9g\n", best);
        std::fflush(stdout);
    }
    return 0;
}
