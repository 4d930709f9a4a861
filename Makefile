# Everything is built under build/$(MODE); nothing is written beside the sources.
MODE    ?= release
CC      ?= cc
CXX     ?= c++
MODULES := core data sim losses models engine strategies reports study
OUT     := build/$(MODE)

PACKAGES := gsl hdf5 openblas libarchive icu-i18n icu-uc yaml-0.1 jansson libxxhash libdeflate
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv

STD     := -std=c17 -D_GNU_SOURCE
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion \
           -Wcast-qual -Wcast-align -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
           -Wold-style-definition -Wpointer-arith -Wwrite-strings -Wundef -Wvla -Wswitch-enum \
           -Wredundant-decls -Wnull-dereference
OPT_release := -O2 -g -ffp-contract=off
OPT_debug   := -Og -g3 -ffp-contract=off
OPT_asan    := -O1 -g -ffp-contract=off -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer
OPT_tsan    := -O1 -g -ffp-contract=off -fsanitize=thread
OPT_cov     := -O0 -g -ffp-contract=off --coverage
CFLAGS  ?= $(OPT_$(MODE))
LDLIBS  := $(PKG_LIBS) -lm -ldl -fopenmp
FLAGS    = $(STD) $(WARN) $(WERROR) -I. -Iinclude $(PKG_CFLAGS) -fopenmp -fPIC \
           -fvisibility=hidden -MMD -MP $(CFLAGS)

src      = $(sort $(wildcard $(1)/*.c))
objs     = $(patsubst %.c,$(OUT)/%.o,$(call src,$(1)))
LIB_OBJS := $(foreach m,$(MODULES),$(call objs,$(m)))
CLI_OBJS := $(call objs,cli)
TEST_SRC := $(sort $(wildcard tests/support/*.c tests/unit/*/*.c tests/property/*.c tests/oracle/*.c))
TEST_OBJS := $(patsubst %.c,$(OUT)/%.o,$(TEST_SRC))
PLUGINS  := $(patsubst %.c,$(OUT)/%.so,$(sort $(wildcard strategies/strategy_*.c)))

.PHONY: all lib unit clean help
.DEFAULT_GOAL := all

## all: the library, the command and the plug-ins
all: $(OUT)/libfeller.a $(OUT)/libfeller.so $(OUT)/feller $(PLUGINS)

lib: $(OUT)/libfeller.a

# A file of module M may include M's internal header (M/M_internal.h), and no other's.
define module_rules
$(OUT)/$(1)/%.o: $(1)/%.c
	@mkdir -p $$(@D)
	$$(CC) $$(FLAGS) -DFEL_MODULE_$(shell echo $(1) | tr a-z A-Z) -DFEL_BUILTIN -c $$< -o $$@
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$(m))))

$(OUT)/cli/%.o: cli/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c $< -o $@
$(OUT)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c $< -o $@

$(OUT)/libfeller.a: $(LIB_OBJS)
	@rm -f $@
	$(AR) rcs $@ $^
$(OUT)/libfeller.so: $(LIB_OBJS)
	$(CC) $(CFLAGS) -shared -Wl,-soname,libfeller.so.0 $^ -o $@ $(LDLIBS)
$(OUT)/feller: $(CLI_OBJS) $(OUT)/libfeller.a
	$(CC) $(CFLAGS) -rdynamic $^ -o $@ $(LDLIBS)
$(OUT)/strategies/%.so: strategies/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -shared $< -o $@
$(OUT)/feller-tests: $(TEST_OBJS) $(OUT)/libfeller.a
	$(CC) $(CFLAGS) -rdynamic $^ -o $@ -lcunit $(LDLIBS)

## unit: build and run the unit tests only (TESTS=word runs suites whose name has it)
unit: $(OUT)/feller-tests
	$(OUT)/feller-tests $(TESTS)

clean:
	$(RM) -r build

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

-include $(LIB_OBJS:.o=.d) $(CLI_OBJS:.o=.d) $(TEST_OBJS:.o=.d)
