/* portfolio/portfolio_service.c - this module's functions as a table for strategies. */
#include <feller/portfolio.h>

static const char *last_error(void)
{
    return fel_last_error()->message;
}

const fel_portfolio_service fel_portfolio_functions = {
    .struct_size = (uint32_t)sizeof(fel_portfolio_functions),
    .covariance = fel_covariance,
    .check = fel_allocation_check,
    .allocate = fel_allocate,
    .period = fel_rebalance_period,
    .last_error = last_error,
};
