/* core/gslquiet.h - GSL's error handler, turned off. */
#ifndef FEL_CORE_GSLQUIET_H
#define FEL_CORE_GSLQUIET_H

/* GSL ends the process on errors unless told not to, and can only be told for the whole process.
 * Call this before any GSL function that may fail; it acts once and is safe from any thread. */
void gsl_quiet(void);

#endif
