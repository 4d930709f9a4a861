# Payoffs by simulated paths: seconds are left out, all else is the same on any machine.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
price()
{
    feller price "$@" | grep -v '^paths'
}
price heston --t-years 1 --payoff barrier --strike 95 --set barrier=85 --set monitoring=dates \
    --dates 12 --control european,spot --paths 20000
price gbm --t-years 0.5 --payoff asian_arithmetic --right put --draws sobol --dates 16 --paths 16384 \
    --control geometric --threads 3
price gbm --t-years 1 --payoff lookback_floating --right put --dates 4 --antithetic --paths 20000
price merton --t-years 1 --payoff cash_digital --set cash=10 --moment-matching --paths 40960 --seed 7
feller price gbm --t-years 1 --payoff touch --set level=90 --json --paths 1000 |
    sed 's/: [0-9.e-]*\([,}]\)/: N\1/g'

refuses 'did you mean "barrier"?' feller price gbm --t-years 1 --payoff barier
refuses 'needs --t-years' feller price gbm --payoff barrier
refuses 'no --payoff' feller price gbm --t-years 1 --paths 100 --strike 100
refuses '--strike: touch: no parameter "strike"' feller price gbm --t-years 1 --payoff touch --strike 90
refuses '"maybe" is not one of in|out' feller price gbm --t-years 1 --payoff touch --set knock=maybe
refuses 'is not PARAM=VALUE' feller price gbm --t-years 1 --payoff touch --set knock
refuses 'no file, --greeks' feller price gbm --t-years 1 --payoff european --greeks
refuses 'no "spots": spot, european, geometric' feller price gbm --t-years 1 --payoff european --control spots
refuses 'under gbm' feller price heston --t-years 1 --payoff asian_arithmetic --control geometric
refuses 'at most 21201' feller price gbm --t-years 1 --payoff european --draws sobol --dates 30000
refuses 'callback is for programs' feller price gbm --t-years 1 --payoff callback
