/* data/layout_internal.h - what the columns of a file mean and when its rows are known: the plan
 * that every row is read by, made from the head of the file and the options. */
#ifndef FEL_MODULE_DATA
#error "data/layout_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_LAYOUT_INTERNAL_H
#define FEL_DATA_LAYOUT_INTERNAL_H

#include <feller/data.h>

#include "data/csv_rows_internal.h"
#include "data/time_internal.h"
#include "data/zone_internal.h"

typedef enum csv_role {
    ROLE_TIME = 0,
    ROLE_CLOCK, /* time of day in a column of its own */
    ROLE_END,   /* when the bar ends; what fel_csv_write adds where lengths differ */
    ROLE_SYMBOL,
    ROLE_OPEN,
    ROLE_HIGH,
    ROLE_LOW,
    ROLE_CLOSE,
    ROLE_VOLUME,
    ROLE_BID,
    ROLE_ASK,
    ROLE_BID_SIZE,
    ROLE_ASK_SIZE,
    ROLE_DIVIDEND,
    ROLE_SPLIT,
    ROLE_GAIN,  /* capital gains paid out by a fund: cash like a dividend */
    ROLE_PRICE, /* of a trade, of a level of a book */
    ROLE_QUANTITY,
    ROLE_SIDE,    /* of the taker; of the book */
    ROLE_MAKER,   /* is the buyer the maker? */
    ROLE_FLAGS,   /* of depth */
    ROLE_FUNDING, /* rate of a perpetual */
    ROLE_MARK,    /* price that it is reckoned from */
    ROLE_N
} csv_role;
enum { NO_COLUMN = -1, CSV_MOST_FIELDS = 1024, CSV_NAME_SIZE = 32 };

/* Which rules a value obeys. */
typedef enum value_rule {
    VALUE_PRICE = 0, /* finite, positive unless allowed */
    VALUE_AMOUNT,    /* volume, size: not negative; NaN where empty */
    VALUE_SIGNAL,    /* anything finite; NaN where empty or "nan" */
    VALUE_ACTION,    /* dividend, split: not negative; 0 where empty */
    VALUE_SIDE,      /* buy or bid: 1; sell or ask: -1 */
    VALUE_MAKER,     /* true: the taker sells, -1; false: 1 */
    VALUE_RATE       /* a finite number */
} value_rule;

typedef struct csv_value {
    uint32_t column; /* of the file */
    uint32_t target; /* of the table */
    value_rule rule;
} csv_value;

/* Where a table keeps the values of corporate actions, behind those of the series. */
enum {
    CSV_DIVIDEND = FEL_MAX_COLUMNS,
    CSV_SPLIT,
    CSV_GAIN,
    CSV_PRICE_FACTOR, /* what prices up to this row count times in adjusted ones: dividends, ... */
    CSV_SPLIT_FACTOR, /* ... and splits; actions are the changes to the next row's */
    CSV_REFERENCE,    /* close of the row's day */
    CSV_MOST_VALUES
};

/* What a row without prices is. */
typedef enum missing_rule {
    MISSING_IS_BAD = 0,
    MISSING_ALL_EMPTY, /* yahoo: all prices empty or null: the day is missing */
    MISSING_DOT,       /* fred: "." or empty */
    MISSING_ONE_SIDE   /* lean quotes: no bid or no ask yet */
} missing_rule;

/* How the stamp of a row becomes the span that the row covers. */
typedef enum place_unit { PLACE_INSTANT = 0, PLACE_DAYS, PLACE_MONTHS } place_unit;
typedef struct csv_place {
    place_unit unit;
    int count;           /* days or months that a row covers */
    uint8_t at_end;      /* the stamp is the end of the span, not its beginning */
    uint8_t to_zone;     /* absolute stamps are read as wall clocks of the zone */
    uint8_t has_session; /* from session_open to session_close, not the whole day */
    uint8_t varies;      /* spans have different lengths: rows need their open instants */
    uint8_t seven_days;  /* Saturdays or Sundays have rows */
    int64_t session_open_ns, session_close_ns; /* since local midnight */
    int64_t length_ns;                         /* nominal; 0 for instants without length */
    zone_table *zone;
} csv_place;

