/* The few functions of string.h that are needed; there is no C library here. */

#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

size_t text_length(const char *text);

bool text_begins(const char *text, const char *with);

/* Where `part` begins in `text`, or NULL. */
const char *text_find(const char *text, const char *part);

/* The number that the text begins with; 0 where there is none. */
size_t text_number(const char *text);

/* Writes a number behind what is in `text`, which has room for it. */
void text_append_number(char *text, size_t number);

#endif
