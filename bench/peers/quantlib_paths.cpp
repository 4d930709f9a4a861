// bench/peers/quantlib_paths.cpp - QuantLib's path generator on the Heston process of
// bench/bench_sim_peers.c: a line in, N_PATHS paths of N_STEPS steps, the seconds out.
//
// usage: quantlib_paths SET SCHEME, SET mild or hard, SCHEME one of the table below.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>

#include <ql/math/randomnumbers/rngtraits.hpp>
#include <ql/methods/montecarlo/multipathgenerator.hpp>
#include <ql/processes/hestonprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

using namespace QuantLib;

namespace {

constexpr Size n_steps = 252, n_paths = 1000; // as in bench/bench_sim_peers.c

const std::map<std::string, HestonProcess::Discretization> schemes = {
    {"euler", HestonProcess::FullTruncation},
    {"qe", HestonProcess::QuadraticExponential},
    {"qe_m", HestonProcess::QuadraticExponentialMartingale},
};

struct Parameters {
    Real v0, kappa, theta, xi, rho;
};
const std::map<std::string, Parameters> sets = {
    {"mild", {0.04, 1.0, 0.04, 0.2, -0.7}},
    {"hard", {0.04, 0.5, 0.04, 1.0, -0.9}},
};

ext::shared_ptr<HestonProcess> make_process(const Parameters &p, HestonProcess::Discretization d)
{
    const Date today(1, January, 2024);
    Settings::instance().evaluationDate() = today;
    const Handle<YieldTermStructure> flat(
        ext::make_shared<FlatForward>(today, 0.0, Actual365Fixed()));
    const Handle<Quote> spot(ext::make_shared<SimpleQuote>(100.0));
    return ext::make_shared<HestonProcess>(flat, flat, spot, p.v0, p.kappa, p.theta, p.xi, p.rho,
                                           d);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3 || sets.count(argv[1]) == 0 || schemes.count(argv[2]) == 0) {
        std::fprintf(stderr, "usage: quantlib_paths SET SCHEME\n");
        return 2;
    }
    const auto process = make_process(sets.at(argv[1]), schemes.at(argv[2]));
    const auto normals =
        PseudoRandom::make_sequence_generator(process->factors() * n_steps, 20240229);
    MultiPathGenerator<PseudoRandom::rsg_type> generator(process, TimeGrid(1.0, n_steps), normals,
                                                         false);
    std::printf("ready\n");
    std::fflush(stdout);
    std::string line;
    Real total = 0.0;
    while (std::getline(std::cin, line)) {
        const auto start = std::chrono::steady_clock::now();
        for (Size i = 0; i < n_paths; i++) {
            total += generator.next().value[0].back();
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::printf("%.9f\n", took.count());
        std::fflush(stdout);
    }
    return total > 0.0 ? 0 : 1;
}
