/* core/version.h - the version, in this one place: the Makefile and feller.pc read it from here. */
#ifndef FEL_CORE_VERSION_H
#define FEL_CORE_VERSION_H

#define FEL_VERSION "0.1.0"

#endif
