// bench/peers/quantlib_price.cpp - QuantLib's analytic Heston engine on the 64 options of
// bench/bench_price.c: a line in, one pass over the options, its seconds out; "values" prints the
// prices.
//
// usage: quantlib_price SET ENGINE, SET mild or hard, ENGINE one of the table below.
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <ql/instruments/vanillaoption.hpp>
#include <ql/models/equity/hestonmodel.hpp>
#include <ql/pricingengines/vanilla/analytichestonengine.hpp>
#include <ql/pricingengines/vanilla/exponentialfittinghestonengine.hpp>
#include <ql/processes/hestonprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

using namespace QuantLib;

namespace {

using ModelPtr = ext::shared_ptr<HestonModel>;
using EnginePtr = ext::shared_ptr<PricingEngine>;

const std::map<std::string, std::function<EnginePtr(const ModelPtr &)>> engines = {
    {"laguerre_64",
     [](const ModelPtr &model) {
         return ext::make_shared<AnalyticHestonEngine>(
             model, AnalyticHestonEngine::AndersenPiterbarg,
             AnalyticHestonEngine::Integration::gaussLaguerre(64));
     }},
    {"default_144",
     [](const ModelPtr &model) { return ext::make_shared<AnalyticHestonEngine>(model, 144); }},
    {"exponential_fitting",
     [](const ModelPtr &model) { return ext::make_shared<ExponentialFittingHestonEngine>(model); }},
    {"adaptive",
     [](const ModelPtr &model) {
         return ext::make_shared<AnalyticHestonEngine>(
             model, AnalyticHestonEngine::AndersenPiterbarg,
             AnalyticHestonEngine::Integration::gaussLobatto(Null<Real>(), 1e-10, 100000));
     }},
};

// Months and strikes as in bench/bench_price.c; maturities are whole days of a 365-day year.
const int days[] = {30, 61, 91, 183, 274, 365, 548, 730};

std::vector<ext::shared_ptr<VanillaOption>> make_options(const Date &today)
{
    std::vector<ext::shared_ptr<VanillaOption>> options;
    for (const int d : days) {
        for (int k = 0; k < 8; k++) {
            const Real strike = 80.0 + 40.0 * k / 7.0;
            options.push_back(ext::make_shared<VanillaOption>(
                ext::make_shared<PlainVanillaPayoff>(Option::Call, strike),
                ext::make_shared<EuropeanExercise>(today + d)));
        }
    }
    return options;
}

ModelPtr make_model(const Date &today, bool is_hard)
{
    const Handle<YieldTermStructure> rate(
        ext::make_shared<FlatForward>(today, 0.02, Actual365Fixed()));
    const Handle<YieldTermStructure> yield(
        ext::make_shared<FlatForward>(today, 0.0, Actual365Fixed()));
    const Handle<Quote> spot(ext::make_shared<SimpleQuote>(100.0));
    const auto process =
        is_hard ? ext::make_shared<HestonProcess>(rate, yield, spot, 0.03, 1.0, 0.04, 1.0, -0.8)
                : ext::make_shared<HestonProcess>(rate, yield, spot, 0.04, 1.5, 0.06, 0.4, -0.7);
    return ext::make_shared<HestonModel>(process);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3 || engines.find(argv[2]) == engines.end()) {
        std::fprintf(stderr, "usage: quantlib_price mild|hard ENGINE\n");
        return 2;
    }
    const Date today(15, January, 2024);
    Settings::instance().evaluationDate() = today;
    const ModelPtr model = make_model(today, std::strcmp(argv[1], "hard") == 0);
    const EnginePtr engine = engines.at(argv[2])(model);
    const auto options = make_options(today);
    std::vector<Real> prices(options.size());
    for (const auto &option : options) {
        option->setPricingEngine(engine);
    }
    std::printf("ready\n");
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < options.size(); i++) {
            options[i]->recalculate();
            prices[i] = options[i]->NPV();
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        if (line == "values") {
            for (const Real price : prices) {
                std::printf("%.17g\n", price);
            }
        } else {
            std::printf("%.9g\n", took.count());
        }
        std::fflush(stdout);
    }
    return 0;
}
