/* core/utf8.h - whether bytes are UTF-8. */
#ifndef FEL_CORE_UTF8_H
#define FEL_CORE_UTF8_H

/* 1 if the whole text is UTF-8 (RFC 3629: no longer forms than needed, no halves of UTF-16 pairs,
 * nothing beyond U+10FFFF). */
int utf8_is_valid(const char *text);

#endif