typedef struct layout_class layout_class;

typedef struct csv_plan {
    const layout_class *layout;
    fel_data_kind kind;
    fel_adjustment adjustment;
    missing_rule missing;
    char delimiter;
    uint8_t allow_negative;
    uint8_t no_gaps;   /* a gap is an error */
    uint8_t one_price; /* open, high and low are the close */
    uint32_t n_fields;
    uint32_t skip_rows; /* header */
    int32_t column_of[ROLE_N];
    uint32_t n_columns; /* of the series */
    uint32_t n_values;
    csv_value values[CSV_MOST_VALUES];
    char columns[FEL_MAX_COLUMNS][FEL_COLUMN_NAME_SIZE]; /* of a signal */
    char (*names)[CSV_NAME_SIZE];                        /* of the file's columns, for messages */
    double divisor;        /* prices are written as whole multiples of 1 / divisor; else 1 */
    double ticks_per_unit; /* declared; 0: found out */
    time_format format;
    char time_sample[CSV_NAME_SIZE];
    csv_place place;
    char zone_name[FEL_ZONE_SIZE];
    char symbol[FEL_SYMBOL_SIZE]; /* of a file with one series; panels: the only one to keep, or ""
                                   */
} csv_plan;

/* The head of a file, taken apart, and everything else that tells what it is. */
typedef struct layout_head {
    const char *path, *entry; /* entry: name inside an archive, or "" */
    const fel_csv_options *options;
    const char *bytes;
    size_t size;
    int is_whole; /* the file ends here */
    char delimiter;
    csv_rows rows;
} layout_head;

/* One kind of file. */
struct layout_class {
    fel_layout_row row;
    int (*detect)(const layout_head *head);
    fel_status (*arrange)(const layout_head *head, csv_plan *plan);
};
extern const layout_class layout_classes[];
extern const size_t n_layout_classes;

/* Make the plan. Errors name the file. Clear it also after a failure; zero-initialise before. */
fel_status csv_plan_make(csv_plan *plan, layout_head *head);
void csv_plan_clear(csv_plan *plan);

/* Fields of the head's rows. */
static inline const csv_field *layout_field(const layout_head *head, size_t row, size_t column)
{
    return &head->rows.fields[head->rows.rows[row].first_field + column];
}
static inline size_t layout_width(const layout_head *head, size_t row)
{
    return row < head->rows.n_rows ? head->rows.rows[row].n_fields : 0;
}

/* For "%.*s": a field's size, at most `most`. */
static inline int layout_clip(uint32_t size, int most)
{
    return size < (uint32_t)most ? (int)size : most;
}

extern const char *const layout_role_names[ROLE_N]; /* the words of a map */

/* layout_header.c: find columns by what they are called in row 0, in any case. */
void layout_name_of(const csv_field *field, char *name, size_t size);
int32_t layout_find_name(const layout_head *head, size_t row, const char *name);
void layout_find_roles(const layout_head *head, size_t row, int32_t column_of[ROLE_N]);
int layout_has_time_and(const layout_head *head, csv_role role);
/* Roles from row 0, a header with a time; ERR_FORMAT if it names none. */
fel_status layout_take_header(const layout_head *head, csv_plan *plan);

/* layout_place.c: the stamps' format, the step between them, and so the span of each row. */
fel_status layout_place(const layout_head *head, csv_plan *plan);
fel_status layout_read_format(const layout_head *head, csv_plan *plan);

/* csv_place.c: from a stamp to the wall clock, the beginning and the end of its row. */
time_fault csv_place_row(const csv_place *place, const time_stamp *stamp, int64_t *wall_ns,
                         int64_t *open_ns, int64_t *close_ns);
/* Stamp of one row: one or two columns. */
time_fault csv_stamp_read(const csv_plan *plan, const csv_field *fields, time_stamp *stamp);
/* The other instant that shows the same wall clock, when clocks were put back; utc_ns if none. */
int64_t csv_place_second(const csv_place *place, int64_t utc_ns);

#endif
