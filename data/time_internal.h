/* data/time_internal.h - stamps as text: which shapes there are, and reading one fast. */
#ifndef FEL_MODULE_DATA
#error "data/time_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_TIME_INTERNAL_H
#define FEL_DATA_TIME_INTERNAL_H

#include <feller/market.h>

typedef enum time_shape {
    TIME_SHAPE_NONE = 0,
    TIME_SHAPE_ISO,     /* 2020-04-20, 2020/4/20; a clock and an offset may follow */
    TIME_SHAPE_COMPACT, /* 20200420, 20200420 093000, 20200420093000 */
    TIME_SHAPE_NUMERIC, /* 20/4/2020, 04-20-20: needs an order */
    TIME_SHAPE_NAMED,   /* 20-Apr-20, Apr 20 2020, April 20, 2020 */
    TIME_SHAPE_EPOCH,   /* a count of units since 1970 */
    TIME_SHAPE_OF_DAY   /* milliseconds since midnight of a known day */
} time_shape;

typedef enum time_order { TIME_ORDER_UNKNOWN = 0, TIME_DMY, TIME_MDY } time_order;

/* How the stamps of one file look; every row must look the same. */
typedef struct time_format {
    time_shape shape;
    time_order order;   /* NUMERIC */
    int64_t unit_ns;    /* EPOCH, OF_DAY */
    int64_t base_days;  /* OF_DAY */
    uint8_t has_offset; /* an absolute instant: Z, +02:00, or EPOCH */
} time_format;

/* A stamp as written: the wall clock and, where it was given, wall clock minus UTC. */
typedef struct time_stamp {
    int64_t wall_ns;
    int64_t offset_ns;
    uint8_t has_offset;
} time_stamp;

typedef enum time_fault {
    TIME_FAULT_NONE = 0,
    TIME_FAULT_SHAPE,   /* not of this shape */
    TIME_FAULT_DATE,    /* no such day or hour */
    TIME_FAULT_RANGE,   /* outside 1678 .. 2261 */
    TIME_FAULT_OFFSET,  /* with an offset where the format has none, or the other way round */
    TIME_FAULT_SKIPPED, /* a wall-clock time that a clock change leaves out */
    TIME_FAULT_N
} time_fault;
const char *time_fault_text(time_fault fault);

/* The shape of one stamp; NONE if it is not a time. *format gets shape, unit and has_offset. */
time_shape time_shape_of(const char *text, size_t size, time_format *format);

/* Read a whole text as a stamp of this format. */
time_fault time_text_read(const time_format *format, const char *text, size_t size,
                          time_stamp *out);

/* "09:30", "9:30:00.5", "093000", "9:30 PM" as nanoseconds since midnight. */
time_fault time_clock_read(const char *text, size_t size, int64_t *ns);

/* The two numbers before the year of a NUMERIC date, for finding out their order. */
int time_numeric_parts(const char *text, size_t size, int *first, int *second);

/* Floor division: the day number of an instant or wall clock. */
static inline int64_t time_day_of(int64_t ns)
{
    const int64_t q = ns / FEL_NS_PER_DAY;
    return ns % FEL_NS_PER_DAY < 0 ? q - 1 : q;
}

#endif
