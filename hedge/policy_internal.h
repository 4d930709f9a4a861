/* hedge/policy_internal.h - steps of making a policy. */
#ifndef FEL_HEDGE_POLICY_INTERNAL_H
#define FEL_HEDGE_POLICY_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/policy_internal.h belongs to hedge/"
#endif

#include "hedge/pass_internal.h"

/* Scales of columns and of the running P&L from the problem's pilot paths: policy_scale.c. */
fel_status policy_scale(fel_policy *policy);

#endif
