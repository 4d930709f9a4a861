/* core/core.h - what every module may use of core/: memory, money, sums, hashing, files, threads.
 *
 * Internal: included as "core/core.h" by any module; none of it is exported. */
#ifndef FEL_CORE_CORE_H
#define FEL_CORE_CORE_H

#include <feller/base.h>

#include "core/arena.h"
#include "core/array.h"
#include "core/cpu.h"
#include "core/gslquiet.h"
#include "core/hash.h"
#include "core/money.h"
#include "core/nearest.h"
#include "core/number.h"
#include "core/outfile.h"
#include "core/progress.h"
#include "core/rng.h"
#include "core/sum.h"
#include "core/text_out.h"
#include "core/threads.h"
#include "core/utf8.h"

#endif
