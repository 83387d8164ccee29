/* SPDX-License-Identifier: MIT */
/* Names and types of keywords. */
#include <stdio.h>
#include <string.h>

#include "ecl_internal.h"

static const struct {
    char name[5];
    uint8_t type;
    uint16_t width;
} types[] = {
    {"INTE", BW_ECL_INTE, 4}, {"REAL", BW_ECL_REAL, 4}, {"DOUB", BW_ECL_DOUB, 8},
    {"LOGI", BW_ECL_LOGI, 4}, {"CHAR", BW_ECL_CHAR, 8}, {"MESS", BW_ECL_MESS, 0},
};

void bw__ecl_set_name(bw_ecl_keyword *keyword, const uint8_t *text, size_t len)
{
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == 0)) {
        len--;
    }
    if (len > BW_ECL_NAME_MAX) {
        len = BW_ECL_NAME_MAX;
    }
    for (size_t i = 0; i < len; i++) {
        keyword->name[i] = text[i] >= 0x20 && text[i] < 0x7f ? (char)text[i] : '?';
    }
    keyword->name[len] = '\0';
}

bool bw__ecl_set_type(bw_ecl_keyword *keyword, const uint8_t text[4])
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (memcmp(text, types[i].name, 4) == 0) {
            keyword->type = types[i].type;
            keyword->width = types[i].width;
            return true;
        }
    }
    /* C0nn, and Cnnn for strings of a hundred bytes and more */
    if (text[0] == 'C') {
        uint32_t width = 0;
        for (int i = 1; i < 4; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
            width = width * 10 + (uint32_t)(text[i] - '0');
        }
        keyword->type = BW_ECL_CHAR;
        keyword->width = (uint16_t)width;
        return width > 0;
    }
    return false;
}

void bw_ecl_type_name(const bw_ecl_keyword *keyword, char out[5])
{
    if (keyword->type == BW_ECL_CHAR && keyword->width != 8) {
        snprintf(out, 5, "C%03u", (unsigned)keyword->width % 1000u);
        return;
    }
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (types[i].type == keyword->type) {
            memcpy(out, types[i].name, 5);
        }
    }
}

void bw_ecl_index_free(bw_ctx *ctx, bw_ecl_index *index)
{
    bw_release(ctx, index->keywords);
    *index = (bw_ecl_index){0};
}
