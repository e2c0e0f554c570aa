#include "text.h"

size_t text_length(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0')
        length++;
    return length;
}

bool text_begins(const char *text, const char *with)
{
    while (*with != '\0')
        if (*text++ != *with++)
            return false;
    return true;
}

const char *text_find(const char *text, const char *part)
{
    for (; *text != '\0'; text++)
        if (text_begins(text, part))
            return text;
    return NULL;
}

size_t text_number(const char *text)
{
    size_t number = 0;

    while (*text >= '0' && *text <= '9')
        number = 10 * number + (size_t)(*text++ - '0');
    return number;
}

void text_append_number(char *text, size_t number)
{
    if (number >= 10)
        text_append_number(text, number / 10);
    text += text_length(text);
    text[0] = (char)('0' + number % 10);
    text[1] = '\0';
}
